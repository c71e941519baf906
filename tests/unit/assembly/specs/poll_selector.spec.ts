import {
  EVENT_READ,
  EVENT_WRITE,
  PollOneoffSelector,
  SelectorError,
  SelectorEvent,
} from "../../../../assembly/selectors";
import { VERIFY_ROUNDS } from "../../../../assembly/selectors/poll_throttle";
import { AGAIN, BADF, CONNRESET, INTR, INVAL, IO, NOSYS } from "../../../../assembly/wasi/errno";
import { monotonic } from "../../../../assembly/wasi/clock";
import { recv } from "../../../../assembly/wasi/socket";
import * as host from "./support/host";
import { Host, same, sameNumber, SECOND, step } from "./support/steps";

const BOTH = EVENT_READ | EVENT_WRITE;
const buffer = memory.data(64);

function verifying(): PollOneoffSelector<i32> {
  return new PollOneoffSelector<i32>(false);
}

function believing(): PollOneoffSelector<i32> {
  host.setHost(Host.EXACT);
  return new PollOneoffSelector<i32>(true);
}

/** The event of a descriptor among those of a select; null if it is not there. */
function eventOf(events: Array<SelectorEvent<i32>>, fd: u32): SelectorEvent<i32> | null {
  let found: SelectorEvent<i32> | null = null;
  for (let i = 0; i < events.length; i++) {
    if (events[i].key.fd != fd) continue;
    assert(found === null, "two events for one descriptor");
    found = events[i];
  }
  return found;
}

/** Opens and registers so many idle connections. */
function crowd(selector: PollOneoffSelector<i32>, size: i32, events: u32 = EVENT_READ): u32 {
  const first = host.openConnection();
  selector.register(first, events, 0);
  for (let i = 1; i < size; i++) selector.register(host.openConnection(), events, 0);
  return first;
}

export function an_idle_descriptor_that_the_host_calls_ready_is_not(): void {
  const selector = verifying();
  const idle = crowd(selector, 20);
  const busy = idle + 7;
  host.feed(busy, "hello");
  for (let i = 0; i < 20; i++) {
    step();
    const events = selector.select();
    sameNumber(events.length, 1);
    sameNumber(events[0].key.fd, busy);
  }
}

export function one_byte_is_found_although_it_looks_like_nothing(): void {
  const selector = verifying();
  const first = crowd(selector, 20);
  host.feed(first + 3, "x");
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, first + 3);
}

export function looking_takes_nothing(): void {
  const selector = verifying();
  const fd = crowd(selector, 2);
  host.feed(fd, "x");
  for (let i = 0; i < 3; i++) selector.select();
  sameNumber(recv(fd, buffer, 64), 1);
  sameNumber(recv(fd, buffer, 64), -AGAIN);
}

export function what_is_certain_makes_the_crowd_not_worth_a_look(): void {
  const selector = verifying();
  const first = crowd(selector, 80);
  host.feed(first, "hello");
  for (let i: u32 = 0; i < VERIFY_ROUNDS; i++) {
    const before = host.calls("peek");
    selector.select();
    const looks = host.calls("peek") - before;
    assert(looks >= 9 && looks <= 10, `one in ${VERIFY_ROUNDS} of 79, not ${looks}`);
  }
}

export function a_newcomer_makes_the_crowd_not_worth_a_look_either(): void {
  const selector = verifying();
  crowd(selector, 80);
  const listener = host.openListener();
  selector.register(listener, EVENT_READ, 0);
  host.arrive(listener, 1);
  const before = host.calls("peek");
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, listener);
  sameNumber(host.calls("peek") - before, 80 / VERIFY_ROUNDS);
}

export function nobody_waits_longer_than_the_bound_behind_a_busy_neighbour(): void {
  const selector = verifying();
  const size = 40;
  const busy = crowd(selector, size + 1);
  host.feed(busy, "always");
  for (let i = 1; i <= size; i++) {
    const quiet = busy + i;
    if (i % 2) host.feed(quiet, "x");
    else host.end(quiet);
    let waited: u32 = 1;
    while (eventOf(selector.select(), quiet) === null) waited++;
    assert(waited <= VERIFY_ROUNDS, `fd ${quiet} waited for ${waited} selects`);
    selector.unregister(quiet);
  }
}

