/**
 * What of the chat is kept on a disk, so that a restart takes nothing: lines, topics, ids, bans. It
 * knows which records say what, and when they are due; files and syncs are the journal's.
 *
 * A line is put here before it is said, and written before the first of those who hear it is sent
 * anything: whoever has heard a line finds it again after the end of this process.
 */
import { countText } from "../../text/count_text";
import { Journal } from "../../journal/journal";
import { JournalOwner } from "../../journal/owner";
import { Loop } from "../../loop/loop";
import { monotonic } from "../../wasi/clock";
import { Fd } from "../../wasi/fd";
import { SavedPenalties, STATE_HEADER_BYTES } from "./saved_penalties";
import { Log } from "../admin/log";
import {
  LINE_HEADER_BYTES,
  MARK_BYTES,
  OLD_MARK_BYTES,
  readEntries,
  readLine,
  RecordType,
  ROOM_HEADER_BYTES,
  roomNameBytes,
  timeUnit,
  writeEntries,
  writeLine,
  writeRoom,
} from "./record";
import { Room } from "../rooms/room";
import { RoomLookup } from "./room_lookup";
import { RoomRegistry } from "../rooms/room_registry";
import { Message } from "../delivery/message";
import { ChatSettings } from "../settings";
import { CalendarClock } from "../calendar_clock";
import { Penalties } from "../users/penalties";

/**
 * The journal reserves so many ids at a time. After an end that was not asked for, the ids go on
 * behind those reserved, so that no id is given to two lines.
 * @limit ids
 */
export const IDS_RESERVED: u64 = 10_000;
const NAME_BYTES_MOST: u32 = 256;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

export class ChatStorage extends JournalOwner {
  /** Of the newest line. */
  lastId: u64 = 0;
  journal!: Journal;
  private reservedId: u64 = 0;
  /** While reading: who finds a room by the bytes of its name, and what was found. */
  private lookup: RoomLookup | null = null;
  private message: Message = new Message();
  private lines: u64 = 0;
  private segment: u64 = 0;
  /** Milliseconds of one unit of the times in the segment that is read. */
  private timeUnit: i64 = 1;
  /** Rooms of which the segment that is read tells how far back they reach. */
  private told: Set<Room> = new Set();

  private states: Array<SavedPenalties> = [];

  constructor(
    loop: Loop,
    directory: Fd,
    settings: ChatSettings,
    private log: Log,
    private rooms: RoomRegistry,
    private clock: CalendarClock,
    /** Of the ids, if the journal has none yet. */
    public epoch: u64,
  ) {
    super();
    this.journal = new Journal(loop, directory, settings.sync, settings.dataBytes, this);
  }

  /** Keeps bans or mutes as well, under this name. To be called before {@link open}. */
  addPenalties(name: string, penalties: Penalties): void {
    this.states.push(new SavedPenalties(name, penalties));
  }

  /**
   * Reads what was kept into the rooms. Its owner has to call {@link commit} before anything is
   * sent to a client, and before each wait.
   *
   * @returns why that cannot be, or empty
   */
  open(): string {
    const began = monotonic();
    this.lookup = new RoomLookup(this.rooms);
    const found = this.journal.open();
    this.lookup = null;
    if (found.mistake != "") return found.mistake;
    const milliseconds = (monotonic() - began) / NANOSECONDS_PER_MILLISECOND;
    const segments = countText(found.segments.length, "segment");
    const what = `${countText(this.lines, "line")} in ${segments}`;
    this.log.note("journal-read", `journal: ${what}, read in ${milliseconds} ms`);
    return "";
  }

  /** A line is about to be said. */
  line(message: Message): void {
    this.lastId = message.id;
    if (!this.journal.isWriting) return;
    if (message.id + IDS_RESERVED / 2 > this.reservedId) this.mark(message.id + IDS_RESERVED);
    const most =
      LINE_HEADER_BYTES + message.room.byteLength + message.fromBytes + message.textBytes;
    const at = this.journal.payload(most);
    this.journal.seal(RecordType.LINE, writeLine(at, message, message.room), message.id);
  }

  /** A room's topic has been set. */
  room(room: Room): void {
    if (!this.journal.isWriting) return;
    const topicBytes = <u32>String.UTF8.byteLength(room.topic);
    const at = this.journal.payload(ROOM_HEADER_BYTES + NAME_BYTES_MOST + topicBytes);
    const bytes = writeRoom(at, room);
    String.UTF8.encodeUnsafe(changetype<usize>(room.topic), room.topic.length, at + bytes);
    this.journal.seal(RecordType.ROOM, bytes + topicBytes, 0);
  }

  /** Writes what was said and decided. */
  commit(): void {
    for (let i = 0; i < this.states.length; i++) {
      const state = this.states[i];
      if (state.isChanged && this.journal.isWriting) state.write(this.journal);
    }
    this.journal.commit();
  }

  /** The server ends as asked: the next one goes on with the next id. */
  close(): void {
    if (this.journal.isWriting) this.mark(this.lastId);
    this.journal.close();
  }

  onSegment(number: u64, version: u32): void {
    this.told.clear();
    this.segment = number;
    this.timeUnit = timeUnit(version);
  }

