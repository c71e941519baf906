import { ChatStorage, IDS_RESERVED } from "../../../../assembly/chat/storage/chat_storage";
import {
  LINE_HEADER_BYTES,
  readEntries,
  readLine,
  readRoomName,
  RecordType,
  ROOM_HEADER_BYTES,
  roomNameBytes,
  timeUnit,
  writeEntries,
  writeLine,
  writeName,
  writeRoom,
} from "../../../../assembly/chat/storage/record";
import { journalJson, journalText } from "../../../../assembly/chat/admin/journal_state";
import { RemovedRooms, REMOVALS_KEPT } from "../../../../assembly/chat/storage/removed_rooms";
import { SavedPenalties } from "../../../../assembly/chat/storage/saved_penalties";
import { Room } from "../../../../assembly/chat/rooms/room";
import { RoomLookup } from "../../../../assembly/chat/storage/room_lookup";
import { Message, MessageKind, TEXT_BYTES_MOST } from "../../../../assembly/chat/delivery/message";
import { History, HISTORY_BYTES } from "../../../../assembly/chat/rooms/history";
import {
  checkedId,
  freeMessage,
  ID_MOST,
  isName,
  makeMessageSafe,
  safeTopic,
  SPEAKER_BYTES,
} from "../../../../assembly/chat/storage/untrusted";
import { ChatServer } from "../../../../assembly/chat/server";
import { Style } from "../../../../assembly/chat/protocol/style";
import { SyncPolicy } from "../../../../assembly/journal/sync_policy";
import { directory } from "./support/directory";
import { chat, enter, errors, got, log, loop, says, server, settings, turn } from "./support/chat";
import * as host from "./support/host";
import { same, sameNumber, SECOND, sent, step } from "./support/steps";

const buffer = memory.data(65536);
const FIRST = "chat-00000001.journal";

settings.dataBytes = 1_048_576;
settings.sync = SyncPolicy.NEVER;
settings.style = Style.LINE;

function keep(one: ChatServer): ChatStorage {
  same(one.openStorage(directory), "");
  return one.chat.storage!;
}

/** The server that comes next, after this one was killed. */
function restarted(): ChatServer {
  step();
  const next = new ChatServer(loop, settings, log);
  keep(next);
  return next;
}

/** `id name: text` of all that a room remembers. */
function remembered(one: ChatServer, name: string): string {
  const room = one.chat.rooms.find(name);
  if (room === null) return "no such room";
  const lines: Array<string> = [];
  const message = new Message();
  let place = room.history.offsetOfNewest(room.history.count);
  while (room.history.hasRecordAt(place)) {
    place = room.history.readRecord(place, message);
    const from = String.UTF8.decodeUnsafe(message.from, message.fromBytes);
    lines.push(
      `${message.id} ${from}: ${String.UTF8.decodeUnsafe(message.text, message.textBytes)}`,
    );
  }
  return lines.join(", ");
}

export function lines_topics_and_ids_survive(): void {
  keep(server);
  const ann = enter();
  says(ann, "hello\n/topic of the day\n/join Den\nin the den\n/me waves\n");
  const next = restarted();
  same(remembered(next, "lobby"), "1 client-1: hello");
  same(next.chat.rooms.lobby.topic, "of the day");
  same(remembered(next, "den"), "2 client-1: in the den, 3 client-1: waves");
  same(next.chat.rooms.find("den")!.name, "Den");
  sameNumber(next.chat.lastId, IDS_RESERVED, "behind all that may have been given out:");
}

export function an_end_that_was_asked_for_leaves_no_gap(): void {
  const storage = keep(server);
  says(enter(), "hello\n");
  storage.close();
  sameNumber(restarted().chat.lastId, 1);
}

export function a_line_is_written_before_anybody_hears_it(): void {
  keep(server);
  const ann = enter();
  const size = host.diskSize(FIRST);
  host.failSend(ann, 6);
  says(ann, "hello\n");
  assert(!got(ann).includes("hello"));
  assert(host.diskSize(FIRST) > size);
  same(remembered(restarted(), "lobby"), "1 client-1: hello");
}

