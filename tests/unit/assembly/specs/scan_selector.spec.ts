import {
  EVENT_READ,
  EVENT_WRITE,
  ScanSelector,
  SelectorError,
} from "../../../../assembly/selectors";
import { MAX_NAP, MIN_NAP } from "../../../../assembly/selectors/scan_selector";
import { HostReadiness, hostReadiness } from "../../../../assembly/selectors";
import { probeHost } from "../../../../assembly/selectors/host_readiness";
import { monotonic } from "../../../../assembly/wasi/clock";
import { BADF, CONNRESET, NOSYS } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { Host, same, sameNumber, SECOND, step } from "./support/steps";

const BOTH = EVENT_READ | EVENT_WRITE;

function scanning(): ScanSelector<i32> {
  host.setHost(Host.CLOCKS_ONLY);
  return new ScanSelector<i32>();
}

export function a_connection_with_data_is_found_without_a_nap(): void {
  const selector = scanning();
  const fd = host.openConnection();
  selector.register(fd, EVENT_READ, 0);
  host.feed(fd, "x");
  const start = monotonic();
  sameNumber(selector.select()[0].mask, EVENT_READ);
  sameNumber(monotonic(), start);
}

export function the_first_select_tells_of_a_reset_that_register_has_taken(): void {
  const selector = scanning();
  const fd = host.openConnection();
  host.resetOnce(fd);
  sameNumber(selector.register(fd, BOTH, 0), SelectorError.NONE);
  const event = selector.select(0)[0];
  sameNumber(event.mask, BOTH);
  sameNumber(event.key.errno, CONNRESET);
  sameNumber(selector.select(0)[0].key.errno, 0);
}

export function an_idle_selector_naps_longer_and_longer(): void {
  const selector = scanning();
  const fd = host.openConnection();
  selector.register(fd, EVENT_READ, 0);
  const naps = host.calls("poll_oneoff");
  host.feedAfter(SECOND, fd, "x");
  const start = monotonic();
  sameNumber(selector.select().length, 1);
  assert(monotonic() - start <= SECOND + MAX_NAP, "found within one nap");
  // 0.5 + 1 + 2 + 4 + 8 + 16 ms, and then 20 ms at a time.
  sameNumber(host.calls("poll_oneoff") - naps, 55);
}

export function what_is_found_makes_the_naps_short_again(): void {
  const selector = scanning();
  const fd = host.openConnection();
  selector.register(fd, EVENT_READ, 0);
  selector.select(1);
  host.end(fd);
  selector.select();
  selector.unregister(fd);
  const other = host.openConnection();
  selector.register(other, EVENT_READ, 0);
  const start = monotonic();
  host.feedAfter(1, other, "x");
  selector.select();
  sameNumber(monotonic() - start, MIN_NAP);
}

export function a_timeout_is_kept_to_the_nanosecond(): void {
  const selector = scanning();
  selector.register(host.openConnection(), EVENT_READ, 0);
  const start = monotonic();
  sameNumber(selector.select(0.03125).length, 0);
  sameNumber(monotonic() - start, 31_250_000);
  sameNumber(selector.select(0).length, 0);
  sameNumber(monotonic() - start, 31_250_000);
}

export function without_descriptors_a_timeout_is_a_sleep(): void {
  const selector = scanning();
  const start = monotonic();
  selector.select(0.5);
  sameNumber(monotonic() - start, SECOND / 2);
}

export function a_listener_is_a_hint_after_a_nap(): void {
  const selector = scanning();
  const fd = host.openListener();
  selector.register(fd, EVENT_READ, 0);
  const start = monotonic();
  const events = selector.select();
  sameNumber(events.length, 1);
  sameNumber(events[0].mask, EVENT_READ);
  sameNumber(events[0].key.errno, 0);
  sameNumber(monotonic() - start, MIN_NAP, "it never spins:");
}

export function a_write_is_a_hint_after_a_nap(): void {
  const selector = scanning();
  const fd = host.openConnection();
  host.setRoom(fd, 0);
  selector.register(fd, BOTH, 0);
  const start = monotonic();
  sameNumber(selector.select()[0].mask, EVENT_WRITE);
  assert(monotonic() > start);
  host.feed(fd, "x");
  sameNumber(selector.select()[0].mask, BOTH);
}

