import { abort } from "../../../../assembly/wasi/abort";

import { abortLine, LINE } from "../../../../assembly/wasi/abort_line";
import { countCall, hostCalls } from "../../../../assembly/wasi/calls";
import { monotonic, realtime } from "../../../../assembly/wasi/clock";
import {
  filetypeOf,
  handedInListeners,
  isNonBlocking,
} from "../../../../assembly/wasi/descriptors";
import { isSocket } from "../../../../assembly/wasi/preview1/descriptors";
import { canRead, sleep } from "../../../../assembly/wasi/poll";
import { setVector, VECTOR_BYTES } from "../../../../assembly/wasi/vector";
import * as errno from "../../../../assembly/wasi/errno";
import * as poll from "../../../../assembly/wasi/preview1/poll";
import { assertLayout, Exit, exit, programArguments } from "../../../../assembly/wasi/process";
import * as socket from "../../../../assembly/wasi/socket";
import * as stdio from "../../../../assembly/wasi/stdio";
import * as host from "./support/host";
import { Host, same, sameNumber, SECOND, sent, step } from "./support/steps";

const buffer = memory.data(256);

export function structs_are_laid_out_as_the_abi_says(): void {
  assertLayout();
}

export function an_errno_has_its_number_and_its_name(): void {
  const codes = [errno.AGAIN, errno.BADF, errno.CONNABORTED, errno.CONNRESET, errno.INTR];
  const names = ["AGAIN", "BADF", "CONNABORTED", "CONNRESET", "INTR"];
  const numbers = [6, 8, 13, 15, 27];
  for (let i = 0; i < 5; i++) {
    sameNumber(codes[i], numbers[i]);
    same(errno.errnoName(codes[i]), names[i]);
    same(errno.errnoName(-codes[i]), names[i], "negated:");
  }
  same(errno.errnoName(0), "SUCCESS");
}

export function every_errno_of_preview1_has_a_name(): void {
  const codes = [errno.INVAL, errno.IO, errno.MFILE, errno.NFILE, errno.NOBUFS, errno.NOMEM];
  const numbers = [28, 29, 33, 41, 42, 48];
  for (let i = 0; i < codes.length; i++) sameNumber(codes[i], numbers[i]);
  sameNumber(errno.NOSYS, 52);
  sameNumber(errno.PIPE, 64);
  const names = new Array<string>();
  for (let code = 0; code <= 76; code++) {
    const name = errno.errnoName(code);
    assert(name.length > 0 && !names.includes(name), `${code}: ${name}`);
    names.push(name);
  }
}

export function an_assertion_that_fails_ends_the_program_with_its_place(): void {
  host.expectExit(70);
  abort("the message", "assembly/some/file.ts", 4294967295, 7);
}

export function an_abort_says_one_line(): void {
  host.expectExit(70);
  abortAndLook(null, null, 0, 0, "pollcast: internal error: assertion failed at ?:0:0\n");
}

export function an_abort_says_the_place(): void {
  host.expectExit(70);
  const wanted = "pollcast: internal error: no way at a.ts:4294967295:10\n";
  abortAndLook("no way", "a.ts", u32.MAX_VALUE, 10, wanted);
}

export function an_abort_with_an_endless_message_still_ends_in_a_line(): void {
  host.expectExit(70);
  const most = "x".repeat(600);
  abortAndLook(most, most, 12, 3, `pollcast: internal error: ${most.substring(0, 470)}`);
}

/** proc_exit does not return: what was written is checked by the host as the case ends. */
function abortAndLook(
  message: string | null,
  file: string | null,
  line: u32,
  column: u32,
  wanted: string,
): void {
  host.expectSaid(wanted);
  abort(message, file, line, column);
}

export function every_exit_code_is_the_launchers(): void {
  sameNumber(Exit.OK, 0);
  sameNumber(Exit.USAGE, 64);
  sameNumber(Exit.UNAVAILABLE, 69);
  sameNumber(Exit.SOFTWARE, 70);
}

export function exit_ends_the_program_at_once(): void {
  host.expectExit(64);
  exit(Exit.USAGE);
  assert(false, "it goes on");
}

export function the_arguments_are_those_after_the_programs_name(): void {
  sameNumber(programArguments().length, 0);
  host.addArgument("--name");
  host.addArgument("");
  host.addArgument("Zoë 😀");
  same(programArguments().join("|"), "--name||Zoë 😀");
}