  onRecord(type: u32, payload: usize, length: u32): u64 {
    if (type == RecordType.LINE) return this.onLine(payload, length);
    if (type == RecordType.ROOM) this.onRoom(payload, length);
    if (type == RecordType.HISTORY) return this.onHistory(payload, length);
    if (type == RecordType.STATE) this.onState(payload, length);
    if (type == RecordType.MARK && length >= OLD_MARK_BYTES) this.onMark(payload, length);
    return 0;
  }

  onAllRead(): void {
    for (let i = 0; i < this.states.length; i++) this.states[i].restore(this.clock.now);
    this.lastId = max(this.lastId, this.reservedId);
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      // Its lines may have gone with segments that are there no more.
      const history = rooms[i].history;
      if (!this.told.has(rooms[i]))
        history.forgottenId = max(history.forgottenId, this.rooms.forgottenId);
    }
  }

  writeCheckpoint(forgottenId: u64): void {
    this.rooms.forgottenId = max(this.rooms.forgottenId, forgottenId);
    this.mark(this.lastId + IDS_RESERVED);
    for (let i = 0; i < this.states.length; i++) this.states[i].write(this.journal);
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      const room = rooms[i];
      if (room.topic != "" || room.history.newestId > 0) this.room(room);
    }
  }

  compact(segment: u64, id: u64, into: u64, bytesMost: u64): void {
    let left = bytesMost;
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      const history = rooms[i].history;
      if (history.count == 0 || history.keptIn > segment || history.oldestId > id) continue;
      if (history.recordBytes <= left) {
        left -= history.recordBytes;
        this.history(rooms[i], into);
      } else {
        history.forgetThrough(id);
        this.room(rooms[i]);
      }
    }
  }

  writeMissing(sinceId: u64, into: u64): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      if (rooms[i].history.newestId > sinceId) this.history(rooms[i], into);
    }
  }

  onSegmentLost(segment: u64): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      if (rooms[i].history.keptIn >= segment) rooms[i].history.keptIn = 0;
    }
  }

  tell(text: string): void {
    this.log.warn("journal", `journal: ${text}`);
  }

  /** Says that ids up to this one may have been given out. */
  private mark(reservedId: u64): void {
    this.reservedId = reservedId;
    const at = this.journal.payload(MARK_BYTES);
    store<u64>(at, this.lastId);
    store<u64>(at, reservedId, 8);
    store<u64>(at, this.rooms.forgottenId, 16);
    store<u64>(at, this.epoch, 24);
    this.journal.seal(RecordType.MARK, MARK_BYTES, this.lastId);
  }

  private history(room: Room, segment: u64): void {
    const history = room.history;
    const at = this.journal.payload(ROOM_HEADER_BYTES + NAME_BYTES_MOST + history.recordBytes);
    const bytes = writeRoom(at, room);
    const all = bytes + writeEntries(at + bytes, history);
    this.journal.seal(RecordType.HISTORY, all, history.newestId);
    history.keptIn = segment;
  }

  private onLine(at: usize, length: u32): u64 {
    const message = this.message;
    const bytes = readLine(at, length, message, this.timeUnit);
    if (bytes == 0) return 0;
    this.seen(message.id);
    const room = this.lookup!.find(at + LINE_HEADER_BYTES, bytes);
    // It was carried over before, or there are more rooms than there may be now.
    if (room === null || message.id <= room.history.newestId) return message.id;
    room.history.add(message);
    this.lines++;
    return message.id;
  }

  private onRoom(at: usize, length: u32): void {
    const bytes = roomNameBytes(at, length);
    if (bytes == 0) return;
    const room = this.lookup!.find(at + ROOM_HEADER_BYTES, bytes);
    if (room === null) return;
    const from = ROOM_HEADER_BYTES + bytes;
    room.topic = String.UTF8.decodeUnsafe(at + from, length - from);
    room.history.forgottenId = max(room.history.forgottenId, load<u64>(at));
    this.told.add(room);
  }

  private onHistory(at: usize, length: u32): u64 {
    const bytes = roomNameBytes(at, length);
    if (bytes == 0) return 0;
    const room = this.lookup!.find(at + ROOM_HEADER_BYTES, bytes);
    if (room === null) return 0;
    const history = room.history;
    const from = ROOM_HEADER_BYTES + bytes;
    const before = history.count;
    history.free();
    history.forgottenId = load<u64>(at);
    readEntries(at + from, length - from, history, this.timeUnit);
    history.keptIn = this.segment;
    this.lines += max(0, history.count - before);
    this.seen(history.newestId);
    return history.newestId;
  }

  private onMark(at: usize, length: u32): void {
    this.seen(load<u64>(at));
    this.reservedId = load<u64>(at, 8);
    this.rooms.forgottenId = max(this.rooms.forgottenId, load<u64>(at, 16));
    if (length >= MARK_BYTES) this.epoch = load<u64>(at, 24);
  }

  private onState(at: usize, length: u32): void {
    if (length < STATE_HEADER_BYTES) return;
    const nameBytes = load<u32>(at, 4);
    if (nameBytes > length - STATE_HEADER_BYTES) return;
    const name = String.UTF8.decodeUnsafe(at + STATE_HEADER_BYTES, nameBytes);
    const from = STATE_HEADER_BYTES + nameBytes;
    const text = String.UTF8.decodeUnsafe(at + from, length - from);
    for (let i = 0; i < this.states.length; i++) {
      if (this.states[i].name == name) this.states[i].read(text, load<u32>(at));
    }
  }

  private seen(id: u64): void {
    this.lastId = max(this.lastId, id);
  }
}
