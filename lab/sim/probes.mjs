/**
 * A transform for asc: a module that tells its host, beside all that it does, of each call of
 * these functions, with its arguments and its result. The simulator needs it. The calls of a
 * module do not show in which order it closes the clients of one tick, and the calls of a
 * component show even less, since a component reads ahead.
 *
 * What is called is not changed: a function is renamed, and called by one of its old name.
 */
import binaryen from "assemblyscript/binaryen";
import { Transform } from "assemblyscript/transform";

const MODULE = "probe";
const SELECT = /^assembly\/selectors\/\w+\/\w+Selector<assembly\/loop\/loop\/Handler>#select$/;

/** By the names that asc gives to functions, and those by which the host hears of them. */
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
const SESSION = "assembly/chat/session/session/Session";
/** The same of those that every chat has: what a tick is, and what is done with a client. */
const CHAT_AFTER = new Map([
  ["assembly/net/connection/connection_set/ConnectionSet#add", "adds"],
  [`${INPUT}#constructor`, "listens"],
  ["assembly/chat/calendar_clock/CalendarClock#get:milliseconds", "calendar"],
  ["assembly/chat/calendar_clock/newEpoch", "epoch"],
  [`${SESSION}#onLine`, "dealt"],
  [`${SESSION}#onLongLine`, "dealt"],
]);
const CHAT_BEFORE = new Map([
  [`${LOOP}#tick`, "tick"],
  [`${LOOP}#dispatch`, "dispatch"],
  [`${CONNECTION}#onExpected`, "expected"],
  [`${CONNECTION}#close`, "closes"],
  [`${INPUT}#takeTurn`, "turn"],
  [`${INPUT}#waitForTurn`, "waits"],
  [`${INPUT}#charge`, "charges"],
  [`${SESSION}#onLine`, "line"],
  [`${SESSION}#onLongLine`, "long line"],
  [`${SESSION}#onTelnet`, "telnet"],
  [`${SESSION}#onAreYouThere`, "are you there"],
  [`${SESSION}#onFlood`, "flood"],
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
 * @param {string | undefined} before what the host hears before the call: its arguments
 * @param {string | undefined} after what it hears behind it: its arguments, and its result
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