export function a_write_does_not_wait_longer_than_the_bound_either(): void {
  const selector = verifying();
  const busy = crowd(selector, 1);
  host.feed(busy, "always");
  const full = host.openConnection();
  host.setRoom(full, 0);
  selector.register(full, EVENT_WRITE, 0);
  for (let i = 0; i < 20; i++) {
    assert(eventOf(selector.select(), full) === null, "there is no room yet");
  }
  host.setRoom(full, 1);
  let waited: u32 = 1;
  while (eventOf(selector.select(), full) === null) waited++;
  assert(waited <= VERIFY_ROUNDS);
}

export function both_directions_of_one_descriptor_are_told_apart(): void {
  const selector = verifying();
  const fd = crowd(selector, 1, BOTH);
  host.setRoom(fd, 0);
  sameNumber(selector.select(0).length, 0);
  host.setRoom(fd, 10);
  sameNumber(selector.select(0)[0].mask, EVENT_WRITE);
  host.feed(fd, "x");
  sameNumber(selector.select(0)[0].mask, BOTH);
  host.setRoom(fd, 0);
  sameNumber(selector.select(0)[0].mask, EVENT_READ);
}

export function a_listener_is_ready_only_if_somebody_waits(): void {
  const selector = verifying();
  const listener = host.openListener();
  selector.register(listener, EVENT_READ, 0);
  const writer = crowd(selector, 1, EVENT_WRITE);
  let events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, writer);
  host.arrive(listener, 1);
  events = selector.select();
  assert(eventOf(events, listener) !== null);
}

export function stdin_is_ready_only_if_there_is_a_line(): void {
  const selector = verifying();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.NONE);
  const writer = crowd(selector, 1, EVENT_WRITE);
  assert(eventOf(selector.select(), 0) === null);
  host.feed(0, "q");
  assert(eventOf(selector.select(), 0) !== null);
  // As behind a busy neighbour, the others have their turn within the bound.
  let waited: u32 = 1;
  while (eventOf(selector.select(), writer) === null) waited++;
  assert(waited <= VERIFY_ROUNDS);
}

export function a_blocking_connection_is_verified_without_a_peek(): void {
  const selector = verifying();
  const fd = host.openConnection();
  host.setBlockingFd(fd);
  sameNumber(selector.register(fd, EVENT_READ, 0), SelectorError.NONE);
  crowd(selector, 1, EVENT_WRITE);
  assert(eventOf(selector.select(), fd) === null);
  host.feed(fd, "x");
  assert(eventOf(selector.select(), fd) !== null);
  sameNumber(host.calls("peek"), 1, "only of the other:");
}

export function a_reset_is_ready_in_both_directions_with_its_error(): void {
  const selector = verifying();
  const fd = crowd(selector, 3, BOTH);
  for (let i: u32 = 0; i < 3; i++) host.setRoom(fd + i, 0);
  host.reset(fd + 1);
  for (let i: u32 = 0; i < VERIFY_ROUNDS; i++) {
    const events = selector.select();
    sameNumber(events.length, 1);
    sameNumber(events[0].mask, BOTH);
    sameNumber(events[0].key.errno, IO);
  }
}

export function a_reset_shows_its_error_on_an_exact_host_too(): void {
  const selector = believing();
  const fd = crowd(selector, 3, BOTH);
  for (let i: u32 = 0; i < 3; i++) host.setRoom(fd + i, 0);
  host.reset(fd + 1);
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].mask, BOTH);
  sameNumber(events[0].key.errno, IO);
}

export function a_hangup_is_ready_in_both_directions(): void {
  const selector = verifying();
  const fd = crowd(selector, 2, BOTH);
  host.setRoom(fd, 0);
  host.setRoom(fd + 1, 0);
  host.hangUp(fd);
  const event = eventOf(selector.select(), fd)!;
  sameNumber(event.mask, BOTH);
  sameNumber(event.key.errno, 0);
}

