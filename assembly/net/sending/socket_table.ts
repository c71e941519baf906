/**
 * Sockets that are sent the same bytes, in a table of numbers. Whoever reads in time costs a
 * broadcast one call and sixteen bytes looked at, and none of the objects that know more of it:
 * among thousands, to fetch those from memory takes as long as a good part of the call.
 *
 * An entry: the descriptor u32, whether it is clear u32, the bytes that it has been sent u64. Who
 * owns the table knows what each place stands for.
 */
import { Fd, send } from "../../wasi/socket";
import { Traffic } from "../traffic";

const ENTRY_BYTES: usize = 16;
const FIRST_CAPACITY: i32 = 4;
/** What {@link SocketTable.offer} answers for a place that is not clear. */
export const NOT_OFFERED: i32 = i32.MIN_VALUE;

export class SocketTable {
  private size: i32 = 0;
  private capacity: i32 = 0;
  private table: usize = 0;

  /** Takes a socket in, at the next place. @param isClear whether it can be sent to at once */
  add(fd: Fd, isClear: bool): void {
    if (this.size == this.capacity) this.grow();
    const at = this.at(this.size++);
    store<u32>(at, fd);
    store<u32>(at, isClear, 4);
    store<u64>(at, 0, 8);
  }

  /** Takes one out; the last one gets its place. @returns the bytes that it was sent from here */
  remove(place: i32): u64 {
    const at = this.at(place);
    const sent = load<u64>(at, 8);
    const last = this.at(--this.size);
    store<u64>(at, load<u64>(last));
    store<u64>(at, load<u64>(last, 8), 8);
    if (this.size == 0) this.free();
    return sent;
  }

  /** Says whether a socket can be sent to at once: it is sound, and nothing else is owed to it. */
  setClear(place: i32, isClear: bool): void {
    store<u32>(this.at(place), isClear, 4);
  }

  /** Sends, if the place is clear. @returns the bytes taken, -errno, or {@link NOT_OFFERED} */
  // @ts-ignore: decorator
  @inline
  offer(place: i32, address: usize, bytes: u32): i32 {
    const at = this.at(place);
    if (load<u32>(at, 4) == 0) return NOT_OFFERED;
    const sent = send(load<u32>(at), address, bytes);
    if (<u32>sent == bytes) {
      store<u64>(at, load<u64>(at, 8) + bytes, 8);
      Traffic.sends.add(bytes);
    }
    return sent;
  }

  // @ts-ignore: decorator
  @inline
  private at(place: i32): usize {
    return this.table + <usize>place * ENTRY_BYTES;
  }

  private grow(): void {
    const wanted = max(this.capacity * 2, FIRST_CAPACITY);
    const bytes = <usize>wanted * ENTRY_BYTES;
    this.table = this.capacity > 0 ? heap.realloc(this.table, bytes) : heap.alloc(bytes);
    this.capacity = wanted;
  }

  /** An empty room holds nothing. */
  private free(): void {
    heap.free(this.table);
    this.table = 0;
    this.capacity = 0;
  }
}
