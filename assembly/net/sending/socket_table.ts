/**
 * The table of all sockets: the facts that a send needs, as numbers. For each client without a
 * backlog, a broadcast reads only 16 bytes here, and no object. Among thousands of clients,
 * fetching their objects from memory would take about as long as the call itself.
 *
 * An entry has the descriptor (u32), flags (u32), and the bytes that the socket has taken (u64).
 * The outbox of a connection owns its entry. A socket may be sent to directly if no flag is set;
 * GATHERED forbids that only if there are several chunks to send.
 */
import { Fd, send } from "../../wasi/socket";
import { Traffic } from "../traffic";

const ENTRY_BYTES: usize = 16;
const FIRST_CAPACITY: i32 = 64;

/** The reasons why a socket must not be sent to directly. */
export enum SocketFlag {
  /** Its outbox has queued bytes, which go first. */
  OWED = 1,
  /** Its connection takes no new bytes: it is closing or broken. */
  ENDED = 2,
  /** Its client may get bytes from several chunks in a tick, which should go in one send. */
  GATHERED = 4,
}

/** The flags that forbid a direct send in a round with several chunks. */
export const BLOCKING_FLAGS_OF_SEVERAL_CHUNKS: u32 =
  SocketFlag.OWED | SocketFlag.ENDED | SocketFlag.GATHERED;
/** The flags that forbid it in a round with one chunk: then GATHERED does not matter. */
export const BLOCKING_FLAGS_OF_ONE_CHUNK: u32 = SocketFlag.OWED | SocketFlag.ENDED;

/** The place of no socket. It always has {@link SocketFlag.ENDED}. */
export const NO_PLACE: i32 = 0;
/** The result of {@link SocketTable.sendDirectly} if a flag is set. */
export const NOT_OFFERED: i32 = i32.MIN_VALUE;

let table: usize = 0;
let capacity: i32 = 0;
/** The number of entries that have ever been used. */
let used: i32 = 1;
/** The places of the free entries among them. */
const free = new Array<i32>();

// @ts-ignore: decorator
@inline
function at(place: i32): usize {
  return table + <usize>place * ENTRY_BYTES;
}

export class SocketTable {
  /** Adds a socket without flags. @returns its place, which does not change until it is removed */
  static add(fd: Fd): i32 {
    if (free.length == 0 && used >= capacity) grow();
    const place = free.length > 0 ? free.pop() : used++;
    store<u32>(at(place), fd);
    store<u32>(at(place), 0, 4);
    store<u64>(at(place), 0, 8);
    return place;
  }

  /** Removes a socket. Its place may be reused. */
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

  /** Returns the number of bytes that the socket has taken since it was added. */
  static sentBytes(place: i32): u64 {
    return load<u64>(at(place), 8);
  }

  /** Counts the bytes of one send, which the socket has taken. */
  // @ts-ignore: decorator
  @inline
  static countSent(place: i32, bytes: u32): void {
    store<u64>(at(place), load<u64>(at(place), 8) + bytes, 8);
    Traffic.sends.add(bytes);
  }

  /**
   * Sends, unless one of some flags is set.
   *
   * @param flags {@link BLOCKING_FLAGS_OF_SEVERAL_CHUNKS} or {@link BLOCKING_FLAGS_OF_ONE_CHUNK}
   * @returns the bytes taken, -errno, or {@link NOT_OFFERED}. The bytes are counted only if the
   * socket took all of them.
   */
  // @ts-ignore: decorator
  @inline
  static sendDirectly(place: i32, address: usize, bytes: u32, flags: u32): i32 {
    if ((load<u32>(at(place), 4) & flags) != 0) return NOT_OFFERED;
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
