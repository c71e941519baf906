/** Channels of IRC clients: leaving all at once, names that look alike, members, histories. */
import { Style } from "../../../../assembly/chat/protocol/style";
import { says, settings, turn } from "./support/chat";
import { advance } from "./support/host";
import { asks, join, lines, SERVER } from "./support/irc";
import { same } from "./support/steps";

const SECOND: u64 = 1_000_000_000;

function ready(): void {
  settings.roomsPerClient = 5;
  settings.style = Style.LINE;
}

export function join_0_leaves_all_channels(): void {
  ready();
  const ann = join("ann");
  says(ann, "JOIN #tea,#den\r\n");
  lines(ann);
  const left = asks(ann, "JOIN 0").split("|");
  assert(left.length == 2 && left[0].endsWith(" PART #tea") && left[1].endsWith(" PART #den"));
  same(asks(ann, "JOIN 0"), "");
}

export function a_name_that_looks_like_a_channel_leads_there(): void {
  ready();
  const ann = join("ann");
  says(ann, "JOIN #teal\r\n");
  lines(ann);
  const first = asks(join("bob"), "JOIN #tea1").split("|")[0];
  same(first, `${SERVER} 470 bob #tea1 #teal :Forwarding to a channel`);
}

export function a_nick_that_would_break_the_answer_is_not_repeated(): void {
  ready();
  const ann = join("ann");
  assert(asks(ann, "NICK ::x").startsWith(`${SERVER} 432 ann * :`), "a colon");
  assert(asks(ann, "NICK :a b").startsWith(`${SERVER} 432 ann * :`), "a space");
  assert(asks(ann, "NICK a!b").startsWith(`${SERVER} 432 ann a!b :`), "a sign");
}

export function the_latest_messages_may_be_bounded(): void {
  ready();
  const ann = join("ann", "batch echo-message message-tags");
  says(ann, "JOIN #tea\r\n");
  lines(ann);
  const id = asks(ann, "PRIVMSG #tea :one").split(" ")[0].substring(7);
  says(ann, "PRIVMSG #tea :two\r\n");
  lines(ann);
  const since = asks(ann, `CHATHISTORY LATEST #tea msgid=${id} 9`);
  assert(since.includes(":two") && !since.includes(":one"), since);
  const all = asks(ann, "CHATHISTORY LATEST #tea * 9");
  assert(all.includes(":two") && all.includes(":one"), all);
}

export function a_join_that_waits_is_told_to_clients_with_lists_later(): void {
  ready();
  settings.announceRate = 5;
  const ann = join("ann");
  says(ann, "JOIN #tea\r\n");
  lines(ann);
  const spy = join("spy");
  says(spy, "JOIN #tea\r\nPART #tea\r\n".repeat(3) + "JOIN #tea\r\n");
  lines(ann);
  advance(5 * SECOND);
  turn();
  assert(lines(ann).includes(":spy!"), "told");
  assert(asks(ann, "NAMES #tea").includes("spy"), "listed");
}

export function all_members_of_a_large_channel_are_listed_when_a_client_asks(): void {
  ready();
  settings.announce = 1;
  const ann = join("ann");
  says(ann, "JOIN #tea\r\n");
  lines(ann);
  says(join("bob"), "JOIN #tea\r\n");
  same(lines(ann), "");
  const who = asks(ann, "WHO #tea");
  assert(who.includes(":bob!") && who.includes(" JOIN "), who);
  assert(who.includes(" 352 ann #tea ~bob "), who);
  says(join("cat"), "JOIN #tea\r\n");
  same(lines(ann), "");
  const names = asks(ann, "NAMES #tea");
  assert(names.includes(":cat!") && names.includes(" JOIN "), names);
  assert(names.includes(" 353 ann = #tea :@ann bob cat"), names);
}
