/** LIST of IRC clients, with its filters of names, users, and the ages of rooms and topics. */
import { countComparisons } from "../../../../assembly/chat/irc/comparisons";
import { Style } from "../../../../assembly/chat/protocol/style";
import { lowerPatternMatches } from "../../../../assembly/chat/rooms/mask";
import { chat, says, settings } from "./support/chat";
import { advance } from "./support/host";
import { asks, join, lines, sessionOf } from "./support/irc";
import { same, sameNumber } from "./support/steps";

const MINUTES: u64 = 60_000_000_000;
let ann: u32 = 0;

/** Opens #old, 20 minutes later #new with a topic, and 5 minutes later has two users in #old. */
function ready(): void {
  settings.roomsPerClient = 5;
  settings.style = Style.LINE;
  ann = join("ann");
  says(ann, "JOIN #old\r\n");
  advance(20 * MINUTES);
  says(ann, "JOIN #new\r\nTOPIC #new :fresh\r\n");
  advance(5 * MINUTES);
  // A silent client would have been closed by now.
  says(join("bob"), "JOIN #old\r\n");
  lines(ann);
}

/** Returns the channels that LIST with these words shows, with their users and topics. */
function listed(words: string): string {
  const rows = asks(ann, `LIST ${words}`).split("|");
  let found = "";
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i].indexOf(" 322 ann ");
    if (at < 0) continue;
    found += found == "" ? rows[i].substring(at + 9) : `, ${rows[i].substring(at + 9)}`;
  }
  return found;
}

export function without_a_filter_all_channels_with_users_are_listed(): void {
  ready();
  same(listed(""), "#old 2 :, #new 1 :fresh");
}

export function names_are_patterns_and_may_be_left_out(): void {
  ready();
  same(listed("#n*"), "#new 1 :fresh");
  same(listed("#o?d,#new"), "#old 2 :, #new 1 :fresh");
  same(listed("#none"), "");
  same(listed("!#n*"), "#old 2 :");
  same(listed("#*,!#old"), "#new 1 :fresh");
  same(listed(",#old,"), "#old 2 :");
}

export function the_number_of_users_is_bounded_on_both_sides(): void {
  ready();
  same(listed(">1"), "#old 2 :");
  same(listed(">2"), "");
  same(listed("<2"), "#new 1 :fresh");
  same(listed("<3,>0"), "#old 2 :, #new 1 :fresh");
}

export function ages_are_in_minutes(): void {
  ready();
  same(listed("C<6"), "#new 1 :fresh");
  same(listed("C>24"), "#old 2 :");
  same(listed("C>26"), "");
  same(listed("T<6"), "#new 1 :fresh");
  same(listed("T>4"), "#new 1 :fresh");
  same(listed("T>6"), "");
}

/** Returns how many of 20 PINGs a new client gets answered after it has sent a line 20 times. */
function answeredAfter(line: string): i32 {
  settings.connection.rate = 20;
  settings.connection.firstBurst = 60;
  settings.connection.burst = 60;
  ready();
  for (let i = 0; i < 100; i++) chat.rooms.findOrCreate(`room${i}`);
  const bob = join("bea");
  says(bob, `${line}\r\n`.repeat(20) + "PING x\r\n".repeat(20));
  return lines(bob).split(" PONG ").length - 1;
}

export function a_thousand_comparisons_are_a_line(): void {
  settings.connection.firstBurst = 60;
  sameNumber(extraLines(999), 0);
  sameNumber(extraLines(1000), 1);
  sameNumber(extraLines(12_345), 12);
  assert(lowerPatternMatches("*z", "abz") && !lowerPatternMatches("*z", "abZ"), "as they are");
}

/** Returns how many lines more a line with so many comparisons counts for. */
function extraLines(comparisons: i32): i64 {
  join(`ann${comparisons}`);
  const session = sessionOf(`ann${comparisons}`);
  countComparisons(session, comparisons);
  return session.targets;
}

export function few_comparisons_are_free(): void {
  sameNumber(answeredAfter("LIST *z"), 20);
}

export function many_patterns_count_as_lines(): void {
  sameNumber(answeredAfter("LIST " + "*z,".repeat(100)), 0);
}

export function many_names_of_a_monitor_count_as_lines(): void {
  sameNumber(answeredAfter("MONITOR - " + ",".repeat(100)), 0);
}