export function monotonic_and_realtime_are_two_clocks(): void {
  const start = monotonic();
  host.setRealtime(1_000 * SECOND);
  sameNumber(realtime(), 1_000 * SECOND);
  sameNumber(monotonic(), start);
  host.advance(3);
  sameNumber(monotonic() - start, 3);
  sameNumber(realtime(), 1_000 * SECOND + 3);
}

export function descriptors_say_what_they_are(): void {
  const listener = host.openListener();
  const connection = host.openConnection();
  const directory = host.openDirectory();
  sameNumber(filetypeOf(listener), 6);
  sameNumber(filetypeOf(directory), 3);
  sameNumber(filetypeOf(99), -errno.BADF);
  assert(isSocket(listener) && isSocket(connection) && !isSocket(directory) && !isSocket(99));
  assert(isNonBlocking(connection) && !isNonBlocking(0) && !isNonBlocking(99));
}

export function listeners_are_handed_in_from_3_on_before_directories(): void {
  sameNumber(handedInListeners().length, 0);
  host.openListener();
  host.openListener();
  host.openDirectory();
  const found = handedInListeners();
  sameNumber(found.length, 2);
  sameNumber(found[0], 3);
  sameNumber(found[1], 4);
}

export function accept_gives_a_descriptor_that_does_not_block_unless_it_is_to(): void {
  const listener = host.openListener();
  sameNumber(socket.accept(listener), -errno.AGAIN);
  host.arrive(listener, 2);
  assert(isNonBlocking(socket.accept(listener)));
  assert(!isNonBlocking(socket.accept(listener, true)));
  host.failAccept(listener, errno.MFILE);
  sameNumber(socket.accept(listener), -errno.MFILE);
  sameNumber(socket.accept(99), -errno.BADF);
}

export function recv_answers_with_bytes_the_end_or_an_errno(): void {
  const fd = host.openConnection();
  sameNumber(socket.recv(fd, buffer, 256), -errno.AGAIN);
  host.feed(fd, "hello");
  sameNumber(socket.recv(fd, buffer, 3), 3);
  sameNumber(socket.recv(fd, buffer + 3, 256), 2);
  same(String.UTF8.decodeUnsafe(buffer, 5), "hello");
  host.end(fd);
  sameNumber(socket.recv(fd, buffer, 256), 0);
  host.reset(fd);
  sameNumber(socket.recv(fd, buffer, 256), -errno.CONNRESET);
}

export function peek_tells_what_a_read_would_find_and_takes_nothing(): void {
  const fd = host.openConnection();
  sameNumber(socket.peek(fd), -errno.AGAIN);
  host.feed(fd, "hello");
  sameNumber(socket.peek(fd), 1);
  sameNumber(socket.peek(fd), 1);
  sameNumber(socket.recv(fd, buffer, 256), 5);
  host.end(fd);
  sameNumber(socket.peek(fd), 0);
  host.reset(fd);
  sameNumber(socket.peek(fd), -errno.CONNRESET);
  sameNumber(socket.peek(host.openListener()), -errno.BADF);
  sameNumber(socket.peek(0), -errno.BADF);
}

function isConnection(fd: u32): bool {
  return socket.isConnectionAnswer(socket.peek(fd));
}

export function only_a_connection_is_one_whatever_has_become_of_it(): void {
  const fd = host.openConnection();
  assert(isConnection(fd), "a quiet one");
  host.feed(fd, "hello");
  assert(isConnection(fd), "one with data");
  host.end(fd);
  assert(isConnection(fd), "one that has ended");
  const broken = host.openConnection();
  host.reset(broken);
  assert(isConnection(broken), "one that is broken");
  assert(!isConnection(host.openListener()), "a listener");
  assert(!isConnection(0), "stdin");
}

export function send_answers_with_the_bytes_that_were_taken(): void {
  const fd = host.openConnection();
  String.UTF8.encodeUnsafe(changetype<usize>("hello"), 5, buffer);
  host.setRoom(fd, 3);
  sameNumber(socket.send(fd, buffer, 5), 3);
  sameNumber(socket.send(fd, buffer, 5), -errno.AGAIN);
  same(sent(fd), "hel");
  host.reset(fd);
  sameNumber(socket.send(fd, buffer, 5), -errno.PIPE);
}

