/** The chat server: options and listeners in, `loop.run()` out. */
import { Loop } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { ConnectionLimits } from "../net/connection_limits";
import { ConsoleInput } from "../net/console_input";
import { Output } from "../net/output";
import { NO_TIME_ZONE, parseTimeZone } from "../text/calendar";
import { describeOptions, Option, parseOptions } from "../text/options";
import { parseSelection } from "../text/selection";
import { handedInListeners } from "../wasi/descriptors";
import { assertLayout, Exit, exit, programArguments } from "../wasi/process";
import { STDERR, STDOUT, writeText } from "../wasi/stdio";
import { Console } from "./console";
import { CONTROL_BYTES } from "./control";
import * as limits from "./limits";
import { ChatServer } from "./server";
import { ChatSettings } from "./settings";
import { NO_STYLE, parseStyle } from "./style";

const USAGE = `usage: chat.wasm [OPTION...]
A chat server on the listeners that the host hands in:
  wasmtime run -S preview2=n -S tcplisten=127.0.0.1:9999 chat.wasm
`;

const maxLine = new Option(
  "--max-line",
  "BYTES",
  limits.LINE_BYTES.toString(),
  "longest line",
  limits.LINE_BYTES_LEAST,
  limits.LINE_BYTES_MOST,
);
const maxClients = new Option(
  "--max-clients",
  "N",
  limits.CLIENTS.toString(),
  "people at a time",
  limits.CLIENTS_LEAST,
  limits.CLIENTS_MOST,
);
const maxRooms = new Option(
  "--max-rooms",
  "N",
  limits.ROOMS.toString(),
  "rooms at a time",
  limits.ROOMS_LEAST,
  limits.ROOMS_MOST,
);
const history = new Option(
  "--history",
  "LINES",
  limits.HISTORY_LINES.toString(),
  "what a room remembers",
  0,
  limits.HISTORY_LINES_MOST,
);
const replay = new Option(
  "--replay",
  "LINES",
  limits.REPLAY_LINES.toString(),
  "of it, told to a newcomer",
  0,
  limits.REPLAY_LINES_MOST,
);
const announce = new Option(
  "--announce",
  "N",
  limits.ANNOUNCE_PEOPLE.toString(),
  "people in a room who are told who comes and goes",
  0,
  limits.ANNOUNCE_PEOPLE_MOST,
);
const rate = new Option(
  "--rate",
  "LINES",
  limits.RATE_LINES.toString(),
  "dealt with a second of each client; 0: all",
  0,
  limits.RATE_LINES_MOST,
);
const burst = new Option(
  "--burst",
  "LINES",
  limits.BURST_LINES.toString(),
  "that may come at once",
  limits.BURST_LINES_LEAST,
  limits.BURST_LINES_MOST,
);
const floodSeconds = new Option(
  "--flood-seconds",
  "SECONDS",
  limits.FLOOD_SECONDS.toString(),
  "how long more may come",
  1,
  limits.FLOOD_SECONDS_MOST,
);
const softLimit = new Option(
  "--soft-limit",
  "BYTES",
  limits.SOFT_BYTES.toString(),
  "owed to a client that counts as slow",
  limits.SOFT_BYTES_LEAST,
  limits.SOFT_BYTES_MOST,
);
const softSeconds = new Option(
  "--soft-seconds",
  "SECONDS",
  limits.SOFT_SECONDS.toString(),
  "how long it may be slow",
  limits.SOFT_SECONDS_LEAST,
  limits.SOFT_SECONDS_MOST,
);
const hardLimit = new Option(
  "--hard-limit",
  "BYTES",
  limits.HARD_BYTES.toString(),
  "owed to a client that is closed at once",
  limits.HARD_BYTES_LEAST,
  limits.HARD_BYTES_MOST,
);
const style = new Option("--style", "NAME", "line", "what newcomers read: line, json, tutorial");
const timeZone = new Option("--time-zone", "ZONE", "UTC", "of the stamps: UTC, +08:00, -03:30");
const address = new Option("--address", "TEXT", "", "what to call the listener in the first line");
const proxyProtocol = new Option(
  "--proxy-protocol",
  "LIST",
  "",
  "listeners behind a proxy that says who connects (PROXY v1, v2): 1,3 or all",
);
const control = new Option(
  "--control",
  "",
  "",
  "answer a launcher: ID COMMAND a line, an object back",
);
const stopAtEof = new Option("--stop-at-eof", "", "", "stop when stdin ends");
const help = new Option("--help", "", "", "print this");
const options: Array<Option> = [
  maxLine,
  maxClients,
  maxRooms,
  history,
  replay,
  announce,
  style,
  rate,
  burst,
  floodSeconds,
  softLimit,
  softSeconds,
  hardLimit,
  timeZone,
  address,
  proxyProtocol,
  control,
  stopAtEof,
  help,
];