export function one_write_is_for_all_lines_of_a_tick(): void {
  keep(server);
  const ann = enter();
  got(ann);
  const before = host.calls("fd_write");
  says(ann, "one\ntwo\nthree\n");
  // One to the journal; the log has nothing to say.
  sameNumber(host.calls("fd_write"), before + 1);
  same(remembered(restarted(), "lobby"), "1 client-1: one, 2 client-1: two, 3 client-1: three");
}

export function without_a_directory_nothing_is_written(): void {
  says(enter(), "hello\n");
  sameNumber(host.diskNames(buffer), 0);
  assert(chat.storage === null);
}

export function history_since_an_id_goes_on_over_a_restart(): void {
  keep(server);
  const ann = enter();
  says(ann, "one\ntwo\nthree\n");
  const next = restarted();
  const room = next.chat.rooms.lobby;
  sameNumber(room.history.forgottenId, 0, "nothing is missing:");
  const message = new Message();
  room.history.readRecord(room.history.offsetAfter(1), message);
  sameNumber(message.id, 2);
}

export function what_was_forgotten_is_known_to_be(): void {
  keep(server);
  const ann = enter();
  for (let i = 1; i <= 30; i++) says(ann, `${i}\n`);
  sameNumber(chat.rooms.lobby.history.forgottenId, 10);
  const next = restarted();
  sameNumber(next.chat.rooms.lobby.history.forgottenId, 10);
  sameNumber(restarted().chat.rooms.lobby.history.forgottenId, 10);
}

/** Says so much that the oldest segments go. */
function fill(fd: u32): void {
  const words = "x".repeat(5000);
  for (let i = 0; i < 300; i++) {
    says(fd, `${words}\n`);
    host.forgetSent(fd);
  }
}

export function a_quiet_room_outlives_the_segment_that_had_its_lines(): void {
  keep(server);
  const ann = enter();
  says(ann, "/join den\nonce\n/topic quiet\n/join lobby\n");
  fill(ann);
  const journal = chat.storage!.journal;
  assert(journal.segments[0].number > 1, "a segment has gone");
  assert(journal.bytes <= settings.dataBytes);
  const next = restarted();
  same(remembered(next, "den"), "1 client-1: once");
  same(next.chat.rooms.find("den")!.topic, "quiet");
  sameNumber(next.chat.rooms.find("den")!.history.forgottenId, 0);
  sameNumber(next.chat.rooms.lobby.history.count, chat.rooms.lobby.history.count);
  sameNumber(next.chat.rooms.lobby.history.oldestId, chat.rooms.lobby.history.oldestId);
  // What was carried over is known to be, and is not carried again at once.
  assert(next.chat.rooms.find("den")!.history.keptIn > 1);
}

export function a_full_disk_is_said_once_and_made_up_for(): void {
  keep(server);
  const ann = enter();
  says(ann, "one\n");
  host.diskCapacity(host.diskSize(FIRST) + 10);
  host.forgetSent(2);
  says(ann, "two\n/join den\nthree\n");
  assert(got(ann).includes("three"), "the chat goes on");
  same(sent(2), "journal: cannot write: NOSPC; serving from memory, trying again\n");
  const journal = chat.storage!.journal;
  assert(journalText(journal).endsWith(" in 1 segment: NOT WRITTEN, cannot write: NOSPC"));
  assert(journalJson(journal).startsWith('{"writing":false,"bytes":'));
  assert(journalJson(journal).endsWith(',"failures":1,"trouble":"cannot write: NOSPC"}'));
  host.diskCapacity(-1);
  host.advance(10 * SECOND);
  turn();
  says(ann, "four\n");
  errors.run();
  assert(sent(2).endsWith("journal: written again, to chat-00000002.journal\n"), sent(2));
  assert(!journalText(journal).includes("NOT WRITTEN"));
  assert(journalJson(journal).endsWith(',"segments":2,"failures":1,"trouble":""}'));
  const next = restarted();
  same(remembered(next, "lobby"), "1 client-1: one, 2 client-1: two");
  same(remembered(next, "den"), "3 client-1: three, 4 client-1: four");
}

