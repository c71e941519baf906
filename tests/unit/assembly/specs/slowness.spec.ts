import { Chunk } from "../../../../assembly/net/chunk";
import { CloseReason } from "../../../../assembly/net/close_reason";
import { ConnectionState } from "../../../../assembly/net/connection";
import { Outbox } from "../../../../assembly/net/outbox";
import { Slowness } from "../../../../assembly/net/slowness";
import { stopped, TimeIsUp } from "../../../../assembly/net/time_is_up";
import * as host from "./support/host";
import { join, limits, loop, Talker, turn } from "./support/peers";
import { sameNumber, SECOND } from "./support/steps";

/** What somebody is owed who has taken `sent` bytes. */
function owing(bytes: u32, sent: u64): Outbox {
  const outbox = new Outbox();
  const chunk = Chunk.take();
  chunk.wrote(bytes);
  outbox.append(chunk, 0, bytes);
  outbox.sent = sent;
  return outbox;
}

function slownessOf(talker: Talker): Slowness {
  return new Slowness(loop, limits, talker.connection!);
}

export function others_wait_above_half_of_the_hard_limit_for_who_takes_some(): void {
  const slowness = slownessOf(join(host.openConnection()));
  assert(!slowness.judge(owing(500, 1)));
  assert(slowness.judge(owing(501, 2)));
  assert(!slowness.judge(owing(600, 2)), "it has taken nothing since");
  assert(slowness.judge(owing(600, 3)));
}

export function who_catches_up_is_not_slow_any_more(): void {
  const talker = join(host.openConnection());
  const slowness = slownessOf(talker);
  slowness.judge(owing(101, 0));
  slowness.judge(owing(100, 1));
  host.advance(6 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
  slowness.judge(owing(101, 1));
  slowness.stop();
  host.advance(6 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
}

export function above_the_hard_limit_it_is_closed(): void {
  const talker = join(host.openConnection());
  assert(!slownessOf(talker).judge(owing(1001, 5)));
  sameNumber(talker.asked[0], CloseReason.SLOW);
}

export function time_that_is_up_closes_for_its_reason(): void {
  const talker = join(host.openConnection());
  new TimeIsUp(talker.connection!, CloseReason.IDLE).run();
  sameNumber(talker.asked[0], CloseReason.IDLE);
}

export function without_a_reason_time_that_is_up_ends_it(): void {
  const talker = join(host.openConnection());
  new TimeIsUp(talker.connection!, CloseReason.NONE).run();
  assert(talker.connection!.state == ConnectionState.CLOSED);
}

export function a_timer_that_is_stopped_does_not_run(): void {
  const talker = join(host.openConnection());
  const task = new TimeIsUp(talker.connection!, CloseReason.IDLE);
  assert(stopped(loop.callLater(1, task)) === null);
  assert(stopped(null) === null);
  host.advance(2 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
}
