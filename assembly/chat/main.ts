/** The chat server: options and listeners in, `loop.run()` out. */
import { Loop } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { ConsoleInput } from "../net/console_input";
import { Output, OUTPUT_BYTES } from "../net/output";
import { describeOptions } from "../text/options";
import { parseSelection } from "../text/selection";
import { handedInListeners } from "../wasi/descriptors";
import { assertLayout, Exit, exit, programArguments } from "../wasi/process";
import { STDERR, STDOUT, writeText } from "../wasi/stdio";
import { allOptions, optionsAsJson, readOptions } from "./apply_options";
import { Console } from "./console";
import { CONTROL_BYTES } from "./control";
import { Log } from "./log";
import {
  address,
  control,
  describe,
  help,
  logFormat,
  proxyProtocol,
  stopAtEof,
} from "./option_table";
import { ChatServer } from "./server";
import { ChatSettings } from "./settings";

const USAGE = `usage: chat.wasm [OPTION...]
A chat server on the listeners that the host hands in:
  wasmtime run -S preview2=n -S tcplisten=127.0.0.1:9999 chat.wasm
`;

function fail(message: string, code: Exit): void {
  writeText(STDERR, `chat: ${message}\n`);
  exit(code);
}

function readSettings(): ChatSettings {
  const settings = new ChatSettings();
  const mistake = readOptions(settings, programArguments());
  if (help.given) {
    writeText(STDOUT, USAGE + describeOptions(allOptions()));
    exit(Exit.OK);
  } else if (describe.given) {
    writeText(STDOUT, optionsAsJson());
    exit(Exit.OK);
  }
  if (mistake != "") fail(mistake, Exit.USAGE);
  return settings;
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
  const isJson = logFormat.value == "json";
  const errors = new Output(loop, STDERR, OUTPUT_BYTES, isJson);
  const log = new Log(errors, isJson);
  const server = new ChatServer(loop, settings, log);
  errors.open();
  out.open();
  for (let i = 0; i < listeners.length; i++) {
    const mistake = server.listen(listeners[i], proxied[i]);
    if (mistake != "") fail(mistake, Exit.UNAVAILABLE);
  }
  const where = address.given ? address.value : `fd ${listeners[0]}`;
  log.note("listening", `chat: listening on ${where}, ${loop.selector.name}`);
  const console = new Console(loop, server, out, log, stopAtEof.given, control.given);
  if (new ConsoleInput(loop, console).open(stopAtEof.given) == SelectorError.NONE) console.start();
  else log.note("no-console", "console: stdin is neither a terminal nor a pipe; there is none");
  loop.run();
}

main();
