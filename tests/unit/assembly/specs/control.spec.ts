import { Console } from "../../../../assembly/chat/admin/console";
import {
  ANSWER_BYTES,
  answerTo,
  CONTROL_BYTES,
  Request,
} from "../../../../assembly/chat/admin/control";
import { Output } from "../../../../assembly/net/stdio/output";
import { STDOUT } from "../../../../assembly/wasi/stdio";
import * as host from "./support/host";
import { admission, enter, log, loop, server } from "./support/chat";
import { same, sameNumber, sent } from "./support/steps";

/** Returns the answer to the launcher. */
function asked(line: string): string {
  const out = new Output(loop, STDOUT, CONTROL_BYTES, true);
  out.open();
  host.forgetSent(STDOUT);
  const console = new Console(loop, server, out, log, false, true);
  console.showPrompt();
  console.onConsoleLine(line);
  out.run();
  return sent(STDOUT);
}

export function a_request_is_a_number_and_a_command(): void {
  const request = new Request("12 kick ann be kind");
  sameNumber(request.id, 12);
  same(request.command, "kick");
  same(request.rest, "ann be kind");
}

export function what_has_no_number_is_no_request(): void {
  same(new Request("kick ann").command, "");
  same(new Request("-1 kick").command, "");
  same(new Request("").command, "");
  const text = "a request is a number and a command: 7 clients\\n";
  const answer = `{"id":0,"text":"${text}","refused":true}\n`;
  same(asked("clients"), answer);
}

export function the_launcher_gets_one_object_and_no_prompt(): void {
  enter();
  same(asked("007 clients"), '{"id":7,"text":"client-1 in lobby, 0 s, owed 0 bytes\\n"}\n');
  same(asked("8  kick  nobody "), '{"id":8,"text":"nobody is called nobody\\n","refused":true}\n');
}

export function what_is_no_command_shows_what_there_is_and_says_so(): void {
  const answer = asked("5");
  assert(answer.startsWith('{"id":5,"text":"------------------------------\\n0 clients'), answer);
  assert(answer.endsWith('------------------------------\\n","unknown":true}\n'), answer);
  assert(asked("6 how are you").endsWith('"unknown":true}\n'));
}

export function what_is_asked_is_made_safe(): void {
  same(
    asked('9 kick "\x1b[2J'),
    '{"id":9,"text":"nobody is called \\"\u241b[2J\\n","refused":true}\n',
  );
}

export function quit_is_answered_before_the_server_stops(): void {
  server.listen(admission);
  same(asked("3 quit"), '{"id":3,"text":"stopping\\n"}\n');
  assert(!host.isOpen(admission));
}

export function an_answer_at_its_bound_is_given_whole(): void {
  const longest = "x".repeat(ANSWER_BYTES);
  same(answerTo(1, longest).line(), `{"id":1,"text":"${longest}"}\n`);
}

export function a_longer_answer_is_replaced_by_words(): void {
  const words = "the answer is too long: it has 262145 bytes, and may have 262144\\n";
  same(answerTo(1, "x".repeat(ANSWER_BYTES + 1)).line(), `{"id":1,"text":"${words}"}\n`);
}
