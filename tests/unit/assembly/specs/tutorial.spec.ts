import { EVENT_READ, PollOneoffSelector } from "../../../../assembly/selectors";
import { EmulatedProactor } from "../../../../assembly/tutorial/emulated_proactor";
import { Completion, Proactor } from "../../../../assembly/tutorial/proactor";
import {
  acceptFrom,
  closeAll,
  Console,
  describeKey,
  describeMap,
  formatMessage,
  handedInListener,
  log,
  print,
  readCommandLine,
  RECV_BYTES,
  refuse,
  selectOrEnd,
} from "../../../../assembly/tutorial/program";
import { AGAIN, CONNRESET, MFILE } from "../../../../assembly/wasi/errno";
import { Exit } from "../../../../assembly/wasi/process";
import { STDERR, STDIN, STDOUT } from "../../../../assembly/wasi/stdio";
import * as host from "./support/host";
import { same, sameNumber, SECOND, sent, step } from "./support/steps";

export function a_message_is_stamp_and_name_and_then_the_data(): void {
  host.setRealtime(1_700_000_000 * SECOND);
  same(formatMessage("client-1", "hello"), "2023/11/14 22:13:20 client-1\nhello\n");
}

export function a_log_line_has_the_time_of_python_s_logging(): void {
  host.setRealtime(1_700_000_000 * SECOND + 42_000_000);
  log("hello");
  same(sent(STDERR), "2023-11-14 22:13:20,042 hello\n");
}

export function what_is_printed_is_written_as_it_is(): void {
  print(">>");
  same(sent(STDOUT), ">>");
}

function nameOf(data: i32): string {
  return data == 1 ? "one" : "two";
}

export function a_map_is_shown_as_a_list_of_keys_with_their_data(): void {
  const selector = new PollOneoffSelector<i32>(false);
  same(describeMap<i32>(selector, nameOf), "[]");
  const one = host.openConnection();
  const two = host.openConnection();
  selector.register(one, EVENT_READ, 1);
  selector.register(two, 3, 2);
  const first = `SelectorKey(fd=${one}, events=1, data=one)`;
  same(describeKey<i32>(selector.getKey(one)!, "one"), first);
  const second = `SelectorKey(fd=${two}, events=3, data=two)`;
  same(describeMap<i32>(selector, nameOf), `[${first}, ${second}]`);
}

export function a_listener_that_fails_is_watched_no_longer(): void {
  const selector = new PollOneoffSelector<i32>(false);
  const listener = host.openListener();
  selector.register(listener, EVENT_READ, 0);
  sameNumber(acceptFrom<i32>(selector, listener), -AGAIN);
  host.arrive(listener, 1);
  assert(acceptFrom<i32>(selector, listener) > <i32>listener, "a connection");
  assert(selector.getKey(listener) !== null, "still watched");
  host.failAccept(listener, MFILE);
  sameNumber(acceptFrom<i32>(selector, listener), -MFILE);
  assert(selector.getKey(listener) === null, "watched no longer");
  assert(sent(STDERR).includes("accept: MFILE; nobody else is let in"), "it says so");
}

export function the_end_closes_all_that_is_watched(): void {
  const selector = new PollOneoffSelector<i32>(false);
  const one = host.openConnection();
  const two = host.openConnection();
  selector.register(one, EVENT_READ, 0);
  selector.register(two, EVENT_READ, 0);
  step();
  closeAll<i32>(selector);
  assert(!host.isOpen(one) && !host.isOpen(two), "both are closed");
  assert(selector.closed, "and the selector");
}

export function a_select_that_the_host_refuses_ends_the_program(): void {
  const selector = new PollOneoffSelector<i32>(false);
  host.expectSaid("select: the selector is closed (SUCCESS)\n");
  host.expectExit(70);
  selector.close();
  selectOrEnd<i32>(selector);
}

export function a_select_that_goes_well_is_handed_on(): void {
  const selector = new PollOneoffSelector<i32>(false);
  const fd = host.openConnection();
  selector.register(fd, EVENT_READ, 7);
  host.feed(fd, "hello");
  const events = selectOrEnd<i32>(selector);
  sameNumber(events.length, 1);
  sameNumber(events[0].key.data, 7);
}

export function a_program_is_refused_with_one_line(): void {
  host.expectSaid("echo: no\n");
  host.expectExit(69);
  refuse("echo", "no", Exit.UNAVAILABLE);
}

export function without_a_listener_the_program_says_how_to_be_started(): void {
  host.expectSaid("echo: no listener: start with -S tcplisten=127.0.0.1:9999\n");
  host.expectExit(69);
  handedInListener("echo");
}

export function the_first_listener_is_used_and_named(): void {
  const fd = host.openListener();
  host.openListener();
  sameNumber(handedInListener("echo"), fd);
  same(sent(STDERR), `echo: listening on fd ${fd}\n`);
}

