/**
 * The common parts of the tutorial's programs: options, listener, log and console. So each program
 * shows only its lesson.
 */
import {
  BaseSelector,
  SelectorError,
  SelectorEvent,
  SelectorKey,
  selectorErrorText,
} from "../selectors";
import { localAddress, remoteAddress } from "../sockets/addresses";
import { listenAll } from "../sockets/listeners";
import { logTime, STAMP_BYTES, writeStamp } from "../text/calendar";
import { describeOptions, Option, Parsed, parseOptions } from "../text/options";
import { NANOSECONDS_PER_SECOND, realtime } from "../wasi/clock";
import { AGAIN, errnoName } from "../wasi/errno";
import { handedInListeners } from "../wasi/descriptors";
import { IS_COMPONENT } from "../wasi/platform";
import { assertLayout, Exit, exit, programArguments } from "../wasi/process";
import { accept, close, Fd } from "../wasi/socket";
import { readStdin, STDERR, STDIN_READ_BYTES, STDOUT, writeIfRoom, writeText } from "../wasi/stdio";

/** The most bytes of one `recv`, as in the tutorial. */
export const RECV_BYTES: u32 = 1024;

const listen = new Option(
  "--listen",
  "HOST:PORT",
  "",
  "listens here; for components; may be given several times",
);
const address = new Option(
  "--address",
  "TEXT",
  "",
  "sets how the first line of the output names the listener",
);
const stopAtEof = new Option("--stop-at-eof", "", "", "stops when stdin ends");
const help = new Option("--help", "", "", "prints this help");
const options: Array<Option> = [listen, address, stopAtEof, help];
const stampBuffer = memory.data(32);
const stdinBuffer = memory.data(8192);

/**
 * Writes one line to stderr with the time, in the format of Python's `logging`, but without the
 * thread, since there is only one. Drops what does not fit: a paused terminal must not stop the
 * server.
 */
export function log(message: string): void {
  writeIfRoom(STDERR, `${logTime(realtime())} ${message}\n`);
}

/** Writes text to stdout, the console. Drops what does not fit. */
export function print(text: string): void {
  writeIfRoom(STDOUT, text);
}

/** Ends a program that cannot start, with one line that says why and what to do. */
export function refuse(program: string, message: string, code: Exit): void {
  writeText(STDERR, `${program}: ${message}\n`);
  exit(code);
}

/**
 * Parses the command line.
 *
 * @param words the usage of the positional words; empty if there are none
 */
export function readCommandLine(program: string, words: string = ""): Parsed {
  assertLayout();
  const parsed = parseOptions(programArguments(), options);
  if (help.given) {
    writeText(STDOUT, `usage: ${program}.wasm ${words}[OPTION...]\n${describeOptions(options)}`);
    exit(Exit.OK);
  }
  if (parsed.mistake != "") refuse(program, parsed.mistake, Exit.USAGE);
  if (words == "" && parsed.words.length > 0) {
    refuse(program, `unexpected argument ${parsed.words[0]}: see --help`, Exit.USAGE);
  }
  return parsed;
}

/** Returns the program's listener: Python's `socket()`, `bind()` and `listen()` in one. */
export function handedInListener(program: string): Fd {
  const mistake = listenAll(listen.values);
  if (mistake != "") refuse(program, mistake, Exit.UNAVAILABLE);
  const listeners = handedInListeners();
  if (listeners.length == 0) {
    const how = IS_COMPONENT ? "say where, --listen " : "start with -S tcplisten=";
    refuse(program, `no listener: ${how}127.0.0.1:9999`, Exit.UNAVAILABLE);
  }
  const known = localAddress(listeners[0]);
  const where = address.given ? address.value : known != "" ? known : `fd ${listeners[0]}`;
  writeText(STDERR, `${program}: listening on ${where}\n`);
  return listeners[0];
}

