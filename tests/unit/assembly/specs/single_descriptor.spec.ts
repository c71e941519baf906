import { EVENT_READ, EVENT_WRITE } from "../../../../assembly/selectors";
import {
  canRead,
  canWrite,
  checkPollable,
  isBad,
  isPeekable,
  peekFirst,
} from "../../../../assembly/selectors/single_descriptor";
import { SelectorError } from "../../../../assembly/selectors/errors";
import { SelectorKey } from "../../../../assembly/selectors/key";
import { BADF, CONNRESET, INVAL } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { sameNumber } from "./support/steps";

function keyOf(fd: u32, events: u32 = EVENT_READ): SelectorKey<i32> {
  const key = new SelectorKey<i32>(fd, events, 0);
  key._peekable = isPeekable(key);
  return key;
}

export function a_connection_can_be_peeked_at_and_a_listener_cannot(): void {
  assert(keyOf(host.openConnection())._peekable);
  assert(!keyOf(host.openListener())._peekable);
}

export function an_error_that_the_first_peek_takes_is_kept(): void {
  const key = new SelectorKey<i32>(host.openConnection(), EVENT_READ, 0);
  host.resetOnce(key.fd);
  assert(peekFirst(key));
  sameNumber(key._takenErrno, CONNRESET);
  assert(peekFirst(key));
  sameNumber(key._takenErrno, CONNRESET, "the end is no error:");
  assert(!peekFirst(new SelectorKey<i32>(host.openListener(), EVENT_READ, 0)));
}

export function one_byte_can_be_read_and_stays(): void {
  const fd = host.openConnection();
  const key = keyOf(fd);
  assert(!canRead(key));
  host.feed(fd, "x");
  assert(canRead(key));
  assert(canRead(key));
}

export function a_listener_can_be_read_if_somebody_waits(): void {
  const fd = host.openListener();
  const key = keyOf(fd);
  assert(!canRead(key));
  host.arrive(fd, 1);
  assert(canRead(key));
}

export function a_full_socket_cannot_be_written_to(): void {
  const fd = host.openConnection();
  const key = keyOf(fd, EVENT_WRITE);
  assert(canWrite(key));
  host.setRoom(fd, 0);
  assert(!canWrite(key));
}

export function what_is_not_open_or_cannot_be_polled_is_not_fit(): void {
  sameNumber(checkPollable(keyOf(host.openListener()), false), SelectorError.NONE);
  sameNumber(checkPollable(keyOf(999), false), SelectorError.BAD_FD);
  const key = keyOf(host.openListener());
  host.failPoll(INVAL);
  sameNumber(checkPollable(key, false), SelectorError.UNPOLLABLE);
}

export function the_one_for_whom_a_call_failed_is_told_from_the_others(): void {
  assert(isBad(keyOf(999), BADF));
  assert(!isBad(keyOf(host.openConnection()), BADF));
  const key = keyOf(host.openListener());
  assert(!isBad(key, INVAL));
  host.failPoll(INVAL);
  assert(isBad(key, INVAL));
}