export function more_rooms_than_there_may_be_lose_the_stalest(): void {
  keep(server);
  const ann = enter();
  says(ann, "/join a\n1\n/join b\n2\n/join lobby\n3\n");
  settings.rooms = 2;
  const next = restarted();
  same(remembered(next, "a"), "no such room");
  same(remembered(next, "b"), "2 client-1: 2");
}

export function a_room_that_was_removed_does_not_come_back_and_no_other_goes(): void {
  settings.rooms = 3;
  keep(server);
  const ann = enter();
  says(ann, "/join a\n/topic of a\n/join b\nhello\n/join a\n/join c\nhello\n");
  same(remembered(server, "b"), "no such room");
  const next = restarted();
  same(remembered(next, "b"), "no such room");
  same(remembered(next, "c"), "2 client-1: hello");
  same(next.chat.rooms.find("a")!.topic, "of a");
  sameNumber(next.chat.rooms.forgottenId, 1);
}

export function a_removed_room_may_be_created_again(): void {
  settings.rooms = 2;
  keep(server);
  const ann = enter();
  says(ann, "/join a\none\n/part\n/join b\ntwo\n/part\n/join a\nthree\n");
  const next = restarted();
  same(remembered(next, "a"), "3 client-1: three");
  same(remembered(next, "b"), "no such room");
  sameNumber(next.chat.rooms.find("a")!.history.forgottenId, 2);
}

export function a_private_room_that_was_left_is_not_restored(): void {
  settings.rooms = 5;
  keep(server);
  says(enter(), "/join den\n/mode +s\n/topic plans\nsecret words\n/part\nhello\n");
  const next = restarted();
  same(remembered(next, "den"), "no such room");
  same(remembered(next, "lobby"), "2 client-1: hello");
}

export function a_regular_stop_forgets_private_rooms(): void {
  settings.rooms = 5;
  keep(server);
  says(enter(), "/join den\n/mode +k green\nsecret words\n");
  server.stop();
  for (let i = 0; i < 3; i++) turn();
  const next = restarted();
  same(remembered(next, "den"), "no such room");
}

export function a_removal_on_a_full_disk_is_recorded_later(): void {
  settings.rooms = 2;
  keep(server);
  const ann = enter();
  says(ann, "/join a\none\n/part\n");
  host.diskCapacity(host.diskSize(FIRST) + 10);
  says(ann, "/join b\ntwo\n/part\n/join c\n");
  assert(!chat.storage!.journal.isWriting);
  host.diskCapacity(-1);
  host.advance(10 * SECOND);
  turn();
  const next = restarted();
  same(remembered(next, "a"), "no such room");
  same(remembered(next, "b"), "no such room");
}

export function removals_are_remembered_up_to_a_limit(): void {
  const journal = keep(server).journal;
  const removed = new RemovedRooms(chat.rooms, journal);
  host.diskCapacity(host.diskSize(FIRST));
  says(enter(), "hello\n");
  assert(!journal.isWriting);
  sameNumber(REMOVALS_KEPT, 1000);
  for (let i = 1000; i <= 2000; i++) {
    removed.onRoomRemoved(new Room(`r${i}`, chat.round, settings));
  }
  host.diskCapacity(-1);
  host.advance(10 * SECOND);
  turn();
  const before = journal.bytes;
  removed.writePending();
  turn();
  // A record has 24 bytes before the name.
  sameNumber(journal.bytes, before + 1000 * 29);
}

export function a_name_comes_back_as_it_was(): void {
  const bytes = writeName(buffer, 7, String.UTF8.encode("dén"));
  sameNumber(bytes, ROOM_HEADER_BYTES + 4);
  same(readRoomName(buffer, bytes), "dén");
  same(readRoomName(buffer, bytes - 1), "");
}

