/**
 * The storage of the chat on a disk, so that a restart loses nothing: messages, topics, ids, bans,
 * mutes. It decides which records are written when. The journal has the files and syncs.
 *
 * A message is recorded before it is sent, and written before the first client gets it. So every
 * message that a client has seen is still there after the process ends.
 */
import { countText } from "../../text/count_text";
import { Journal } from "../../journal/journal";
import { JournalOwner } from "../../journal/owner";
import { Loop } from "../../loop/loop";
import { monotonic } from "../../wasi/clock";
import { Fd } from "../../wasi/fd";
import { RemovedRooms } from "./removed_rooms";
import { SavedRooms } from "./saved_rooms";
import { SavedPenalties, STATE_HEADER_BYTES } from "./saved_penalties";
import { Log } from "../admin/log";
import {
  LINE_HEADER_BYTES,
  MARK_BYTES,
  NAME_BYTES_MOST,
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
import { checkedId, freeMessage } from "./untrusted";
import { Penalties } from "../users/penalties";

/**
 * The journal reserves this many ids at a time. After a crash, the next ids follow the reserved
 * ones, so that no id is used twice. @limit ids
 */
export const IDS_RESERVED: u64 = 10_000;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

export class ChatStorage extends JournalOwner {
  /** The id of the newest message. */
  lastId: u64 = 0;
  journal!: Journal;
  private reservedId: u64 = 0;
  /** The lookup of rooms while the journal is read, else null. */
  private lookup: RoomLookup | null = null;
  private message: Message = new Message();
  private lines: u64 = 0;
  private segment: u64 = 0;
  /** The unit of times in the segment that is being read, in milliseconds. */
  private timeUnit: i64 = 1;
  private states: Array<SavedPenalties> = [];
  private savedRooms!: SavedRooms;
  private removedRooms!: RemovedRooms;

  constructor(
    loop: Loop,
    directory: Fd,
    settings: ChatSettings,
    private log: Log,
    private rooms: RoomRegistry,
    private clock: CalendarClock,
    /** The epoch of the ids. A journal that has one replaces it. */
    public epoch: u64,
  ) {
    super();
    this.journal = new Journal(loop, directory, settings.sync, settings.dataBytes, this);
    this.savedRooms = new SavedRooms(rooms, this.journal);
    this.removedRooms = new RemovedRooms(rooms, this.journal);
  }

  /** Adds a list of bans or mutes to the storage, under this name. Call it before {@link open}. */
  addPenalties(name: string, penalties: Penalties): void {
    this.states.push(new SavedPenalties(name, penalties));
  }

  /**
   * Reads the journal into the rooms. Afterwards the owner must call {@link commit} before anything
   * is sent to a client, and before each wait.
   *
   * @returns an error message, or empty
   */
  open(): string {
    const began = monotonic();
    this.lookup = new RoomLookup(this.rooms);
    const found = this.journal.open();
    this.lookup = null;
    freeMessage();
    if (found.mistake != "") return found.mistake;
    this.savedRooms.removePrivate();
    const milliseconds = (monotonic() - began) / NANOSECONDS_PER_MILLISECOND;
    const segments = countText(found.segments.length, "segment");
    const lines = countText(this.lines, "line");
    this.log.info("journal-read", `journal: ${lines} in ${segments}, read in ${milliseconds} ms`);
    return "";
  }

  /** Records a message, before it is sent. */
  recordMessage(message: Message): void {
    this.lastId = message.id;
    if (!this.journal.isWriting) return;
    if (message.id + IDS_RESERVED / 2 > this.reservedId) this.writeMark(message.id + IDS_RESERVED);
    const most = LINE_HEADER_BYTES + message.roomBytes + message.fromBytes + message.textBytes;
    const at = this.journal.payload(most);
    this.journal.seal(RecordType.LINE, writeLine(at, message), message.id);
  }

  /** Records the topic of a room, with its author and time. */
  recordRoom(room: Room): void {
    if (this.journal.isWriting) this.savedRooms.write(room);
  }

  /** Records whether a room is private. */
  recordPrivacy(room: Room): void {
    if (this.journal.isWriting) this.savedRooms.writeDetails(room);
  }

  /** Writes all recorded messages and changes. */
  commit(): void {
    for (let i = 0; i < this.states.length; i++) {
      const state = this.states[i];
      if (state.isChanged && this.journal.isWriting) state.writeList(this.journal);
    }
    this.journal.commit();
    this.removedRooms.forgetSynced();
  }

  /** Closes the storage at a regular stop, so that the next server continues with the next id. */
  close(): void {
    if (this.journal.isWriting) this.writeMark(this.lastId);
    this.journal.close();
  }

  onSegment(number: u64, version: u32): void {
    this.savedRooms.onSegment();
    this.segment = number;
    this.timeUnit = timeUnit(version);
  }

  onRecord(type: u32, payload: usize, length: u32): u64 {
    if (type == RecordType.LINE) return this.onLine(payload, length);
    if (type == RecordType.ROOM) this.savedRooms.read(payload, length, this.lookup!);
    if (type == RecordType.DETAILS) this.savedRooms.readDetails(payload, length, this.lookup!);
    if (type == RecordType.REMOVED) this.removedRooms.readRecord(payload, length);
    if (type == RecordType.HISTORY) return this.onHistory(payload, length);
    if (type == RecordType.STATE) this.onState(payload, length);
    if (type == RecordType.MARK && length >= OLD_MARK_BYTES) this.onMark(payload, length);
    return 0;
  }

  onAllRead(): void {
    for (let i = 0; i < this.states.length; i++) this.states[i].restore(this.clock.now);
    this.lastId = max(this.lastId, this.reservedId);
    this.savedRooms.onAllRead();
  }

  writeSnapshot(forgottenId: u64): void {
    this.rooms.forgottenId = max(this.rooms.forgottenId, forgottenId);
    this.writeMark(this.lastId + IDS_RESERVED);
    for (let i = 0; i < this.states.length; i++) this.states[i].writeList(this.journal);
    this.removedRooms.writePending();
    this.savedRooms.writeAll();
  }

  compact(segment: u64, id: u64, into: u64, bytesMost: u64): void {
    let left = bytesMost;
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      const history = rooms[i].history;
      if (history.count == 0 || history.keptIn > segment || history.oldestId > id) continue;
      if (history.recordBytes <= left) {
        left -= history.recordBytes;
        this.writeHistory(rooms[i], into);
      } else {
        history.forgetThrough(id);
        this.recordRoom(rooms[i]);
      }
    }
  }

  writeMissing(sinceId: u64, into: u64): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      if (rooms[i].history.newestId > sinceId) this.writeHistory(rooms[i], into);
    }
  }

  onSegmentLost(segment: u64): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      if (rooms[i].history.keptIn >= segment) rooms[i].history.keptIn = 0;
    }
  }

  report(text: string): void {
    this.log.warn("journal", `journal: ${text}`);
  }

  /** Records that ids up to this one may be in use. */
  private writeMark(reservedId: u64): void {
    this.reservedId = reservedId;
    const at = this.journal.payload(MARK_BYTES);
    store<u64>(at, this.lastId);
    store<u64>(at, reservedId, 8);
    store<u64>(at, this.rooms.forgottenId, 16);
    store<u64>(at, this.epoch, 24);
    this.journal.seal(RecordType.MARK, MARK_BYTES, this.lastId);
  }

  private writeHistory(room: Room, segment: u64): void {
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
    this.lastId = max(this.lastId, message.id);
    const room = this.lookup!.find(at + LINE_HEADER_BYTES, bytes);
    // Null: there are too many rooms. The id is not new if a HISTORY record had the message.
    if (room === null || message.id <= room.history.newestId) return message.id;
    room.history.addMessage(message);
    this.rooms.relieveMemory();
    this.lines++;
    return message.id;
  }

  private onHistory(at: usize, length: u32): u64 {
    const bytes = roomNameBytes(at, length);
    if (bytes == 0) return 0;
    const room = this.lookup!.find(at + ROOM_HEADER_BYTES, bytes);
    if (room === null) return 0;
    const history = room.history;
    const from = ROOM_HEADER_BYTES + bytes;
    const before = history.count;
    history.dropAll();
    history.forgottenId = checkedId(load<u64>(at));
    readEntries(at + from, length - from, history, this.timeUnit);
    history.keptIn = this.segment;
    this.rooms.relieveMemory();
    this.lines += max(0, history.count - before);
    this.lastId = max(this.lastId, history.newestId);
    return history.newestId;
  }

  private onMark(at: usize, length: u32): void {
    this.lastId = max(this.lastId, checkedId(load<u64>(at)));
    this.reservedId = checkedId(load<u64>(at, 8));
    this.rooms.forgottenId = max(this.rooms.forgottenId, checkedId(load<u64>(at, 16)));
    if (length >= MARK_BYTES) this.epoch = checkedId(load<u64>(at, 24));
  }

  private onState(at: usize, length: u32): void {
    if (length < STATE_HEADER_BYTES) return;
    const nameBytes = load<u32>(at, 4);
    if (nameBytes > length - STATE_HEADER_BYTES) return;
    const name = String.UTF8.decodeUnsafe(at + STATE_HEADER_BYTES, nameBytes);
    const from = STATE_HEADER_BYTES + nameBytes;
    const text = String.UTF8.decodeUnsafe(at + from, length - from);
    for (let i = 0; i < this.states.length; i++) {
      if (this.states[i].name == name) this.states[i].readPiece(text, load<u32>(at));
    }
  }
}