export function a_reset_is_ready_in_both_directions_with_its_error(): void {
  const selector = scanning();
  const fd = host.openConnection();
  selector.register(fd, BOTH, 0);
  host.reset(fd);
  const event = selector.select()[0];
  sameNumber(event.mask, BOTH);
  sameNumber(event.key.errno, CONNRESET);
}

export function stale_descriptors_are_reported_on_their_own_keys(): void {
  const selector = scanning();
  const connection = host.openConnection();
  const listener = host.openListener();
  selector.register(connection, EVENT_READ, 0);
  selector.register(listener, EVENT_READ, 0);
  host.drop(connection);
  host.drop(listener);
  step();
  const events = selector.select();
  sameNumber(events.length, 2);
  sameNumber(events[0].key.errno, BADF);
  sameNumber(events[1].key.errno, BADF);
}

export function what_would_wait_when_it_is_tried_is_refused(): void {
  const selector = scanning();
  sameNumber(selector.register(0, EVENT_READ, 0), SelectorError.UNPOLLABLE);
  const fd = host.openConnection();
  host.setBlockingFd(fd);
  sameNumber(selector.register(fd, EVENT_READ, 0), SelectorError.UNPOLLABLE);
}

export function it_works_without_any_poll_at_all(): void {
  host.setHost(Host.NO_POLL);
  const selector = new ScanSelector<i32>();
  const fd = host.openConnection();
  selector.register(fd, EVENT_READ, 0);
  host.feed(fd, "x");
  sameNumber(selector.select(1).length, 1);
  same(selector.name, "scan (try and sleep)");
}

export function the_probe_knows_an_exact_host(): void {
  host.setHost(Host.EXACT);
  host.openListener();
  sameNumber(probeHost(), HostReadiness.EXACT);
}

export function the_probe_knows_a_host_that_over_reports(): void {
  host.openListener();
  sameNumber(probeHost(), HostReadiness.OVER_REPORTS);
}

export function the_probe_knows_a_host_without_poll(): void {
  host.openListener();
  host.setHost(Host.CLOCKS_ONLY);
  sameNumber(probeHost(), HostReadiness.NONE);
  host.setHost(Host.NO_POLL);
  sameNumber(probeHost(), HostReadiness.NONE);
}

export function closed_outputs_do_not_make_a_host_one_without_poll(): void {
  host.openListener();
  host.drop(1);
  host.drop(2);
  sameNumber(probeHost(), HostReadiness.OVER_REPORTS);
}

export function the_probe_assumes_the_worse_where_it_cannot_tell(): void {
  host.setHost(Host.EXACT);
  sameNumber(probeHost(), HostReadiness.OVER_REPORTS, "no listener:");
  const listener = host.openListener();
  host.arrive(listener, 1);
  sameNumber(probeHost(), HostReadiness.OVER_REPORTS, "somebody waits:");
  host.openListener();
  host.setRoom(1, 0);
  host.setRoom(2, 0);
  sameNumber(probeHost(), HostReadiness.OVER_REPORTS, "no room:");
}

export function the_probe_uses_the_listener_and_the_output_that_serve(): void {
  host.setHost(Host.EXACT);
  host.arrive(host.openListener(), 1);
  host.openListener();
  host.setRoom(1, 0);
  sameNumber(probeHost(), HostReadiness.EXACT);
}

export function the_probe_neither_waits_nor_takes_anything(): void {
  const start = monotonic();
  const listener = host.openListener();
  host.arrive(listener, 1);
  probeHost();
  sameNumber(monotonic(), start);
  sameNumber(host.calls("sock_accept") + host.calls("fd_write"), 0);
}

export function the_kind_of_host_is_found_out_once(): void {
  host.openListener();
  sameNumber(hostReadiness(), HostReadiness.OVER_REPORTS);
  const polls = host.calls("poll_oneoff");
  host.failPoll(NOSYS);
  sameNumber(hostReadiness(), HostReadiness.OVER_REPORTS);
  sameNumber(host.calls("poll_oneoff"), polls);
}