/** Returns the tutorial's message: time stamp and name, a line feed, the data, a line feed. */
export function formatMessage(name: string, data: string): string {
  writeStamp(stampBuffer, <i64>(realtime() / NANOSECONDS_PER_SECOND));
  return `${String.UTF8.decodeUnsafe(stampBuffer, STAMP_BYTES)} ${name}\n${data}\n`;
}

/**
 * Calls `selector.select()`. If the host refuses, Python raises an exception; this ends the program
 * with a line that says why, so that it does not spin.
 */
export function selectOrEnd<T>(selector: BaseSelector<T>): Array<SelectorEvent<T>> {
  const events = selector.select();
  if (selector.error == SelectorError.NONE) return events;
  const why = selectorErrorText(selector.error);
  refuse("select", `${why} (${errnoName(selector.errno)})`, Exit.SOFTWARE);
  return events;
}

/**
 * Accepts the next connection. Without a free descriptor the listener would stay ready for ever, so
 * it is unregistered: the present clients stay, and no more are accepted. (The real server pauses
 * and tries again: net/listener.ts.)
 *
 * @returns the connection, or -errno
 */
export function acceptFrom<T>(selector: BaseSelector<T>, listener: Fd): i32 {
  const connection = accept(listener);
  if (connection < 0 && connection != -AGAIN) {
    log(`accept: ${errnoName(connection)}; nobody else is let in`);
    selector.unregister(listener);
  }
  return connection;
}

/**
 * Returns the name of a new client: its address, as in Python, or a number if the host does not
 * report it.
 */
export function newcomerName(connection: Fd, arrivals: i32): string {
  const place = remoteAddress(connection);
  return place != "" ? place : `client-${arrivals}`;
}

/** Unregisters and closes everything, at the end of a program. */
export function closeAll<T>(selector: BaseSelector<T>): void {
  const fds = selector.getMap().keys();
  for (let i = 0; i < fds.length; i++) {
    selector.unregister(fds[i]);
    close(fds[i]);
  }
  selector.close();
}

/**
 * Formats a key as `logging.info(key)` prints it.
 *
 * @param data the text for the key's data, since a function has no name at run time
 */
export function describeKey<T>(key: SelectorKey<T>, data: string): string {
  return `SelectorKey(fd=${key.fd}, events=${key.events}, data=${data})`;
}

/** Formats the map as `logging.info(list(selector.get_map().items()))` prints it. */
export function describeMap<T>(selector: BaseSelector<T>, nameOf: (data: T) => string): string {
  const keys = selector.getMap().values();
  let text = "[";
  for (let i = 0; i < keys.length; i++) {
    text += (i > 0 ? ", " : "") + describeKey<T>(keys[i], nameOf(keys[i].data));
  }
  return text + "]";
}

/**
 * The console, which replaces the tutorial's `input('>>')`. The Python program calls `input` in a
 * second thread, which waits there. A Wasm module has one thread, so stdin is one more descriptor
 * of the selector.
 */
export class Console {
  /** True once stdin has ended. */
  ended: bool = false;
  private unfinished: string = "";

  constructor() {
    print(">>");
  }

  /** True if stdin may be registered without a check: see `BaseSelector.trustStdin`. */
  get trusted(): bool {
    return stopAtEof.given;
  }

  /** True if the program must stop, since stdin has ended. */
  get stopsAtEnd(): bool {
    return this.ended && stopAtEof.given;
  }

  /** Reads stdin once. @returns the complete lines, trimmed */
  readLines(): Array<string> {
    const got = readStdin(stdinBuffer, STDIN_READ_BYTES);
    const lines = new Array<string>();
    if (got == -AGAIN) return lines;
    if (got <= 0) {
      this.ended = true;
      if (this.unfinished.trim() != "") lines.push(this.unfinished.trim());
      return lines;
    }
    const parts = (this.unfinished + String.UTF8.decodeUnsafe(stdinBuffer, got)).split("\n");
    this.unfinished = parts.pop();
    for (let i = 0; i < parts.length; i++) lines.push(parts[i].trim());
    return lines;
  }
}