export function an_error_that_is_over_is_forgotten(): void {
  const selector = verifying();
  const fd = crowd(selector, 1);
  host.reset(fd);
  sameNumber(selector.select()[0].key.errno, IO);
  host.drop(fd);
  sameNumber(selector.select()[0].key.errno, BADF);
}

export function an_exact_host_is_believed_without_a_look(): void {
  const selector = believing();
  const fd = crowd(selector, 20);
  host.feed(fd + 5, "x");
  const looks = host.calls("peek");
  const polls = host.calls("poll_oneoff");
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, fd + 5);
  sameNumber(host.calls("peek"), looks);
  sameNumber(host.calls("poll_oneoff"), polls + 1);
}

export function a_stale_descriptor_is_reported_on_its_own_key(): void {
  const selector = verifying();
  const fd = crowd(selector, 5);
  host.drop(fd + 2);
  host.feed(fd + 4, "hello");
  let seen = 0;
  for (let i = 0; i < 3; i++) {
    step();
    const events = selector.select();
    sameNumber(selector.error, SelectorError.NONE);
    const event = eventOf(events, fd + 2)!;
    sameNumber(event.mask, EVENT_READ);
    sameNumber(event.key.errno, BADF);
    if (eventOf(events, fd + 4) !== null) seen++;
  }
  assert(seen >= 2, "its neighbours are served all the same");
  sameNumber(selector.unregister(fd + 2), SelectorError.NONE);
  sameNumber(selector.select().length, 1);
}

export function two_stale_descriptors_are_both_reported(): void {
  const selector = verifying();
  const fd = crowd(selector, 5, BOTH);
  for (let i: u32 = 0; i < 5; i++) host.setRoom(fd + i, 0);
  host.drop(fd);
  host.drop(fd + 4);
  const events = selector.select();
  sameNumber(events.length, 2);
  assert(eventOf(events, fd) !== null && eventOf(events, fd + 4) !== null);
}

export function a_stale_descriptor_does_not_make_the_others_wait_for_the_timeout(): void {
  const selector = verifying();
  const fd = crowd(selector, 2);
  host.drop(fd);
  const start = monotonic();
  sameNumber(selector.select(10).length, 1);
  sameNumber(selector.select(10).length, 1);
  sameNumber(monotonic(), start);
}

export function a_stale_descriptor_that_is_the_only_one_is_reported(): void {
  const selector = verifying();
  const fd = crowd(selector, 1);
  host.drop(fd);
  for (let i = 0; i < 3; i++) {
    const events = selector.select();
    sameNumber(events.length, 1);
    sameNumber(events[0].key.errno, BADF);
  }
  sameNumber(selector.modify(fd, BOTH, 0), SelectorError.NONE);
  sameNumber(selector.select()[0].mask, BOTH);
  sameNumber(selector.unregister(fd), SelectorError.NONE);
  sameNumber(selector.select(0).length, 0);
}

export function a_stale_descriptor_on_an_exact_host_is_an_error_of_its_event(): void {
  const selector = believing();
  const fd = crowd(selector, 3);
  host.drop(fd + 1);
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, fd + 1);
  sameNumber(events[0].key.errno, BADF);
}

export function a_wait_that_a_signal_ends_finds_nothing_as_in_python(): void {
  const selector = verifying();
  crowd(selector, 2);
  const polls = host.calls("poll_oneoff");
  host.failPoll(INTR);
  sameNumber(selector.select(1).length, 0);
  sameNumber(selector.error, SelectorError.NONE);
  sameNumber(selector.errno, 0);
  sameNumber(host.calls("poll_oneoff") - polls, 1);
}

export function the_first_select_tells_of_a_reset_that_register_has_taken(): void {
  for (let i = 0; i < 2; i++) {
    const selector = i == 0 ? verifying() : believing();
    const fd = host.openConnection();
    host.resetOnce(fd);
    sameNumber(selector.register(fd, BOTH, 0), SelectorError.NONE);
    const event = selector.select(0)[0];
    sameNumber(event.mask, BOTH);
    sameNumber(event.key.errno, CONNRESET);
    sameNumber(recv(fd, buffer, 64), 0, "the error is told once:");
    sameNumber(selector.select(0)[0].key.errno, 0);
  }
}

