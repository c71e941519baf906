import { CalendarClock, newEpoch } from "../../../../assembly/chat/calendar_clock";
import { Loop } from "../../../../assembly/loop/loop";
import * as host from "./support/host";
import { MILLISECOND, sameNumber, SECOND } from "./support/steps";

export function the_calendar_is_read_once_a_tick(): void {
  const loop = new Loop();
  const clock = new CalendarClock(loop);
  host.setRealtime(1_764_000_000_999 * MILLISECOND + MILLISECOND - 1);
  const first = clock.milliseconds;
  sameNumber(first, 1_764_000_000_999);
  host.setRealtime(1_764_000_000_999 * MILLISECOND + 5 * SECOND);
  sameNumber(clock.milliseconds, first);
  loop.ticks++;
  sameNumber(clock.milliseconds, first + 5000);
}

export function an_epoch_is_the_microsecond_in_which_it_begins(): void {
  host.setRealtime(1_764_000_000_123_456_789);
  sameNumber(newEpoch(), 1_764_000_000_123_456);
}
