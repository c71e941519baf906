import { PenaltyRequest } from "../../../../assembly/chat/admin/penalty_request";
import { same, sameNumber } from "./support/steps";

export function what_is_asked_for_is_taken_apart(): void {
  const request = new PenaltyRequest("ban", "ann 2h30m spam and more");
  same(request.who, "ann");
  sameNumber(request.seconds, 9000);
  same(request.why, "spam and more");
  same(request.mistake, "");
  sameNumber(new PenaltyRequest("ban", "ann").seconds, 0);
}

export function a_vast_network_is_confirmed_by_a_word_that_is_no_reason(): void {
  const request = new PenaltyRequest("mute", "0.0.0.0/0 everybody 1h quiet");
  same(request.mistake, "");
  same(request.why, "quiet");
  sameNumber(request.seconds, 3600);
  assert(new PenaltyRequest("mute", "0.0.0.0/0 1h").mistake.endsWith("mute 0.0.0.0/0 everybody"));
}