export function a_call_that_fails_for_nobody_in_particular_is_an_error_of_the_host(): void {
  const selector = verifying();
  crowd(selector, 2);
  host.failPoll(NOSYS);
  sameNumber(selector.select(1).length, 0);
  sameNumber(selector.error, SelectorError.HOST);
  sameNumber(selector.errno, NOSYS);
  selector.select(0);
  sameNumber(selector.error, SelectorError.NONE);
  sameNumber(selector.errno, 0);
}

export function a_timeout_of_zero_only_looks(): void {
  const selector = verifying();
  crowd(selector, 2);
  const start = monotonic();
  sameNumber(selector.select(0).length, 0);
  sameNumber(selector.select(-5).length, 0);
  sameNumber(selector.select(NaN).length, 0);
  sameNumber(monotonic(), start);
}

export function without_descriptors_a_timeout_is_a_sleep(): void {
  const selector = verifying();
  const start = monotonic();
  sameNumber(selector.select(0.25).length, 0);
  sameNumber(monotonic() - start, SECOND / 4);
}

export function a_wait_is_never_shorter_than_asked(): void {
  const selector = verifying();
  crowd(selector, 2);
  let start = monotonic();
  selector.select(1.5);
  sameNumber(monotonic() - start, 1_500_000_000);
  start = monotonic();
  selector.select(0.3e-9);
  sameNumber(monotonic() - start, 1);
}

export function a_wait_ends_when_something_arrives(): void {
  const selector = verifying();
  const fd = crowd(selector, 3);
  host.feedAfter(2 * SECOND, fd + 1, "x");
  const start = monotonic();
  const events = selector.select(10);
  sameNumber(events.length, 1);
  sameNumber(monotonic() - start, 2 * SECOND);
}

export function a_wait_without_end_ends_when_something_arrives(): void {
  const selector = verifying();
  const fd = crowd(selector, 3);
  host.feedAfter(1000 * SECOND, fd + 2, "hello");
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].key.fd, fd + 2);
}

export function a_wait_of_a_year_is_cut_into_days(): void {
  const selector = verifying();
  crowd(selector, 1);
  const start = monotonic();
  const polls = host.calls("poll_oneoff");
  sameNumber(selector.select(86_400 * 3 + 1).length, 0);
  sameNumber(monotonic() - start, (86_400 * 3 + 1) * SECOND);
  sameNumber(host.calls("poll_oneoff") - polls, 4);
}

export function what_arrives_as_the_time_runs_out_is_reported(): void {
  const selector = verifying();
  const fd = crowd(selector, 1);
  host.feedAfter(SECOND, fd, "x");
  sameNumber(selector.select(1).length, 1);
}

export function stdin_that_is_dev_null_is_refused_before_it_can_do_harm(): void {
  host.stdinIsNull();
  const selector = verifying();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.UNPOLLABLE);
}

export function stdin_that_is_a_file_is_refused(): void {
  host.stdinIsFile();
  const selector = verifying();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.UNPOLLABLE);
}

export function stdin_that_is_a_terminal_is_watched(): void {
  host.stdinIsTerminal();
  const selector = verifying();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.NONE);
}

export function stdin_that_is_a_socket_is_watched_if_the_caller_knows(): void {
  host.stdinIsSocket();
  const selector = verifying();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.UNPOLLABLE);
  selector.trustStdin = true;
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.NONE);
}

export function a_descriptor_that_the_host_cannot_poll_is_refused(): void {
  const selector = verifying();
  const fd = host.openListener();
  host.failPoll(INVAL);
  sameNumber(selector.register(fd, EVENT_READ, 0), SelectorError.UNPOLLABLE);
  assert(selector.getKey(fd) === null);
}

