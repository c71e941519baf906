/** Messages of IRC clients: their limits, and the text that other users get. */
import { Style } from "../../../../assembly/chat/protocol/style";
import { enter, got, says, settings } from "./support/chat";
import { asks, join, lines, SERVER } from "./support/irc";
import { same, step } from "./support/steps";

function ready(): void {
  settings.roomsPerClient = 5;
  settings.style = Style.LINE;
}

/** Lets a client that types lines enter a room under a name. */
function typist(name: string, room: string): u32 {
  const fd = enter();
  says(fd, `/nick ${name}\n/join ${room}\n`);
  got(fd);
  return fd;
}

export function a_message_is_cut_where_the_line_of_others_is_full(): void {
  ready();
  const ann = join("ann", "echo-message");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\n");
  says(bob, "JOIN #tea\r\n");
  const tom = typist("tom", "tea");
  lines(ann);
  lines(bob);
  const text = "é".repeat(245);
  const echo = asks(ann, `PRIVMSG #tea :${text}`);
  assert(echo.endsWith("éé") && echo.length < 510, echo);
  assert(String.UTF8.byteLength(echo) >= 509, "cut too early");
  same(lines(bob), echo);
  assert(got(tom).endsWith(`éé\n`), "cut for all");
  step();
  const own = asks(ann, `PRIVMSG bob :${text}`);
  assert(String.UTF8.byteLength(own) >= 509 && !own.includes("|"), own);
  same(lines(bob), own);
  const ctcp = asks(ann, `PRIVMSG bob :\x01PING ${"x".repeat(480)}\x01`);
  assert(ctcp.endsWith("x\x01") && ctcp.length == 510, ctcp);
}

export function a_line_user_has_its_name_as_real_name_in_an_extended_join(): void {
  ready();
  const ann = join("ann", "extended-join");
  says(ann, "JOIN #tea\r\n");
  lines(ann);
  const tom = typist("tom", "tea");
  says(tom, "hi\n");
  const text = lines(ann);
  assert(text.includes(" JOIN #tea * :tom"), text);
}

export function a_private_action_is_shown_as_one(): void {
  ready();
  const ann = join("ann");
  const tom = typist("tom", "tea");
  says(ann, "PRIVMSG tom :\x01ACTION waves\x01\r\n");
  same(got(tom), "[ann -> you] * ann waves\n");
}

export function private_words_of_a_line_user_have_an_id(): void {
  ready();
  const ann = join("ann", "message-tags");
  const tom = typist("tom", "tea");
  says(tom, "/msg ann hi\n/msg ann again\n");
  const all = lines(ann).split("|");
  assert(all[0].startsWith("@msgid=") && all[0].endsWith(" PRIVMSG ann :hi"), all[0]);
  assert(all[1].startsWith("@msgid="), all[1]);
  assert(all[0].split(" ")[0] != all[1].split(" ")[0], "two messages with one id");
  same(got(tom), "[you -> ann] hi\n[you -> ann] again\n");
}

export function a_cleared_topic_is_none(): void {
  ready();
  const ann = join("ann");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\nTOPIC #tea :cake\r\n");
  lines(ann);
  assert(asks(ann, "TOPIC #tea").startsWith(`${SERVER} 332 ann #tea :cake|`));
  assert(asks(ann, "TOPIC #tea :").endsWith(" TOPIC #tea :"));
  same(asks(ann, "TOPIC #tea"), `${SERVER} 331 ann #tea :No topic is set`);
  const joined = asks(bob, "JOIN #tea");
  assert(!joined.includes(" 331 ") && !joined.includes(" 332 "), joined);
  says(ann, "TOPIC #tea :  \r\n");
  lines(ann);
  same(asks(ann, "TOPIC #tea"), `${SERVER} 331 ann #tea :No topic is set`);
}

export function tags_alone_are_no_ctcp(): void {
  ready();
  const ann = join("ann", "message-tags");
  const bob = join("bob", "message-tags");
  says(ann, "JOIN #tea\r\nMODE #tea +C\r\n");
  says(bob, "JOIN #tea\r\n");
  lines(bob);
  says(ann, "PRIVMSG bob :\x01VERSION\x01\r\n");
  lines(ann);
  lines(bob);
  same(asks(ann, "@+typing=active TAGMSG #tea"), "");
  assert(lines(bob).endsWith(" TAGMSG #tea"));
}

export function a_banned_member_keeps_its_nick(): void {
  ready();
  const ann = join("ann");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\n");
  says(bob, "JOIN #tea\r\n");
  const tom = typist("tom", "tea");
  says(ann, "MODE #tea +b bob\r\nMODE #tea +b tom\r\n");
  lines(bob);
  got(tom);
  same(asks(bob, "NICK bea"), `${SERVER} 435 bob bea #tea :Cannot change nickname while banned`);
  says(tom, "/nick tim\n");
  same(got(tom), "* you are banned from tea\n");
  says(ann, "MODE #tea +v bob\r\n");
  lines(bob);
  assert(asks(bob, "NICK bea").endsWith(" NICK :bea"));
}