export function a_vector_gathers_pieces_in_one_send(): void {
  const fd = host.openConnection();
  const vectors = memory.data(16);
  String.UTF8.encodeUnsafe(changetype<usize>("hello"), 5, buffer);
  setVector(vectors, buffer + 3, 2);
  setVector(vectors + VECTOR_BYTES, buffer, 3);
  sameNumber(socket.sendVector(fd, vectors, 2), 5);
  same(sent(fd), "lohel");
}

export function a_socket_can_be_made_to_wait_and_not_to(): void {
  const fd = host.openConnection();
  sameNumber(socket.setBlocking(fd, true), 0);
  assert(!isNonBlocking(fd));
  sameNumber(socket.setBlocking(fd, false), 0);
  assert(isNonBlocking(fd));
  sameNumber(socket.setBlocking(0, false), -errno.BADF);
}

export function shutdown_tells_the_peer_and_close_gives_back(): void {
  const fd = host.openConnection();
  sameNumber(socket.shutdownWrite(fd), 0);
  assert(host.isShutDown(fd));
  sameNumber(socket.close(fd), 0);
  sameNumber(socket.close(fd), -errno.BADF);
  sameNumber(socket.shutdownWrite(fd), -errno.BADF);
}

export function poll_one_tells_ready_not_ready_and_wrecked(): void {
  const fd = host.openConnection();
  const start = monotonic();
  sameNumber(poll.pollOne(fd, poll.READ), poll.NOT_READY);
  sameNumber(poll.pollOne(fd, poll.WRITE), poll.READY);
  host.feed(fd, "x");
  sameNumber(poll.pollOne(fd, poll.READ), poll.READY);
  host.hangUp(fd);
  sameNumber(poll.pollOne(fd, poll.READ), poll.HUNG_UP);
  host.reset(fd);
  sameNumber(poll.pollOne(fd, poll.WRITE), poll.HUNG_UP);
  sameNumber(poll.pollOne(99, poll.READ), -errno.BADF);
  host.setHost(Host.EXACT);
  sameNumber(poll.pollOne(99, poll.READ), -errno.BADF, "told by the event:");
  sameNumber(monotonic(), start);
}

export function a_poll_of_nothing_is_an_error(): void {
  sameNumber(poll.poll(buffer, buffer, 0), -errno.INVAL);
}

export function a_poll_stores_its_events_with_their_userdata(): void {
  const subscriptions = memory.data(144);
  const events = memory.data(96);
  const fd = host.openConnection();
  poll.subscribe(subscriptions, fd, poll.WRITE, 7);
  poll.subscribeClock(subscriptions + poll.SUBSCRIPTION_BYTES, 5 * SECOND);
  sameNumber(poll.poll(subscriptions, events, 2), 1);
  sameNumber(poll.eventAt(events, 0).userdata, 7);
  sameNumber(poll.eventAt(events, 0).type, poll.WRITE);
  poll.setUserdata(subscriptions, 8);
  poll.poll(subscriptions, events, 2);
  sameNumber(poll.eventAt(events, 0).userdata, 8);
  host.setRoom(fd, 0);
  poll.setClock(subscriptions + poll.SUBSCRIPTION_BYTES, SECOND);
  const start = monotonic();
  sameNumber(poll.poll(subscriptions, events, 2), 1);
  assert(poll.eventAt(events, 0).userdata == poll.CLOCK_USERDATA);
  sameNumber(monotonic() - start, SECOND);
  sameNumber(changetype<usize>(poll.eventAt(events, 1)) - events, poll.EVENT_BYTES);
}

export function sleep_lets_time_pass_and_where_it_cannot_gives_way(): void {
  const start = monotonic();
  sleep(5 * SECOND);
  sameNumber(monotonic() - start, 5 * SECOND);
  host.setHost(Host.NO_POLL);
  sleep(5 * SECOND);
  sameNumber(host.calls("sched_yield"), 1);
}

export function one_descriptor_is_asked_whether_it_can_be_read(): void {
  const fd = host.openConnection();
  assert(!canRead(fd));
  host.end(fd);
  assert(canRead(fd));
}

export function a_line_about_a_failure_says_where(): void {
  const bytes = abortLine("m", "f", 1, 2);
  same(String.UTF8.decodeUnsafe(LINE, bytes), "pollcast: internal error: m at f:1:2\n");
}

