import { RecordType, writeName } from "../../../../assembly/chat/storage/record";
import { RoomLookup } from "../../../../assembly/chat/storage/room_lookup";
import { SavedRooms } from "../../../../assembly/chat/storage/saved_rooms";
import { checkedSeconds } from "../../../../assembly/chat/storage/untrusted";
import { Journal } from "../../../../assembly/journal/journal";
import { ChatServer } from "../../../../assembly/chat/server";
import { Style } from "../../../../assembly/chat/protocol/style";
import { SyncPolicy } from "../../../../assembly/journal/sync_policy";
import { directory } from "./support/directory";
import { chat, enter, log, loop, says, server, settings, turn } from "./support/chat";
import * as host from "./support/host";
import { same, sameNumber, SECOND, step } from "./support/steps";

const FIRST = "chat-00000001.journal";
const buffer = memory.data(512);

settings.dataBytes = 1_048_576;
settings.sync = SyncPolicy.NEVER;
settings.style = Style.LINE;
settings.rooms = 5;
settings.clients = 10;

function keep(one: ChatServer): Journal {
  same(one.openStorage(directory), "");
  return one.chat.storage!.journal;
}

/** The server that comes next, after this one was killed. */
function restarted(): ChatServer {
  step();
  const next = new ChatServer(loop, settings, log);
  keep(next);
  return next;
}

/** Returns the number of messages that a room remembers; -1 if there is no such room. */
function remembered(one: ChatServer, name: string): i32 {
  const room = one.chat.rooms.find(name);
  return room === null ? -1 : room.history.count;
}

export function a_room_that_was_private_is_not_restored(): void {
  keep(server);
  says(enter(), "/join i\n/mode +i\none\ntwo\n");
  says(enter(), "/join k\n/mode +k green\n/topic plans\n");
  says(enter(), "/join s\n/mode +s\none\n");
  says(enter(), "/join open\nhello\n");
  const next = restarted();
  sameNumber(remembered(next, "i"), -1);
  sameNumber(remembered(next, "k"), -1);
  sameNumber(remembered(next, "s"), -1);
  sameNumber(remembered(next, "open"), 1);
  sameNumber(next.chat.rooms.forgottenId, 3);
}

export function a_room_that_is_public_again_is_restored(): void {
  keep(server);
  says(enter(), "/join den\n/mode +ik green\none\n/mode -k\n/mode -i\ntwo\n");
  const next = restarted();
  sameNumber(remembered(next, "den"), 2);
  assert(!next.chat.rooms.find("den")!.modes.isPrivate);
}

export function the_name_of_a_room_that_was_private_is_free(): void {
  keep(server);
  says(enter(), "/join den\n/mode +s\nsecret\n");
  says(enter(), "/join lobby\nhello\n");
  const next = restarted();
  next.chat.rooms.findOrCreate("den")!.topic = "open to all";
  next.chat.storage!.recordRoom(next.chat.rooms.find("den")!);
  next.chat.storage!.commit();
  const last = restarted();
  sameNumber(remembered(last, "den"), 0);
  same(last.chat.rooms.find("den")!.topic, "open to all");
}

export function a_private_room_is_known_while_nothing_was_said(): void {
  const journal = keep(server);
  const ann = enter();
  says(ann, "/join den\n/mode +s\n");
  // The disk fails, and comes back: a new segment begins with all that is known.
  host.diskCapacity(host.diskSize(FIRST));
  says(ann, "one\n");
  assert(!journal.isWriting);
  host.diskCapacity(-1);
  host.advance(10 * SECOND);
  turn();
  assert(journal.isWriting);
  sameNumber(remembered(restarted(), "den"), -1);
}

export function a_mode_that_ends_on_a_full_disk_is_recorded_later(): void {
  const journal = keep(server);
  const ann = enter();
  says(ann, "/join den\n/mode +s\n");
  host.diskCapacity(host.diskSize(FIRST));
  says(ann, "/mode -s\n");
  assert(!journal.isWriting);
  host.diskCapacity(-1);
  host.advance(10 * SECOND);
  turn();
  says(ann, "hello\n");
  sameNumber(remembered(restarted(), "den"), 1);
}

export function the_author_and_time_of_a_topic_survive(): void {
  keep(server);
  const ann = enter();
  host.advance(7 * SECOND);
  says(ann, "/nick ann\n/topic in the lobby\n/join den\n/topic of the day\n");
  const at = chat.now;
  host.advance(100 * SECOND);
  const rooms = restarted().chat.rooms;
  same(rooms.lobby.topicAuthor, "ann");
  same(rooms.find("den")!.topicAuthor, "ann");
  assert(rooms.find("den")!.topicSetAt == at);
  // The next start reads what this one has written.
  const last = restarted().chat.rooms.find("den")!;
  same(last.topicAuthor, "ann");
  assert(last.topicSetAt == at);
}

export function an_older_server_has_no_authors_of_topics(): void {
  const journal = keep(server);
  says(enter(), "/topic old\n");
  const at = journal.payload(64);
  const bytes = writeName(at, 0, String.UTF8.encode("lobby"));
  const topic = "new";
  String.UTF8.encodeUnsafe(changetype<usize>(topic), topic.length, at + bytes);
  journal.seal(RecordType.ROOM, bytes + 3, 0);
  journal.commit();
  const lobby = restarted().chat.rooms.lobby;
  same(lobby.topic, "new");
  same(lobby.topicAuthor, "");
  assert(lobby.topicSetAt == 0);
}

/** Reads details that a file might have. */
function readDetails(saved: SavedRooms, name: string, seconds: i64, rest: string): void {
  const bytes = writeName(buffer, <u64>seconds, String.UTF8.encode(name));
  String.UTF8.encodeUnsafe(changetype<usize>(rest), rest.length, buffer + bytes);
  saved.readDetails(buffer, bytes + rest.length, new RoomLookup(chat.rooms));
}

export function details_are_not_trusted(): void {
  const rooms = chat.rooms;
  const saved = new SavedRooms(rooms, keep(server));
  const room = rooms.findOrCreate("den")!;
  room.topic = "x";
  readDetails(saved, "den", 7, "\0ann");
  same(room.topicAuthor, "ann");
  assert(room.topicSetAt == 7);
  readDetails(saved, "den", 7, "\0an n");
  same(room.topicAuthor, "", "a name with a space:");
  readDetails(saved, "den", 7, "\0" + "a".repeat(65));
  same(room.topicAuthor, "", "a name that is too long:");
  readDetails(saved, "den", -1, "\0ann");
  same(room.topicAuthor, "", "without a time:");
  readDetails(saved, "den", 7, "\0ann");
  readDetails(saved, "den", 7, "");
  same(room.topicAuthor, "ann", "a record that is too short changes nothing:");
  readDetails(saved, "none", 7, "\0ann");
  assert(rooms.find("none") === null);
  readDetails(saved, "b d", 7, "\x01");
  assert(rooms.find("b d") === null);
  readDetails(saved, "lobby", 0, "\x01");
  assert(!rooms.lobby.modes.isPrivate);
}

export function times_of_a_journal_are_before_the_year_10000(): void {
  assert(checkedSeconds(1) == 1 && checkedSeconds(253_402_300_799) == 253_402_300_799);
  assert(checkedSeconds(253_402_300_800) == 0 && checkedSeconds(-1) == 0);
  assert(checkedSeconds(i64.MIN_VALUE) == 0);
}
