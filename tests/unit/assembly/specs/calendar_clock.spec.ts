import { CalendarClock } from "../../../../assembly/chat/calendar_clock";
import { Loop } from "../../../../assembly/loop/loop";
import * as host from "./support/host";
import { sameNumber, SECOND } from "./support/steps";

export function the_calendar_is_read_once_a_tick(): void {
  const loop = new Loop();
  const clock = new CalendarClock(loop);
  const first = clock.now;
  host.advance(5 * SECOND);
  sameNumber(clock.now, first);
  loop.ticks++;
  sameNumber(clock.now, first + 5);
}
