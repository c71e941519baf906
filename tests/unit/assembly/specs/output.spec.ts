import { Loop } from "../../../../assembly/loop/loop";
import { Output, OUTPUT_BYTES } from "../../../../assembly/net/stdio/output";
import { PIPE } from "../../../../assembly/wasi/errno";
import { monotonic } from "../../../../assembly/wasi/clock";
import * as host from "./support/host";
import { MILLISECOND, Note, same, sameNumber, sent, step } from "./support/steps";

const loop = new Loop();
const out = new Output(loop, 1);

function turn(): void {
  loop.callSoon(new Note([], ""));
  loop.tick();
}

export function what_is_said_is_written_before_the_next_wait(): void {
  out.open();
  out.queueText("one\n");
  out.queueText("two ü\n");
  same(sent(1), "");
  step();
  turn();
  same(sent(1), "one\ntwo ü\n");
}

export function with_nothing_to_say_no_call_is_made(): void {
  out.open();
  const polls = host.calls("poll_oneoff");
  out.run();
  sameNumber(host.calls("poll_oneoff"), polls);
}

export function without_room_it_waits_and_looks_again(): void {
  out.open();
  host.setRoom(1, 0);
  out.queueText("late\n");
  turn();
  same(sent(1), "");
  const start = monotonic();
  loop.tick();
  loop.tick();
  sameNumber(monotonic() - start, 200 * MILLISECOND, "a look every tenth of a second:");
  host.setRoom(1, -1);
  turn();
  same(sent(1), "late\n");
}

export function a_write_in_parts_loses_nothing(): void {
  out.open();
  host.setSendMost(1, 3);
  let wanted = "";
  for (let i = 0; i < 100; i++) {
    out.queueText(`line ${i}\n`);
    wanted += `line ${i}\n`;
  }
  turn();
  same(sent(1), wanted);
}

export function no_write_is_longer_than_a_pipe_has_room_for(): void {
  out.open();
  out.queueText("x".repeat(4097));
  turn();
  sameNumber(host.calls("fd_write"), 2);
  sameNumber(sent(1).length, 4097);
}

export function the_buffer_holds_exactly_its_limit(): void {
  out.open();
  host.setRoom(1, 0);
  out.queueText("x".repeat(OUTPUT_BYTES));
  host.setRoom(1, -1);
  turn();
  sameNumber(sent(1).length, OUTPUT_BYTES);
}

export function one_byte_more_is_dropped_and_told(): void {
  out.open();
  host.setRoom(1, 0);
  out.queueText("x".repeat(OUTPUT_BYTES));
  out.queueText("y");
  out.queueText("z\n");
  turn();
  host.setRoom(1, -1);
  out.retry();
  turn();
  const told = "(2 lines were not written: nobody read them in time)\n";
  same(sent(1).substring(OUTPUT_BYTES), told);
}

export function what_is_said_after_a_loss_comes_after_the_telling(): void {
  out.open();
  host.setRoom(1, 0);
  out.queueText("x".repeat(OUTPUT_BYTES));
  out.queueText("lost\n");
  turn();
  // There would be room for it, but its place is behind what was lost.
  host.setRoom(1, 60_000);
  turn();
  out.queueText("lost too\n");
  host.setRoom(1, -1);
  turn();
  turn();
  out.queueText("again\n");
  turn();
  const told = "(2 lines were not written: nobody read them in time)\n";
  same(sent(1).substring(OUTPUT_BYTES), told + "again\n");
}

export function a_text_longer_than_the_buffer_is_dropped_and_told(): void {
  out.open();
  out.queueText("x".repeat(OUTPUT_BYTES + 1));
  turn();
  turn();
  same(sent(1), "(1 line was not written: nobody read it in time)\n");
}

export function its_owner_may_say_how_much_may_wait_and_read_objects(): void {
  host.setRealtime(0);
  const objects = new Output(loop, 1, 10, true);
  objects.open();
  objects.queueText("123456789\n");
  objects.queueText("12345678901");
  turn();
  turn();
  const words = "1 line was not written: nobody read it in time";
  const at = '"time":"1970-01-01T00:00:00.000Z"';
  const told = `{${at},"level":"warning","event":"lost","message":"${words}"}\n`;
  // What is told must fit, too; here it does not, and is told of again.
  same(sent(1), "123456789\n");
  const larger = new Output(loop, 1, 200, true);
  larger.open();
  host.forgetSent(1);
  larger.queueText("x".repeat(201));
  turn();
  turn();
  same(sent(1), told);
}

export function a_full_buffer_is_emptied_at_once_if_there_is_room(): void {
  out.open();
  out.queueText("x".repeat(OUTPUT_BYTES));
  out.queueText("y");
  turn();
  sameNumber(sent(1).length, OUTPUT_BYTES + 1);
}

export function a_reader_that_is_gone_costs_no_calls(): void {
  out.open();
  host.hangUp(1);
  out.queueText("hello\n");
  turn();
  const calls = host.calls("fd_write");
  for (let i = 0; i < 3; i++) {
    out.queueText("x".repeat(OUTPUT_BYTES));
    turn();
  }
  sameNumber(host.calls("fd_write"), calls);
  same(sent(1), "");
}

export function a_write_that_fails_ends_the_writing(): void {
  out.open();
  host.failSend(1, PIPE);
  out.queueText("hello\n");
  turn();
  out.queueText("again\n");
  turn();
  sameNumber(host.calls("fd_write"), 1);
}

export function a_paused_terminal_never_stops_the_loop(): void {
  out.open();
  host.setRoom(1, 5);
  for (let i = 0; i < 10_000; i++) out.queueText("a line of some length\n");
  turn();
  same(sent(1), "a lin");
}
