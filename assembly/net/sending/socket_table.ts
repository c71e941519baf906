/**
 * The one table of the sockets of all connections: what a send must know, in numbers. A broadcast
 * looks at sixteen bytes for each client that reads in time, and at none of the objects that know
 * more of it: among thousands, to fetch those from memory takes as long as a good part of the call.
 *
 * An entry: the descriptor u32, flags u32, the bytes that the socket has taken u64. A connection's
 * outbox owns its entry. Only here stands whether a socket may be sent to directly: no flag is set.
 */
import { Fd, send } from "../../wasi/socket";
import { Traffic } from "../traffic";

const ENTRY_BYTES: usize = 16;
const FIRST_CAPACITY: i32 = 64;

/** Why a socket may not be sent to directly. */
export enum SocketFlag {
  /** Its outbox holds bytes, which go first. */
  OWED = 1,
  /** Its connection takes no new bytes: it is closing or broken. */
  ENDED = 2,
}

/** The place of no socket: it has {@link SocketFlag.ENDED} for ever. */
export const NO_PLACE: i32 = 0;
/** What {@link SocketTable.sendDirectly} returns if a flag is set. */
export const NOT_OFFERED: i32 = i32.MIN_VALUE;

let table: usize = 0;
let capacity: i32 = 0;
/** Entries that have ever been in use, and those of them that are free. */
let used: i32 = 1;
const free = new Array<i32>();

// @ts-ignore: decorator
@inline
function at(place: i32): usize {
  return table + <usize>place * ENTRY_BYTES;
}

export class SocketTable {
  /** Adds a socket without flags. @returns its place, which stays the same until it is removed */
  static add(fd: Fd): i32 {
    if (free.length == 0 && used >= capacity) grow();
    const place = free.length > 0 ? free.pop() : used++;
    store<u32>(at(place), fd);
    store<u32>(at(place), 0, 4);
    store<u64>(at(place), 0, 8);
    return place;
  }

  /** Removes a socket. Its place may be given to another one. */
  static remove(place: i32): void {
    free.push(place);
  }

  static fdAt(place: i32): Fd {
    return load<u32>(at(place));
  }

  static setFlag(place: i32, flag: SocketFlag, isSet: bool): void {
    const flags = load<u32>(at(place), 4);
    store<u32>(at(place), isSet ? flags | flag : flags & ~flag, 4);
  }

  static hasFlag(place: i32, flag: SocketFlag): bool {
    return (load<u32>(at(place), 4) & flag) != 0;
  }

  /** Whether the socket may be sent to directly. */
  static isClear(place: i32): bool {
    return load<u32>(at(place), 4) == 0;
  }

  /** Bytes that the socket has taken since it was added. */
  static sentBytes(place: i32): u64 {
    return load<u64>(at(place), 8);
  }

  /** Counts the bytes of one send, that the socket has taken. */
  // @ts-ignore: decorator
  @inline
  static countSent(place: i32, bytes: u32): void {
    store<u64>(at(place), load<u64>(at(place), 8) + bytes, 8);
    Traffic.sends.add(bytes);
  }

  /**
   * Sends, if no flag is set.
   *
   * @returns the bytes that the socket took, -errno, or {@link NOT_OFFERED}. They are counted only
   *   if it took all of them.
   */
  // @ts-ignore: decorator
  @inline
  static sendDirectly(place: i32, address: usize, bytes: u32): i32 {
    if (load<u32>(at(place), 4) != 0) return NOT_OFFERED;
    const sent = send(load<u32>(at(place)), address, bytes);
    if (<u32>sent == bytes) SocketTable.countSent(place, bytes);
    return sent;
  }
}

function grow(): void {
  capacity = max(capacity * 2, FIRST_CAPACITY);
  const bytes = <usize>capacity * ENTRY_BYTES;
  table = table == 0 ? heap.alloc(bytes) : heap.realloc(table, bytes);
  store<u32>(at(NO_PLACE), SocketFlag.ENDED, 4);
}
