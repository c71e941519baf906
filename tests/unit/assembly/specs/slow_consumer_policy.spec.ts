import { cancelTimer } from "../../../../assembly/loop/loop";
import { Chunk } from "../../../../assembly/net/sending/chunk";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { ConnectionState } from "../../../../assembly/net/connection/connection_state";
import { Outbox } from "../../../../assembly/net/sending/outbox";
import {
  Consumption,
  SlowConsumerPolicy,
} from "../../../../assembly/net/connection/slow_consumer_policy";
import { CloseOnTimeout } from "../../../../assembly/net/connection/close_on_timeout";
import * as host from "./support/host";
import { join, limits, loop, Talker, turn } from "./support/peers";
import { sameNumber, SECOND } from "./support/steps";

/** Returns an outbox that holds `bytes`, after its socket took `sent`. */
function owing(bytes: u32, sent: u32): Outbox {
  const outbox = new Outbox(host.openConnection());
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(bytes + sent);
  outbox.appendRest(chunk, 0, chunk.length, sent);
  return outbox;
}

function policyOf(talker: Talker): SlowConsumerPolicy {
  return new SlowConsumerPolicy(loop, limits, talker.connection!);
}

export function others_wait_above_half_of_the_hard_limit_for_who_takes_some(): void {
  const slowConsumer = policyOf(join(host.openConnection()));
  sameNumber(slowConsumer.judgeOutbox(owing(500, 1)), Consumption.FINE);
  sameNumber(slowConsumer.judgeOutbox(owing(501, 2)), Consumption.BEHIND);
  sameNumber(
    slowConsumer.judgeOutbox(owing(600, 2)),
    Consumption.FINE,
    "it has taken nothing since",
  );
  sameNumber(slowConsumer.judgeOutbox(owing(600, 3)), Consumption.BEHIND);
}

export function who_catches_up_is_not_slow_any_more(): void {
  const talker = join(host.openConnection());
  const slowConsumer = policyOf(talker);
  slowConsumer.judgeOutbox(owing(101, 0));
  slowConsumer.judgeOutbox(owing(100, 1));
  host.advance(6 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
  slowConsumer.judgeOutbox(owing(101, 1));
  slowConsumer.stopTimer();
  host.advance(6 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
}

export function above_the_hard_limit_it_is_too_slow_and_is_not_closed_yet(): void {
  const talker = join(host.openConnection());
  sameNumber(policyOf(talker).judgeOutbox(owing(1000, 5)), Consumption.BEHIND);
  sameNumber(policyOf(talker).judgeOutbox(owing(1001, 5)), Consumption.TOO_SLOW);
  sameNumber(talker.asked.length, 0);
}

export function time_that_is_up_closes_for_its_reason(): void {
  const talker = join(host.openConnection());
  new CloseOnTimeout(talker.connection!, CloseReason.IDLE).run();
  sameNumber(talker.asked[0], CloseReason.IDLE);
}

export function without_a_reason_time_that_is_up_ends_it(): void {
  const talker = join(host.openConnection());
  new CloseOnTimeout(talker.connection!, CloseReason.NONE).run();
  assert(talker.connection!.state == ConnectionState.CLOSED);
}

export function a_timer_that_is_stopped_does_not_run(): void {
  const talker = join(host.openConnection());
  const task = new CloseOnTimeout(talker.connection!, CloseReason.IDLE);
  assert(cancelTimer(loop.callLater(1, task)) === null);
  assert(cancelTimer(null) === null);
  host.advance(2 * SECOND);
  turn();
  sameNumber(talker.asked.length, 0);
}
