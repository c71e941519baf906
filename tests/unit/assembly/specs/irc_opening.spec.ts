/** The rate limiter lets pass the lines that an IRC client sends as it connects. */
import { OPENING_LINES } from "../../../../assembly/chat/irc/welcome";
import { findBan } from "../../../../assembly/chat/rooms/room_rules";
import { got, says, settings } from "./support/chat";
import { join, sessionOf } from "./support/irc";
import { sameNumber } from "./support/steps";

const FLOOD = "you are sending more than";

function ready(rooms: i32): void {
  settings.roomsPerClient = rooms;
  settings.newRooms = 0;
  settings.connection.rate = 20;
  settings.connection.burst = 400;
  settings.connection.firstBurst = 40;
  settings.connection.lineCost = 1024;
}

function channels(count: i32): Array<string> {
  const names: Array<string> = [];
  for (let i = 0; i < count; i++) names.push(`#room${i}`);
  return names;
}

/** Returns the queries that irssi sends for each channel. */
function queries(names: Array<string>): string {
  return names
    .map<string>((name) => `MODE ${name}\r\nWHO ${name} %tcuhnfdar,743\r\nMODE ${name} b\r\n`)
    .join("");
}

export function thirty_channels_at_once_are_no_flood(): void {
  ready(30);
  const ann = join("ann");
  const names = channels(30);
  says(ann, `JOIN ${names.join(",")}\r\n${queries(names)}PING x\r\n`);
  const text = got(ann);
  assert(!text.includes(FLOOD), "a flood");
  assert(text.endsWith(" PONG irc.pollcast :x\r\n"), "answered at once");
  assert(findBan(sessionOf("ann").memberships) === null);
}

export function the_allowance_ends(): void {
  ready(2);
  const ann = join("ann");
  sameNumber(sessionOf("ann").openingLines, OPENING_LINES * 2);
  const names = channels(2);
  says(ann, `JOIN ${names.join(",")}\r\n`);
  for (let i = 0; i < 3; i++) says(ann, queries(names));
  sameNumber(sessionOf("ann").openingLines, 0);
  for (let i = 0; i < 7; i++) says(ann, queries(names));
  assert(got(ann).includes(FLOOD), "no flood");
}

export function words_and_changes_count_from_the_beginning(): void {
  ready(30);
  const ann = join("ann");
  says(ann, "JOIN #tea\r\n");
  const before = sessionOf("ann").openingLines;
  for (let i = 0; i < 20; i++) says(ann, "MODE #tea +m\r\nMODE #tea -m\r\nPRIVMSG #tea :x\r\n");
  sameNumber(sessionOf("ann").openingLines, before);
  assert(got(ann).includes(FLOOD), "no flood");
}

export function an_invitation_costs_ten_lines(): void {
  ready(30);
  const ann = join("ann");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\n");
  for (let i = 0; i < 10; i++) says(ann, "INVITE bob #tea\r\n");
  assert(got(ann).includes(FLOOD), "no flood");
  const heard = got(bob).split(" INVITE ").length - 1;
  assert(heard <= 5, heard.toString());
}

export function WHO_without_a_token_has_token_0(): void {
  ready(30);
  const ann = join("ann");
  says(ann, "JOIN #tea\r\n");
  got(ann);
  says(ann, "WHO #tea %tc\r\n");
  assert(got(ann).includes(" 354 ann 0 #tea\r\n"), "without");
  says(ann, "WHO #tea %tc,\r\n");
  assert(got(ann).includes(" 354 ann 0 #tea\r\n"), "empty");
  says(ann, "WHO #tea %tc,743\r\n");
  assert(got(ann).includes(" 354 ann 743 #tea\r\n"), "given");
}