export function what_a_start_removes_stays_removed(): void {
  keep(server);
  says(enter(), "/join a\none\n/join b\ntwo\n/part\n");
  settings.rooms = 2;
  restarted();
  settings.rooms = 3;
  const next = restarted();
  same(remembered(next, "a"), "no such room");
  same(remembered(next, "b"), "2 client-1: two");
}

export function rooms_that_were_never_used_go_first(): void {
  settings.rooms = 5;
  keep(server);
  const ann = enter();
  says(ann, "/join a\none\n/join b\n/topic of b\n/part\n");
  for (let i = 0; i < 5; i++) says(ann, `/join empty-${i}\n`);
  same(remembered(server, "a"), "1 client-1: one");
  same(chat.rooms.find("b")!.topic, "of b");
  assert(chat.rooms.find("empty-2") === null);
  const next = restarted();
  same(remembered(next, "a"), "1 client-1: one");
  same(next.chat.rooms.find("b")!.topic, "of b");
}

export function bans_and_mutes_survive(): void {
  keep(server);
  chat.admission.bans.add("203.0.113.0/24", 0, "spam", 0);
  chat.admission.mutes.add("ann", 9_000_000_000, "", 0);
  chat.admission.mutes.add("ben", 9_000_000_000, "", 0);
  turn();
  chat.admission.mutes.remove("ben");
  turn();
  const next = restarted();
  same(next.chat.admission.bans.serialize().join(", "), "0 203.0.113.0/24 spam");
  same(next.chat.admission.mutes.serialize().join(", "), "9000000000 ann");
  // And again, from what stands at the head.
  same(restarted().chat.admission.mutes.serialize().join(", "), "9000000000 ann");
}

export function many_bans_are_kept_in_pieces(): void {
  const kept = new SavedPenalties("bans", chat.admission.bans);
  const storage = keep(server);
  assert(!kept.isChanged);
  for (let i = 0; i < 1000; i++) {
    chat.admission.bans.add(
      `10.${i / 250}.${i % 250}.0/24`,
      0,
      "a reason of some length ".repeat(8),
      0,
    );
  }
  assert(kept.isChanged);
  kept.writeList(storage.journal);
  assert(!kept.isChanged);
  turn();
  same(
    restarted().chat.admission.bans.serialize().join("; "),
    chat.admission.bans.serialize().join("; "),
  );
}

export function a_room_that_was_given_up_is_not_found_by_its_old_name(): void {
  settings.rooms = 2;
  const lookup = new RoomLookup(chat.rooms);
  const names = ["one", "two", "one"];
  for (let i = 0; i < names.length; i++) {
    const bytes = String.UTF8.encode(names[i]);
    const room = lookup.find(changetype<usize>(bytes), <u32>bytes.byteLength);
    assert(room === chat.rooms.find(names[i]), names[i]);
  }
}

export function a_line_comes_back_as_it_was(): void {
  const message = new Message();
  const room = String.UTF8.encode("room");
  const from = String.UTF8.encode("änn");
  const text = String.UTF8.encode("hello ü");
  message.id = 77;
  message.milliseconds = -5;
  message.kind = MessageKind.ACTION;
  message.setRoom(room);
  message.setSpeaker(from);
  message.text = changetype<usize>(text);
  message.textBytes = <u32>text.byteLength;
  const bytes = writeLine(buffer, message);
  const back = new Message();
  sameNumber(readLine(buffer, bytes, back, 1), 4);
  same(String.UTF8.decodeUnsafe(buffer + LINE_HEADER_BYTES, 4), "room");
  sameNumber(back.id, 77);
  sameNumber(back.milliseconds, -5);
  sameNumber(back.kind, MessageKind.ACTION);
  same(String.UTF8.decodeUnsafe(back.from, back.fromBytes), "änn");
  same(String.UTF8.decodeUnsafe(back.text, back.textBytes), "hello ü");
  for (let cut: u32 = 0; cut < LINE_HEADER_BYTES + 4 + 4; cut++) {
    sameNumber(readLine(buffer, cut, back, 1), 0, `of ${cut} bytes`);
  }
}

