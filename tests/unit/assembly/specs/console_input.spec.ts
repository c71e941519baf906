import { Loop } from "../../../../assembly/loop/loop";
import {
  CONSOLE_LINE_BYTES,
  ConsoleHandler,
  ConsoleInput,
} from "../../../../assembly/net/stdio/console_input";
import { SelectorError } from "../../../../assembly/selectors";
import { STDIN } from "../../../../assembly/wasi/stdio";
import * as host from "./support/host";
import { Note, same, sameNumber, step } from "./support/steps";

class Reader extends ConsoleHandler {
  lines: Array<string> = [];
  ends: i32 = 0;

  onConsoleLine(line: string): void {
    this.lines.push(line);
    step();
  }

  onConsoleEnd(): void {
    this.ends++;
  }
}

const loop = new Loop();
const reader = new Reader();
const input = new ConsoleInput(loop, reader);

function turn(): void {
  loop.callSoon(new Note([], ""));
  loop.tick();
}

export function a_line_is_handed_over_without_its_end(): void {
  sameNumber(input.open(false), SelectorError.NONE);
  host.feed(STDIN, "one\ntwo\r\nthr");
  turn();
  host.feed(STDIN, "ee ü\n");
  turn();
  same(reader.lines.join("|"), "one|two|three ü");
}

export function the_end_is_told_once_after_the_last_line(): void {
  input.open(false);
  host.feed(STDIN, "last");
  turn();
  host.end(STDIN);
  turn();
  turn();
  same(reader.lines.join("|"), "last");
  sameNumber(reader.ends, 1);
  assert(loop.selector.getKey(STDIN) === null, "it is not watched any more");
}

export function an_idle_console_is_not_read(): void {
  input.open(false);
  turn();
  sameNumber(host.calls("fd_read"), 0);
}

export function a_command_may_be_as_long_as_its_limit(): void {
  input.open(false);
  host.feed(STDIN, "x".repeat(CONSOLE_LINE_BYTES) + "\n");
  turn();
  sameNumber(reader.lines[0].length, CONSOLE_LINE_BYTES);
}

export function a_longer_command_is_cut_and_the_next_one_is_whole(): void {
  input.open(false);
  host.feed(STDIN, "x".repeat(CONSOLE_LINE_BYTES + 1) + "\nquit\n");
  turn();
  sameNumber(reader.lines.length, 2);
  sameNumber(reader.lines[0].length, CONSOLE_LINE_BYTES);
  same(reader.lines[1], "quit");
}

export function bytes_that_are_no_text_do_no_harm(): void {
  input.open(false);
  const bytes = memory.data<u8>([0xfe, 0xc0, 0x0a]);
  host.feedBytes(STDIN, bytes, 3);
  turn();
  sameNumber(reader.lines.length, 1);
}

export function dev_null_is_no_console(): void {
  host.stdinIsNull();
  sameNumber(input.open(false), SelectorError.UNPOLLABLE);
}

export function a_socket_is_a_console_if_it_is_trusted(): void {
  host.stdinIsSocket();
  sameNumber(input.open(false), SelectorError.UNPOLLABLE);
  sameNumber(input.open(true), SelectorError.NONE);
}