export function a_text_is_written_whole_even_in_parts(): void {
  host.setSendMost(1, 2);
  stdio.writeText(stdio.STDOUT, "hellö\n");
  same(sent(1), "hellö\n");
  host.failSend(2, errno.PIPE);
  stdio.writeText(stdio.STDERR, "lost");
  same(sent(2), "");
}

export function a_text_is_written_as_far_as_there_is_room_without_a_wait(): void {
  host.setRoom(1, 5000);
  host.setSendMost(1, 1000);
  stdio.writeIfRoom(stdio.STDOUT, "x".repeat(6000));
  sameNumber(sent(1).length, 5000);
  stdio.writeIfRoom(stdio.STDOUT, "lost");
  sameNumber(sent(1).length, 5000);
  host.failSend(2, errno.PIPE);
  stdio.writeIfRoom(stdio.STDERR, "lost");
  same(sent(2), "");
  stdio.writeIfRoom(stdio.STDERR, "hellö\n");
  same(sent(2), "hellö\n");
}

export function no_write_asks_for_more_room_than_ready_means(): void {
  stdio.writeIfRoom(stdio.STDOUT, "x".repeat(4096));
  sameNumber(host.calls("fd_write"), 1);
  stdio.writeIfRoom(stdio.STDOUT, "x".repeat(4097));
  sameNumber(host.calls("fd_write"), 3);
}

export function a_terminal_that_is_ready_has_room_for_one_byte(): void {
  host.outputIsTerminal(1);
  stdio.writeIfRoom(stdio.STDOUT, "hello");
  sameNumber(host.calls("fd_write"), 5);
  same(sent(1), "hello");
}

export function what_fits_is_written_and_a_reader_that_has_gone_is_told_apart(): void {
  String.UTF8.encodeUnsafe(changetype<usize>("hello"), 5, buffer);
  sameNumber(stdio.writeWhatFits(1, buffer, 5), 5);
  host.setRoom(1, 0);
  sameNumber(stdio.writeWhatFits(1, buffer, 5), 0);
  host.hangUp(2);
  sameNumber(stdio.writeWhatFits(2, buffer, 5), -errno.PIPE);
  host.drop(2);
  sameNumber(stdio.writeWhatFits(2, buffer, 5), -errno.BADF);
}

export function write_answers_with_the_bytes_that_were_taken(): void {
  String.UTF8.encodeUnsafe(changetype<usize>("hello"), 5, buffer);
  host.setRoom(1, 2);
  sameNumber(stdio.write(1, buffer, 5), 2);
  host.failSend(1, errno.PIPE);
  sameNumber(stdio.write(1, buffer, 5), -errno.PIPE);
}

export function stdin_is_read_until_its_end(): void {
  host.feed(stdio.STDIN, "hello");
  sameNumber(stdio.readStdin(buffer, 256), 5);
  host.end(stdio.STDIN);
  sameNumber(stdio.readStdin(buffer, 256), 0);
  host.drop(stdio.STDIN);
  sameNumber(stdio.readStdin(buffer, 256), -errno.BADF);
  sameNumber(stdio.STDIN_READ_BYTES, 8192);
}

export function a_pipe_and_a_terminal_look_watchable_and_the_rest_does_not(): void {
  assert(stdio.looksWatchable(), "a pipe");
  host.end(stdio.STDIN);
  assert(stdio.looksWatchable(), "a pipe that has ended");
  host.stdinIsNull();
  assert(!stdio.looksWatchable(), "/dev/null");
  host.stdinIsFile();
  assert(!stdio.looksWatchable(), "a file");
  host.stdinIsSocket();
  assert(!stdio.looksWatchable(), "a socket");
  host.stdinIsTerminal();
  assert(stdio.looksWatchable(), "a terminal");
  host.drop(stdio.STDIN);
  assert(!stdio.looksWatchable(), "nothing");
}

export function every_call_of_the_host_is_counted(): void {
  const fd = host.openConnection();
  const before = hostCalls;
  socket.recv(fd, buffer, 1);
  socket.peek(fd);
  socket.send(fd, buffer, 1);
  socket.setBlocking(fd, false);
  socket.shutdownWrite(fd);
  poll.pollOne(fd, poll.READ);
  filetypeOf(fd);
  socket.close(fd);
  stdio.write(1, buffer, 1);
  step();
  sameNumber(hostCalls - before, 9);
  countCall();
  sameNumber(hostCalls - before, 10);
}