export function modify_changes_what_is_subscribed_to(): void {
  const selector = verifying();
  const fd = crowd(selector, 1);
  const wanted: u32[] = [EVENT_READ, EVENT_WRITE, BOTH, EVENT_READ, BOTH, EVENT_WRITE];
  for (let i = 0; i < wanted.length; i++) {
    selector.modify(fd, wanted[i], 0);
    host.subscribed();
    selector.select(0);
    sameNumber(host.subscribed(), 1 + popcnt(wanted[i]));
  }
}

export function modify_during_dispatch_holds_for_the_next_select(): void {
  const selector = verifying();
  const fd = crowd(selector, 2);
  host.feed(fd, "hello");
  host.feed(fd + 1, "hello");
  const events = selector.select(0);
  sameNumber(events.length, 2);
  selector.modify(events[1].key.fd, EVENT_WRITE, 0);
  sameNumber(events[1].mask, EVENT_READ, "the list is as it was:");
}

export function slots_stay_in_order_however_keys_come_and_go(): void {
  const selector = verifying();
  const known = new Array<u32>();
  for (let round = 0; round < 600; round++) {
    const act = host.random() % 4;
    const at = known.length > 0 ? <i32>(host.random() % <u32>known.length) : 0;
    const events = 1 + (host.random() % 3);
    if (act == 0 || known.length < 4) {
      const fd = host.openConnection();
      host.setRoom(fd, 0);
      sameNumber(selector.register(fd, events, 0), SelectorError.NONE);
      known.push(fd);
    } else if (act == 1) {
      sameNumber(selector.unregister(known.splice(at, 1)[0]), SelectorError.NONE);
    } else {
      sameNumber(selector.modify(known[at], events, 0), SelectorError.NONE);
    }
    if (round % 10 == 0) verifyAll(selector, known);
    if (round % 50 == 0) step();
  }
}

/** Each key, made ready in turn, is the only one that shows, with the right mask. */
function verifyAll(selector: PollOneoffSelector<i32>, known: Array<u32>): void {
  let subscriptions = 1;
  for (let i = 0; i < known.length; i++) {
    const wanted = selector.getKey(known[i])!.events;
    subscriptions += popcnt(wanted);
    host.hangUp(known[i]);
  }
  host.subscribed();
  const events = selector.select(0);
  sameNumber(host.subscribed(), subscriptions);
  sameNumber(events.length, known.length);
  for (let i = 0; i < events.length; i++) {
    assert(known.includes(events[i].key.fd));
    sameNumber(events[i].mask, events[i].key.events);
  }
}

export function the_list_of_events_is_used_again_by_the_next_select(): void {
  const selector = verifying();
  const fd = crowd(selector, 1);
  host.feed(fd, "x");
  const events = selector.select(0);
  recv(fd, buffer, 64);
  assert(selector.select(0) === events);
  sameNumber(events.length, 0);
  host.feed(fd, "x");
  sameNumber(selector.select(0)[0].mask, EVENT_READ, "and no old bit is left:");
}

export function names_say_whether_the_host_is_believed(): void {
  same(new PollOneoffSelector<i32>(true).name, "poll_oneoff (exact host)");
  same(new PollOneoffSelector<i32>(false).name, "poll_oneoff (verified)");
}

export function a_reset_that_a_peek_finds_is_ready(): void {
  // A host that says neither error nor hangup: the peek does.
  const selector = verifying();
  const fd = crowd(selector, 2);
  host.setHost(Host.EXACT);
  host.reset(fd);
  const event = eventOf(selector.select(), fd)!;
  sameNumber(event.mask, EVENT_READ);
  assert(event.key.errno == IO || event.key.errno == CONNRESET);
}

export function the_error_of_one_direction_is_not_hidden_by_the_other(): void {
  const selector = believing();
  const fd = crowd(selector, 1, BOTH);
  host.failRead(fd);
  const event = selector.select()[0];
  sameNumber(event.mask, BOTH);
  sameNumber(event.key.errno, IO);
}

export function the_error_of_one_direction_outlives_the_look_at_the_other(): void {
  const selector = verifying();
  const fd = crowd(selector, 1, BOTH);
  host.failRead(fd);
  for (let i: u32 = 0; i < VERIFY_ROUNDS; i++) {
    sameNumber(selector.select()[0].key.errno, IO);
  }
}
