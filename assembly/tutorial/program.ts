/**
 * What the tutorial's programs have in common: their options, their listener, their log, their
 * console. Kept apart so that each program shows nothing but its lesson.
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

/** Bytes that one `recv` takes, as in the tutorial. */
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
 * One line on stderr with the time, as Python's `logging` writes it; without the name and number of
 * the thread, as there is one thread. It is lost if nobody reads them: a paused terminal would stop
 * everybody.
 */
export function log(message: string): void {
  writeIfRoom(STDERR, `${logTime(realtime())} ${message}\n`);
}

/** Text on stdout: the console. Lost, too, if nobody reads it. */
export function print(text: string): void {
  writeIfRoom(STDOUT, text);
}

/** Ends a program that was started wrongly, with one line that says how to start it. */
export function refuse(program: string, message: string, code: Exit): void {
  writeText(STDERR, `${program}: ${message}\n`);
  exit(code);
}

/** Reads the command line; `words` says what may stand there besides the options. */
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

/** The listener that the host handed in: Python's `socket()`, `bind()` and `listen()` in one. */
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

/** The tutorial's message: the stamp and the name, a line feed, the data, a line feed. */
export function formatMessage(name: string, data: string): string {
  writeStamp(stampBuffer, <i64>(realtime() / NANOSECONDS_PER_SECOND));
  return `${String.UTF8.decodeUnsafe(stampBuffer, STAMP_BYTES)} ${name}\n${data}\n`;
}

/**
 * Python's `selector.select()`, which raises if the host refuses; here that ends the program, with
 * a line that says why, instead of a loop that turns for nothing.
 */
export function selectOrEnd<T>(selector: BaseSelector<T>): Array<SelectorEvent<T>> {
  const events = selector.select();
  if (selector.error == SelectorError.NONE) return events;
  const why = selectorErrorText(selector.error);
  refuse("select", `${why} (${errnoName(selector.errno)})`, Exit.SOFTWARE);
  return events;
}

/**
 * Takes the next connection. Without descriptors left the listener would be ready for ever and
 * give nothing, so it is not watched any longer: those who are in go on, nobody else comes in.
 * (The real server rests and tries again: net/listener.ts.)
 *
 * @returns the connection, or a negative number if there is none
 */
export function acceptFrom<T>(selector: BaseSelector<T>, listener: Fd): i32 {
  const connection = accept(listener);
  if (connection < 0 && connection != -AGAIN) {
    log(`accept: ${errnoName(connection)}; nobody else is let in`);
    selector.unregister(listener);
  }
  return connection;
}

/** What a newcomer is called: where it is, as in Python, or a number if the host does not tell. */
export function newcomerName(connection: Fd, arrivals: i32): string {
  const place = remoteAddress(connection);
  return place != "" ? place : `client-${arrivals}`;
}

/** The end of every program here: nothing is watched any longer, everything is closed. */
export function closeAll<T>(selector: BaseSelector<T>): void {
  const fds = selector.getMap().keys();
  for (let i = 0; i < fds.length; i++) {
    selector.unregister(fds[i]);
    close(fds[i]);
  }
  selector.close();
}

/**
 * What `logging.info(key)` shows.
 *
 * @param data what stands for the key's data: a function has no name at run time
 */
export function describeKey<T>(key: SelectorKey<T>, data: string): string {
  return `SelectorKey(fd=${key.fd}, events=${key.events}, data=${data})`;
}

/** What `logging.info(list(selector.get_map().items()))` shows. */
export function describeMap<T>(selector: BaseSelector<T>, nameOf: (data: T) => string): string {
  const keys = selector.getMap().values();
  let text = "[";
  for (let i = 0; i < keys.length; i++) {
    text += (i > 0 ? ", " : "") + describeKey<T>(keys[i], nameOf(keys[i].data));
  }
  return text + "]";
}

/**
 * The tutorial's `input('>>')`. Python waits for it in a thread of its own; a Wasm module has one
 * thread, so stdin is one more descriptor of the selector.
 */
export class Console {
  /** stdin has ended. */
  ended: bool = false;
  private unfinished: string = "";

  constructor() {
    print(">>");
  }

  /** Whether stdin may be watched without knowing more: see `BaseSelector.trustStdin`. */
  get trusted(): bool {
    return stopAtEof.given;
  }

  /** Whether the program is to stop, now that stdin has ended. */
  get stopsAtEnd(): bool {
    return this.ended && stopAtEof.given;
  }

  /** Reads stdin once. @returns the lines that are complete, trimmed */
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