export function times_were_seconds_in_version_1(): void {
  sameNumber(timeUnit(1), 1000);
  sameNumber(timeUnit(2), 1);
  const message = new Message();
  message.id = 1;
  const room = String.UTF8.encode("room");
  message.setRoom(room);
  message.milliseconds = 5;
  const bytes = writeLine(buffer, message);
  sameNumber(readLine(buffer, bytes, message, timeUnit(1)), 4);
  sameNumber(message.milliseconds, 5000);
}

export function a_history_comes_back_as_it_was(): void {
  keep(server);
  says(enter(), "one\n/me two\n\nthree\n");
  const room: Room = chat.rooms.lobby;
  const bytes = writeRoom(buffer, room);
  sameNumber(roomNameBytes(buffer, bytes), 5);
  sameNumber(roomNameBytes(buffer, bytes - 1), 0);
  sameNumber(roomNameBytes(buffer, 3), 0);
  same(String.UTF8.decodeUnsafe(buffer + ROOM_HEADER_BYTES, 5), "lobby");
  const all = writeEntries(buffer, room.history);
  assert(all <= room.history.recordBytes);
  const before = remembered(server, "lobby");
  room.history.dropAll();
  readEntries(buffer, all, room.history, 1);
  same(remembered(server, "lobby"), before);
  room.history.dropAll();
  readEntries(buffer, all - 1, room.history, 1);
  sameNumber(room.history.count, 2, "what is cut off is not read:");
}

export function rooms_are_found_by_the_bytes_of_their_names(): void {
  const lookup = new RoomLookup(chat.rooms);
  const names = ["lobby", "Den", "den", "ü"];
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < names.length; i++) {
      const bytes = String.UTF8.encode(names[i]);
      const room = lookup.find(changetype<usize>(bytes), <u32>bytes.byteLength);
      if (i < 3) assert(room === chat.rooms.find(names[i]));
      else assert(room === null || room.name == "ü");
    }
  }
  assert(chat.rooms.lobby === chat.rooms.find("LOBBY"));
}

/** Records a message of anybody's making. The room is the lobby. */
function forge(
  storage: ChatStorage,
  id: u64,
  time: i64,
  kind: u8,
  from: string,
  text: string,
): void {
  const room = "lobby";
  const length = LINE_HEADER_BYTES + room.length + from.length + text.length;
  const at = storage.journal.payload(length);
  store<u64>(at, id);
  store<i64>(at, time, 8);
  store<u8>(at, kind, 16);
  store<u8>(at, <u8>room.length, 17);
  store<u16>(at, <u16>from.length, 18);
  const words = room + from + text;
  String.UTF8.encodeUnsafe(changetype<usize>(words), words.length, at + LINE_HEADER_BYTES);
  storage.journal.seal(RecordType.LINE, length, id);
}

export function messages_of_a_foreign_journal_are_checked_and_made_safe(): void {
  const storage = keep(server);
  forge(storage, 1, 0, 0, "a\x1bnn", "\x1b[2J");
  forge(storage, 2, 0, 7, "ann", "of no kind");
  forge(storage, ID_MOST + 1, 0, 0, "ann", "of no id");
  forge(storage, 3, i64.MAX_VALUE, 0, "ann", "of no time");
  forge(storage, 4, i64.MIN_VALUE, 0, "ann", "of no time");
  forge(storage, 5, 0, 0, "x".repeat(<i32>SPEAKER_BYTES + 1), "of a long name");
  forge(storage, 6, 0, 0, "ann", '"'.repeat(<i32>TEXT_BYTES_MOST / 2 + 1));
  forge(storage, 7, 0, 0, "ann", "x".repeat(<i32>TEXT_BYTES_MOST + 1));
  forge(storage, 8, 0, 0, "ann", "good");
  storage.journal.commit();
  const next = restarted();
  same(
    remembered(next, "lobby"),
    "1 a\u241bnn: \u241b[2J, 3 ann: of no time, 4 ann: of no time, 8 ann: good",
  );
  sameNumber(next.chat.lastId, IDS_RESERVED);
  const message = new Message();
  const history = next.chat.rooms.lobby.history;
  let place = history.offsetOfNewest(3);
  place = history.readRecord(place, message);
  sameNumber(message.milliseconds, 0);
}

