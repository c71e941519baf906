/**
 * A transform for asc that adds probes: the module reports each call of the functions below to its
 * host, with arguments and result. The simulator needs it, because system calls do not show in
 * which order the guest closes clients in a tick, and those of a component show even less, since it
 * reads ahead.
 *
 * The probed function itself does not change: it is renamed, and a new function with the old name
 * calls it.
 */
import binaryen from "assemblyscript/binaryen";
import { Transform } from "assemblyscript/transform";

const MODULE = "probe";
const SELECT = /^assembly\/selectors\/\w+\/\w+Selector<assembly\/loop\/loop\/Handler>#select$/;

/** The probes that report after a call, by asc's function names. */
const AFTER = new Map([
  ["assembly/wasi/socket/listen", "listen"],
  ["assembly/wasi/socket/accept", "accept"],
  ["assembly/wasi/socket/recv", "recv"],
  ["assembly/wasi/socket/send", "send"],
  ["assembly/wasi/socket/sendVector", "send several"],
  ["assembly/wasi/socket/close", "close"],
  ["assembly/wasi/socket/closeLeaving", "close"],
  ["assembly/wasi/stdio/readStdin", "read stdin"],
]);
const LOOP = "assembly/loop/loop/Loop";
const CONNECTION = "assembly/net/connection/connection/Connection";
const INPUT = "assembly/net/connection/connection_input/ConnectionInput";
const ROOM = "assembly/chat/rooms/room/Room";
const ANNOUNCEMENTS = "assembly/chat/rooms/pending_announcements/PendingAnnouncements";
const SESSION = "assembly/chat/session/session/Session";
/** The probes that report after a function of the chat. */
const CHAT_AFTER = new Map([
  ["assembly/net/connection/connection_set/ConnectionSet#add", "adds"],
  [`${INPUT}#constructor`, "listens"],
  ["assembly/chat/calendar_clock/CalendarClock#get:milliseconds", "calendar"],
  ["assembly/chat/calendar_clock/newEpoch", "epoch"],
  ["assembly/chat/users/guest_names/GuestNames#nameFor", "names"],
  [`${ROOM}#constructor`, "opens room"],
  [`${ANNOUNCEMENTS}#constructor`, "counts announcements"],
  [`${SESSION}#onLine`, "dealt"],
  [`${SESSION}#onLongLine`, "dealt"],
]);
const CHAT_BEFORE = new Map([
  [`${LOOP}#tick`, "tick"],
  [`${LOOP}#dispatch`, "dispatch"],
  ["assembly/chat/delivery/delivery_round/DeliveryRound#deliverWritten", "delivers"],
  [`${CONNECTION}#onExpected`, "expected"],
  [`${CONNECTION}#close`, "closes"],
  [`${INPUT}#takeTurn`, "turn"],
  [`${INPUT}#waitForTurn`, "waits"],
  [`${INPUT}#holdLines`, "holds"],
  [`${INPUT}#chargeTokens`, "charges"],
  [`${SESSION}#onLine`, "line"],
  [`${SESSION}#onLongLine`, "long line"],
  [`${SESSION}#onTelnet`, "telnet"],
  [`${SESSION}#onAreYouThere`, "are you there"],
  [`${SESSION}#onFlood`, "flood"],
  [`${ANNOUNCEMENTS}#run`, "announces"],
  [`${SESSION}#onIdle`, "idle"],
  [`${SESSION}#onBackpressure`, "pressure"],
]);

export default class Probes extends Transform {
  /** @param {import("assemblyscript/binaryen").default.Module} module */
  afterCompile(module) {
    const names = Array.from({ length: module.getNumFunctions() }, (_, index) => {
      return binaryen.getFunctionInfo(module.getFunctionByIndex(index)).name;
    });
    for (const name of [...CHAT_BEFORE.keys(), ...CHAT_AFTER.keys()]) {
      if (!names.includes(name)) throw new Error(`there is no function ${name} to probe`);
    }
    const selectors = names.filter((name) => SELECT.test(name));
    for (const name of selectors) probe(module, name, "select begins", "select ends");
    for (const name of names) {
      const after = AFTER.get(name) ?? CHAT_AFTER.get(name);
      const before = CHAT_BEFORE.get(name);
      if (after !== undefined || before !== undefined) probe(module, name, before, after);
    }
    if (selectors.length === 0) throw new Error("no selector of handlers is compiled");
  }
}

/**
 * @param {binaryen.Module} module
 * @param {string} name
 * @param {string | undefined} before the probe that reports the arguments, before the call
 * @param {string | undefined} after the probe that reports arguments and result, after the call
 */
function probe(module, name, before, after) {
  const info = binaryen.getFunctionInfo(module.getFunction(name));
  const { params, results, vars, body } = info;
  const types = binaryen.expandType(params);
  const inner = `${name}~probed`;
  module.removeFunction(name);
  module.addFunction(inner, params, results, vars, body);
  const values = () => types.map((type, index) => module.local.get(index, type));
  const hasResult = results !== binaryen.none;
  const result = types.length;
  const call = module.call(inner, values(), results);
  const steps = [hasResult ? module.local.set(result, call) : call];
  if (before !== undefined) {
    steps.unshift(module.call(imported(module, before, types), values(), binaryen.none));
  }
  if (after !== undefined) {
    const told = hasResult ? [...values(), module.local.get(result, results)] : values();
    const toldTypes = hasResult ? [...types, results] : types;
    steps.push(module.call(imported(module, after, toldTypes), told, binaryen.none));
  }
  if (hasResult) steps.push(module.local.get(result, results));
  const locals = hasResult ? [results] : [];
  module.addFunction(name, params, results, locals, module.block(null, steps, results));
}

/**
 * @param {binaryen.Module} module
 * @param {string} name
 * @param {binaryen.Type[]} types
 * @returns {string} the import's internal name
 */
function imported(module, name, types) {
  const internal = `${MODULE}/${name}/${types.length}`;
  if (!module.getFunction(internal)) {
    module.addFunctionImport(internal, MODULE, name, binaryen.createType(types), binaryen.none);
  }
  return internal;
}
