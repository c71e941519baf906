import { Tally } from "../../../../assembly/chat/admin/tally";
import {
  ROOM_BURST_SECONDS,
  ROOM_WAIT_SECONDS,
  RoomRate,
} from "../../../../assembly/chat/rooms/room_rate";
import { RoomLimiter } from "../../../../assembly/chat/session/room_limiter";
import { Style } from "../../../../assembly/chat/protocol/style";
import { chat, enterAs, got, loop, says, settings, turn } from "./support/chat";
import { advance } from "./support/host";
import { sameNumber, SECOND } from "./support/steps";

const WORDS =
  "* all in lobby together say more than 1 line a second: your next line waits for its turn\n";

/** Many speakers: the share of one is longer than the debt of the room. */
const MANY = 1000;

export function a_burst_passes_and_the_next_speakers_wait_in_turn(): void {
  sameNumber(<i64>ROOM_BURST_SECONDS, 10);
  const rate = new RoomRate();
  for (let i = 0; i < 19; i++) assert(rate.countMessage(2, MANY, 0) == 0);
  assert(rate.countMessage(2, MANY, 0) == 0.5, "the last token is used");
  assert(rate.countMessage(2, MANY, 0) == 1);
  sameNumber(rate.flood, 1);
  assert(rate.countMessage(2, MANY, 2 * SECOND) == 0, "all have waited, and there is a token");
}

export function a_speaker_waits_for_five_seconds_at_most(): void {
  sameNumber(<i64>ROOM_WAIT_SECONDS, 5);
  const rate = new RoomRate();
  for (let i = 0; i < 14; i++) rate.countMessage(1, MANY, 0);
  assert(rate.countMessage(1, MANY, 0) == 5);
  assert(rate.countMessage(1, MANY, 0) == 5);
}

export function a_speaker_waits_for_its_share_of_the_rate_at_most(): void {
  const rate = new RoomRate();
  for (let i = 0; i < 100; i++) rate.countMessage(2, MANY, 0);
  assert(rate.countMessage(2, 6, 0) == 3);
  assert(rate.countMessage(2, 1, 0) == 0.5);
  assert(rate.countMessage(2, 0, 0) == 0.5, "one speaks from outside");
}

export function a_flood_ends_at_half_of_the_burst(): void {
  const rate = new RoomRate();
  for (let i = 0; i < 10; i++) rate.countMessage(1, MANY, 0);
  sameNumber(rate.flood, 1);
  for (let i = 0; i < 6; i++) rate.countMessage(1, MANY, 4 * SECOND);
  sameNumber(rate.flood, 1, "it goes on");
  for (let i = 0; i < 10; i++) rate.countMessage(1, MANY, 60 * SECOND);
  sameNumber(rate.flood, 2);
  const other = new RoomRate();
  for (let i = 0; i < 10; i++) other.countMessage(1, MANY, 0);
  sameNumber(other.flood, 3, "the floods of all rooms have numbers of their own");
}

export function a_speaker_that_says_little_does_not_wait_for_a_flood(): void {
  settings.connection.rate = 0;
  const ann = enterAs("ann");
  const bob = enterAs("bob");
  settings.roomRate = 10;
  const limiter = chat.roomLimiter;
  for (let i = 0; i < 500; i++) limiter.countEvent(chat.users.find("bob")!, chat.rooms.lobby);
  got(bob);
  says(ann, "one\ntwo\n");
  turn();
  const text = got(ann);
  assert(text.includes(" ann: one\n") && !text.includes(" ann: two\n"), text);
  advance(SECOND / 5);
  turn();
  turn();
  assert(got(ann).includes(" ann: two\n"), "two speakers share ten lines a second");
}

export function speakers_are_counted_while_they_are_there(): void {
  const ann = enterAs("ann");
  const bob = enterAs("bob");
  const lobby = chat.rooms.lobby;
  settings.roomRate = 0;
  says(ann, "without a rate\n");
  sameNumber(lobby.speakers, 0);
  settings.roomRate = 10;
  says(ann, "1\n2\n/style json\n3\n");
  sameNumber(lobby.speakers, 1);
  says(bob, "1\n");
  sameNumber(lobby.speakers, 2);
  says(ann, "/join tea\n");
  sameNumber(lobby.speakers, 1);
}

export function a_speaker_above_the_rate_of_its_room_is_told_once_and_waits(): void {
  settings.connection.rate = 0;
  const ann = enterAs("ann");
  const bob = enterAs("bob", Style.JSON);
  got(ann);
  settings.roomRate = 1;
  says(ann, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
  const text = got(ann);
  assert(text.includes(": 10\n") && text.endsWith(WORDS), text);
  assert(!text.includes(": 11\n"), "its lines that have been read wait, too");
  got(bob);
  advance(SECOND);
  turn();
  turn();
  assert(got(ann).endsWith(" ann: 11\n"), "it is told once");
  assert(got(bob).includes('"text":"11"'));
  // Bob has a share: it waits after its line for no longer than the others.
  says(bob, "here\n");
  const told = got(bob);
  assert(told.includes('"text":"here"') && told.includes("all in lobby together"), told);
}

export function others_in_other_rooms_do_not_wait(): void {
  settings.connection.rate = 0;
  settings.roomRate = 1;
  const ann = enterAs("ann");
  const bob = enterAs("bob");
  says(bob, "/join tea\n");
  for (let i = 0; i < 12; i++) says(ann, `${i}\n`);
  got(bob);
  says(bob, "1\n2\n3\n");
  assert(got(bob).includes("bob: 3\n"));
  sameNumber(chat.counters.limits.countOf("room rate"), 1);
}

export function a_limiter_delays_a_user_for_one_of_its_rooms(): void {
  const ann = enterAs("ann");
  settings.roomRate = 1;
  const limits = new Tally();
  const limiter = new RoomLimiter(loop, settings, limits);
  const session = chat.users.find("ann")!;
  for (let i = 0; i < 9; i++) limiter.countInAllRooms(session);
  sameNumber(limits.countOf("room rate"), 0);
  limiter.countEvent(session, chat.rooms.lobby);
  limiter.countEvent(session, chat.rooms.lobby);
  sameNumber(limits.countOf("room rate"), 1);
  assert(session.connection.input.isWaiting);
  turn();
  assert(got(ann).endsWith(WORDS), "it is told once");
}

export function commands_that_a_whole_room_sees_count(): void {
  settings.connection.rate = 0;
  settings.roomRate = 1;
  const ann = enterAs("ann");
  says(ann, "/join tea\n");
  got(ann);
  for (let i = 0; i < 4; i++) says(ann, `/topic ${i}\n`);
  for (let i = 0; i < 4; i++) says(ann, `/me ${i}\n`);
  for (let i = 0; i < 4; i++) says(ann, `/away ${i}\n`);
  assert(got(ann).includes("* all in tea together say more than 1 line a second"));
}