export function histories_and_topics_of_a_foreign_journal_are_bounded(): void {
  const storage = keep(server);
  const at = storage.journal.payload(200_000);
  memory.fill(at, 0, 200_000);
  store<u32>(at, 5, 8);
  String.UTF8.encodeUnsafe(changetype<usize>("lobby"), 5, at + ROOM_HEADER_BYTES);
  const entry = at + ROOM_HEADER_BYTES + 5;
  store<u64>(entry, 1);
  store<u32>(entry, 180_000, 20);
  storage.journal.seal(RecordType.HISTORY, 200_000, 1);
  // Lengths that wrap around.
  const wrapping = storage.journal.payload(100);
  memory.copy(wrapping, at, 100);
  store<u32>(wrapping + ROOM_HEADER_BYTES + 5, u32.MAX_VALUE - 20, 20);
  storage.journal.seal(RecordType.HISTORY, 100, 1);
  const topic = storage.journal.payload(100_000);
  store<u64>(topic, u64.MAX_VALUE);
  store<u32>(topic, 5, 8);
  memory.fill(topic + ROOM_HEADER_BYTES, 0x78, 99_000);
  String.UTF8.encodeUnsafe(changetype<usize>("lobby"), 5, topic + ROOM_HEADER_BYTES);
  storage.journal.seal(RecordType.ROOM, 99_000, 0);
  const bad = storage.journal.payload(100);
  memory.copy(bad, topic, 100);
  store<u8>(bad + ROOM_HEADER_BYTES, 0x1b);
  storage.journal.seal(RecordType.ROOM, 100, 0);
  const mark = storage.journal.payload(32);
  memory.fill(mark, 0xff, 32);
  storage.journal.seal(RecordType.MARK, 32, 0);
  storage.journal.commit();
  const next = restarted();
  same(remembered(next, "lobby"), "");
  sameNumber(next.chat.rooms.lobby.topic.length, 300);
  sameNumber(next.chat.rooms.all().length, 1);
  assert(next.chat.lastId <= ID_MOST, "ids can go on");
}

export function the_memory_of_histories_is_bounded_while_a_journal_is_read(): void {
  const storage = keep(server);
  for (let id: u64 = 1; id <= 60; id++) forge(storage, id, 0, 0, "ann", "x".repeat(40_000));
  storage.journal.commit();
  settings.historyBytes = 65_536;
  const next = restarted();
  assert(History.bytesInUse <= 65_536 + HISTORY_BYTES, `${History.bytesInUse} bytes`);
  assert(next.chat.rooms.lobby.history.memoryBytes <= 65_536);
}

export function what_a_journal_brings_is_checked_part_by_part(): void {
  const name = String.UTF8.encode("Den");
  assert(isName(changetype<usize>(name), 3));
  assert(!isName(changetype<usize>(name), 0));
  const blank = String.UTF8.encode("a b");
  assert(!isName(changetype<usize>(blank), 3));
  memory.fill(buffer, 0x78, 100);
  assert(isName(buffer, 64) && !isName(buffer, 65));
  const escape = String.UTF8.encode("\x1b[2J");
  same(safeTopic(changetype<usize>(escape), 4), "\u241b[2J");
  sameNumber(checkedId(ID_MOST), ID_MOST);
  sameNumber(checkedId(ID_MOST + 1), 0);
  const message = new Message();
  message.id = ID_MOST;
  assert(makeMessageSafe(message, 1));
  message.kind = MessageKind.NOTICE;
  assert(makeMessageSafe(message, 1), "a notice");
  message.kind = MessageKind.NOTICE + 1;
  assert(!makeMessageSafe(message, 1), "an unknown kind");
  message.kind = MessageKind.MESSAGE;
  message.id = 0;
  assert(!makeMessageSafe(message, 1));
  freeMessage();
}
