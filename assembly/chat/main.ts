/** The entry file of the chat server: reads the options, opens the listeners, runs the loop. */
import { Loop } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { ConsoleInput } from "../net/stdio/console_input";
import { Output, OUTPUT_BYTES } from "../net/stdio/output";
import { localAddress } from "../sockets/addresses";
import { listenAll } from "../sockets/listeners";
import { describeOptions } from "../text/options";
import { parseSelection } from "../text/selection";
import { handedInListeners } from "../wasi/descriptors";
import { handedInDirectory } from "../wasi/files";
import { IS_COMPONENT } from "../wasi/platform";
import { assertLayout, Exit, exit, programArguments } from "../wasi/process";
import { Fd } from "../wasi/socket";
import { STDERR, STDOUT, writeText } from "../wasi/stdio";
import { allOptions, optionsAsJson, readOptions } from "./options/apply_options";
import { ChatOption } from "./options/chat_option";
import { Console } from "./admin/console";
import { CONTROL_BYTES } from "./admin/control";
import { Log } from "./admin/log";
import {
  address,
  control,
  data,
  describe,
  help,
  irc,
  listen,
  logFormat,
  motd,
  proxyProtocol,
  stopAtEof,
} from "./options/option_table";
import { safeWords } from "./protocol/safe_text";
import { ChatServer } from "./server";
import { ChatSettings } from "./settings";

const USAGE = `usage: chat.wasm [OPTION...]
A chat server on the listeners that the host hands in:
  wasmtime run -S preview2=n -S tcplisten=127.0.0.1:9999 chat.wasm
`;
const COMPONENT_USAGE = `usage: chat.component.wasm --listen HOST:PORT [OPTION...]
A chat server that opens its listeners by itself:
  wasmtime run -S inherit-network chat.component.wasm --listen 127.0.0.1:9999
`;
const NO_LISTENER = IS_COMPONENT
  ? "no listener: say where, --listen 127.0.0.1:9999"
  : "no listener: start with -S tcplisten=127.0.0.1:9999, or by `pollcast serve`";

function fail(message: string, code: Exit): void {
  writeText(STDERR, `chat: ${message}\n`);
  exit(code);
}

function readSettings(): ChatSettings {
  const settings = new ChatSettings();
  const mistake = readOptions(settings, programArguments());
  if (help.given) {
    writeText(STDOUT, (IS_COMPONENT ? COMPONENT_USAGE : USAGE) + describeOptions(allOptions()));
    exit(Exit.OK);
  }
  if (mistake != "") fail(mistake, Exit.USAGE);
  // A launcher also uses this to check that the options are valid together, without serving.
  if (describe.given) {
    writeText(STDOUT, optionsAsJson());
    exit(Exit.OK);
  }
  if (motd.given) settings.irc.motd = safeLines(motd.value);
  return settings;
}

/** Returns the lines of a text, sanitized. */
function safeLines(text: string): Array<string> {
  return text.split("\n").map<string>((line) => safeWords(line));
}

/** Opens the storage in the directory that the options name, if they do. */
function openStorage(server: ChatServer): void {
  if (!data.given) return;
  const directory = handedInDirectory(data.value);
  if (directory < 0) {
    const how = `start with --dir PATH::${data.value}, or by \`pollcast serve --data PATH\``;
    fail(`no directory was handed in as "${data.value}": ${how}`, Exit.UNAVAILABLE);
  }
  const mistake = server.openStorage(directory);
  if (mistake != "") fail(`journal: ${mistake}`, Exit.UNAVAILABLE);
}

/** Returns for each listener true if an option names it. */
function readSelection(option: ChatOption, listeners: i32): Array<bool> {
  if (!option.given) return new Array<bool>(listeners);
  const selected = parseSelection(option.value, listeners);
  if (selected === null) {
    const choice = `"all", or listeners from 1 to ${listeners} with commas`;
    fail(`option ${option.name} takes ${choice}, not "${option.value}"`, Exit.USAGE);
  }
  return selected!;
}

/** Returns the addresses of the listeners for the log; descriptors if the host reports none. */
function endpointsOf(listeners: Array<Fd>): string {
  let text = "";
  for (let i = 0; i < listeners.length; i++) {
    const place = localAddress(listeners[i]);
    text += (i > 0 ? ", " : "") + (place == "" ? `fd ${listeners[i]}` : place);
  }
  return text;
}

function main(): void {
  assertLayout();
  const settings = readSettings();
  const mistake = listenAll(listen.values);
  if (mistake != "") fail(mistake, Exit.UNAVAILABLE);
  const listeners = handedInListeners();
  if (listeners.length == 0) fail(NO_LISTENER, Exit.UNAVAILABLE);
  const proxied = readSelection(proxyProtocol, listeners.length);
  const speaksIrc = readSelection(irc, listeners.length);
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
  openStorage(server);
  for (let i = 0; i < listeners.length; i++) {
    const mistake = server.listen(listeners[i], proxied[i], speaksIrc[i]);
    if (mistake != "") fail(mistake, Exit.UNAVAILABLE);
  }
  const where = address.given ? address.value : endpointsOf(listeners);
  log.info("listening", `chat: listening on ${where}, ${loop.selector.name}`);
  const console = new Console(loop, server, out, log, stopAtEof.given, control.given);
  if (new ConsoleInput(loop, console).open(stopAtEof.given) == SelectorError.NONE)
    console.showPrompt();
  else log.info("no-console", "console: stdin is neither a terminal nor a pipe; there is none");
  loop.run();
  const storage = server.chat.storage;
  if (storage !== null) storage.close();
}

main();