export function a_listener_may_be_called_by_its_address(): void {
  host.openListener();
  host.addArgument("--address=127.0.0.1:9999");
  readCommandLine("echo");
  handedInListener("echo");
  same(sent(STDERR), "echo: listening on 127.0.0.1:9999\n");
}

export function words_are_for_programs_that_expect_them(): void {
  host.addArgument("blocking");
  const parsed = readCommandLine("io_models", "MODEL ");
  same(parsed.words.join(), "blocking");
  host.expectSaid("echo: unexpected argument blocking: see --help\n");
  host.expectExit(64);
  readCommandLine("echo");
}

export function a_wrong_option_ends_the_program(): void {
  host.addArgument("--loud");
  host.expectSaid("echo: unknown option --loud: see --help\n");
  host.expectExit(64);
  readCommandLine("echo");
}

export function help_is_printed_and_ends_the_program_well(): void {
  host.addArgument("--help");
  host.expectExit(0);
  readCommandLine("echo");
}

export function one_recv_takes_as_much_as_in_the_tutorial(): void {
  sameNumber(RECV_BYTES, 1024);
}

export function the_console_begins_with_its_prompt(): void {
  new Console();
  same(sent(STDOUT), ">>");
}

export function the_console_gives_lines_that_are_complete_and_trimmed(): void {
  const console = new Console();
  host.feed(STDIN, " one \ntwo\r\nthr");
  same(console.readLines().join("|"), "one|two");
  host.feed(STDIN, "ee\n\n");
  same(console.readLines().join("|"), "three|");
  host.feed(STDIN, "last");
  same(console.readLines().join("|"), "");
  assert(!console.ended);
  host.end(STDIN);
  same(console.readLines().join("|"), "last");
  assert(console.ended);
}

export function the_end_of_the_console_stops_only_who_asked_for_it(): void {
  const console = new Console();
  host.end(STDIN);
  console.readLines();
  assert(console.ended && !console.stopsAtEnd && !console.trusted);
  host.addArgument("--stop-at-eof");
  readCommandLine("echo");
  assert(console.stopsAtEnd && console.trusted);
}

class Result extends Completion {
  results: Array<i32> = [];
  again: Proactor | null = null;

  done(fd: u32, result: i32): void {
    step();
    this.results.push(result);
    const proactor = this.again;
    if (proactor !== null) proactor.read(fd, buffer, 16, this);
  }
}

const buffer = memory.data(16);

export function a_read_is_complete_when_its_buffer_is_filled(): void {
  const proactor = new EmulatedProactor();
  const fd = host.openConnection();
  const result = new Result();
  proactor.read(fd, buffer, 16, result);
  host.feedAfter(2 * SECOND, fd, "hello");
  proactor.runOnce();
  sameNumber(result.results.length, 1);
  sameNumber(result.results[0], 5);
  same(String.UTF8.decodeUnsafe(buffer, 5), "hello");
  sameNumber(proactor.selector.getMap().size, 0, "it is over:");
}

export function a_completion_may_start_the_next_operation(): void {
  const proactor = new EmulatedProactor();
  const fd = host.openConnection();
  const result = new Result();
  result.again = proactor;
  proactor.read(fd, buffer, 16, result);
  host.feed(fd, "a");
  proactor.runOnce();
  host.feed(fd, "bc");
  proactor.runOnce();
  sameNumber(result.results[0], 1);
  sameNumber(result.results[1], 2);
}

export function the_end_and_an_error_complete_a_read(): void {
  const proactor = new EmulatedProactor();
  const ended = host.openConnection();
  const broken = host.openConnection();
  const one = new Result();
  const two = new Result();
  proactor.read(ended, buffer, 16, one);
  proactor.read(broken, buffer, 16, two);
  host.end(ended);
  host.reset(broken);
  while (one.results.length + two.results.length < 2) proactor.runOnce();
  sameNumber(one.results[0], 0);
  sameNumber(two.results[0], -CONNRESET);
}

export function an_accept_is_complete_with_its_connection(): void {
  const proactor = new EmulatedProactor();
  const listener = host.openListener();
  const result = new Result();
  proactor.accept(listener, result);
  host.arriveAfter(SECOND, listener);
  proactor.runOnce();
  sameNumber(result.results[0], listener + 1);
  assert(host.isOpen(listener + 1));
}

export function ready_reads_nothing(): void {
  const proactor = new EmulatedProactor();
  const result = new Result();
  proactor.ready(STDIN, result);
  host.feed(STDIN, "hello\n");
  proactor.runOnce();
  sameNumber(result.results.length, 1);
  sameNumber(host.calls("fd_read"), 0);
}
