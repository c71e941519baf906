import { Answer, refusal } from "../../../../assembly/chat/admin/answer";
import { same } from "./support/steps";

export function an_answer_says_whether_it_refuses(): void {
  const answer = new Answer("ann is kicked\n");
  same(answer.text, "ann is kicked\n");
  assert(!answer.isRefusal);
  assert(refusal("nobody is called ann\n").isRefusal);
}
