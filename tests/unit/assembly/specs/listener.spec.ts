import { EXPECT_TURNS, Loop } from "../../../../assembly/loop/loop";
import {
  ACCEPT_AGAIN,
  ACCEPT_BUDGET,
  AcceptHandler,
  Listener,
  ACCEPT_RETRY_SECONDS_MOST,
  ACCEPT_RETRY_SECONDS,
} from "../../../../assembly/net/listener";
import { SelectorError } from "../../../../assembly/selectors";
import { monotonic } from "../../../../assembly/wasi/clock";
import { CONNABORTED, INTR, MFILE, NFILE, NOBUFS } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { MILLISECOND, Note, same, sameNumber, SECOND, step } from "./support/steps";

class Admission extends AcceptHandler {
  guests: Array<u32> = [];
  proxied: Array<bool> = [];
  failures: Array<i32> = [];
  rests: Array<f64> = [];
  closes: Listener | null = null;

  onAccept(fd: u32, proxied: bool): void {
    this.guests.push(fd);
    this.proxied.push(proxied);
    step();
    this.shut();
  }

  onAcceptFailed(errno: i32, retrySeconds: f64): void {
    this.failures.push(errno);
    this.rests.push(retrySeconds);
    this.shut();
  }

  private shut(): void {
    const listener = this.closes;
    if (listener !== null) listener.close();
  }
}

const loop = new Loop();
const admission = new Admission();
const fd = host.openListener();
const listener = new Listener(loop, fd, admission);

/** One tick that does not wait. */
function turn(): void {
  loop.callSoon(new Note([], ""));
  loop.tick();
}

export function everybody_who_waits_is_let_in_in_one_tick(): void {
  sameNumber(listener.open(), SelectorError.NONE);
  host.arrive(fd, 3);
  turn();
  sameNumber(admission.guests.length, 3);
  assert(host.isOpen(admission.guests[2]));
}

export function who_comes_through_a_proxy_is_known_to_do_so(): void {
  const behind = host.openListener();
  new Listener(loop, behind, admission, true).open();
  listener.open();
  host.arrive(behind, 1);
  turn();
  host.arrive(fd, 1);
  turn();
  same(admission.proxied.toString(), "true,false");
}

export function a_tick_takes_as_many_as_its_budget_and_no_more(): void {
  listener.open();
  host.arrive(fd, ACCEPT_BUDGET + ACCEPT_AGAIN + 1);
  turn();
  sameNumber(admission.guests.length, ACCEPT_BUDGET);
  turn();
  sameNumber(admission.guests.length, ACCEPT_BUDGET + ACCEPT_AGAIN);
  turn();
  sameNumber(admission.guests.length, ACCEPT_BUDGET + ACCEPT_AGAIN + 1);
}

export function a_storm_is_taken_in_with_few_waits(): void {
  listener.open();
  host.arrive(fd, ACCEPT_BUDGET + ACCEPT_AGAIN * EXPECT_TURNS);
  const before = loop.selector.polls;
  for (let i = 0; i <= EXPECT_TURNS; i++) turn();
  sameNumber(admission.guests.length, ACCEPT_BUDGET + ACCEPT_AGAIN * EXPECT_TURNS);
  sameNumber(<i32>(loop.selector.polls - before), 1);
}

export function when_descriptors_run_out_the_listener_rests(): void {
  listener.open();
  host.arrive(fd, 1);
  host.failAccept(fd, MFILE);
  turn();
  sameNumber(admission.failures[0], MFILE);
  assert(admission.rests[0] == ACCEPT_RETRY_SECONDS);
  const accepts = host.calls("sock_accept");
  for (let i = 0; i < 10; i++) turn();
  sameNumber(host.calls("sock_accept"), accepts, "it does not spin:");
  const start = monotonic();
  loop.tick();
  sameNumber(monotonic() - start, 100 * MILLISECOND);
  loop.tick();
  sameNumber(admission.guests.length, 1);
}

export function each_failure_doubles_the_rest_up_to_the_longest(): void {
  listener.open();
  host.arrive(fd, 1);
  const errnos = [MFILE, NFILE, NOBUFS, MFILE, MFILE, MFILE];
  for (let i = 0; i < 6; i++) host.failAccept(fd, errnos[i]);
  while (admission.guests.length == 0) loop.tick();
  sameNumber(admission.rests.length, 6);
  for (let i = 0; i < 6; i++) {
    assert(
      admission.rests[i] ==
        Math.min(ACCEPT_RETRY_SECONDS * <f64>(1 << i), ACCEPT_RETRY_SECONDS_MOST),
    );
    sameNumber(admission.failures[i], errnos[i]);
  }
}

export function a_success_makes_the_next_rest_short_again(): void {
  listener.open();
  host.arrive(fd, 2);
  host.failAccept(fd, MFILE);
  host.failAccept(fd, MFILE);
  while (admission.guests.length == 0) loop.tick();
  host.arrive(fd, 1);
  host.failAccept(fd, MFILE);
  turn();
  assert(admission.rests[2] == ACCEPT_RETRY_SECONDS);
}

export function a_connection_that_is_gone_before_it_is_taken_is_no_reason_to_rest(): void {
  listener.open();
  host.arrive(fd, 1);
  host.failAccept(fd, CONNABORTED);
  host.failAccept(fd, INTR);
  turn();
  sameNumber(admission.guests.length, 1);
  sameNumber(admission.failures.length, 0);
}

export function errors_that_pass_are_not_asked_in_a_circle(): void {
  listener.open();
  host.arrive(fd, 1);
  for (let i = 0; i < ACCEPT_BUDGET; i++) host.failAccept(fd, CONNABORTED);
  turn();
  sameNumber(admission.guests.length, 0);
  turn();
  sameNumber(admission.guests.length, 1);
}

export function a_listener_can_be_closed_while_it_accepts(): void {
  listener.open();
  admission.closes = listener;
  host.arrive(fd, 3);
  turn();
  sameNumber(admission.guests.length, 1);
  sameNumber(admission.failures.length, 0, "it is not asked again:");
  assert(!host.isOpen(fd) && loop.selector.getKey(fd) === null);
}

export function a_listener_can_be_closed_while_it_rests(): void {
  listener.open();
  host.arrive(fd, 1);
  host.failAccept(fd, MFILE);
  turn();
  listener.close();
  listener.close();
  host.advance(SECOND);
  turn();
  turn();
  sameNumber(admission.guests.length, 0);
  sameNumber(host.calls("fd_close"), 1, "twice is once:");
}

export function a_listener_can_be_closed_by_whoever_hears_of_a_failure(): void {
  listener.open();
  admission.closes = listener;
  host.arrive(fd, 1);
  host.failAccept(fd, MFILE);
  turn();
  host.advance(SECOND);
  turn();
  listener.resume();
  sameNumber(admission.guests.length, 0);
  assert(loop.selector.getKey(fd) === null);
}

export function what_is_no_listener_is_not_opened(): void {
  host.drop(fd);
  sameNumber(listener.open(), SelectorError.BAD_FD);
}