function fail(message: string, code: Exit): void {
  writeText(STDERR, `chat: ${message}\n`);
  exit(code);
}

function readSettings(): ChatSettings {
  const parsed = parseOptions(programArguments(), options);
  const zone = parseTimeZone(timeZone.value);
  if (help.given) {
    writeText(STDOUT, USAGE + describeOptions(options));
    exit(Exit.OK);
  } else if (parsed.mistake != "") {
    fail(parsed.mistake, Exit.USAGE);
  } else if (parsed.words.length > 0) {
    fail(`unexpected argument ${parsed.words[0]}: see --help`, Exit.USAGE);
  } else if (zone == NO_TIME_ZONE) {
    fail(`option --time-zone takes UTC, +HH:MM or -HH:MM, not "${timeZone.value}"`, Exit.USAGE);
  } else if (softLimit.number > hardLimit.number) {
    fail("option --soft-limit must not exceed --hard-limit", Exit.USAGE);
  }
  if (parseStyle(style.value) == NO_STYLE) {
    fail(`option --style takes line, json or tutorial, not "${style.value}"`, Exit.USAGE);
  }
  const connection = new ConnectionLimits(
    <u32>maxLine.number,
    <u32>softLimit.number,
    <f64>softSeconds.number,
    <u32>hardLimit.number,
    <f64>rate.number,
    <f64>burst.number,
    <f64>floodSeconds.number,
  );
  return new ChatSettings(
    connection,
    <i32>maxClients.number,
    zone,
    parseStyle(style.value),
    <i32>maxRooms.number,
    <i32>history.number,
    <i32>replay.number,
    <i32>announce.number,
  );
}

/** Which listeners are behind a proxy. */
function readProxied(listeners: i32): Array<bool> {
  if (!proxyProtocol.given) return new Array<bool>(listeners);
  const proxied = parseSelection(proxyProtocol.value, listeners);
  if (proxied === null) {
    const choice = `"all", or listeners from 1 to ${listeners} with commas`;
    fail(`option --proxy-protocol takes ${choice}, not "${proxyProtocol.value}"`, Exit.USAGE);
  }
  return proxied!;
}

function main(): void {
  assertLayout();
  const settings = readSettings();
  const listeners = handedInListeners();
  if (listeners.length == 0) {
    fail(
      "no listener: start with -S tcplisten=127.0.0.1:9999, or by `pollcast serve`",
      Exit.UNAVAILABLE,
    );
  }
  const proxied = readProxied(listeners.length);
  const loop = new Loop();
  const out = control.given
    ? new Output(loop, STDOUT, CONTROL_BYTES, true)
    : new Output(loop, STDOUT);
  const log = new Output(loop, STDERR);
  const server = new ChatServer(loop, settings, log);
  log.open();
  out.open();
  for (let i = 0; i < listeners.length; i++) {
    const mistake = server.listen(listeners[i], proxied[i]);
    if (mistake != "") fail(mistake, Exit.UNAVAILABLE);
  }
  const where = address.given ? address.value : `fd ${listeners[0]}`;
  log.say(`chat: listening on ${where}, ${loop.selector.name}\n`);
  const console = new Console(loop, server, out, log, stopAtEof.given, control.given);
  if (new ConsoleInput(loop, console).open(stopAtEof.given) == SelectorError.NONE) console.start();
  else log.say("console: stdin is neither a terminal nor a pipe; there is none\n");
  loop.run();
}

main();
