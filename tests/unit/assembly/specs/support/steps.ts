/** Helpers that several specs use. */
import { Task } from "../../../../../assembly/loop/loop";
import { collect, copySent, sentLength } from "./host";

/** Kinds of host, for {@link setHost}. */
export namespace Host {
  export const OVER_REPORTS: i32 = 0;
  export const EXACT: i32 = 1;
  export const CLOCKS_ONLY: i32 = 2;
  export const NO_POLL: i32 = 3;
}

export const MILLISECOND: u64 = 1_000_000;
export const SECOND: u64 = 1_000_000_000;

/** Stands between two steps of a spec: in every second run, memory is collected here. */
export function step(): void {
  collect();
}

/** Asserts that two texts are the same, and shows them if not. */
export function same(found: string, wanted: string, place: string = ""): void {
  assert(found == wanted, `${place} wanted "${wanted}", found "${found}"`);
}

export function sameNumber(found: i64, wanted: i64, place: string = ""): void {
  assert(found == wanted, `${place} wanted ${wanted}, found ${found}`);
}

/** All that has been sent to a descriptor, as text. */
export function sent(fd: u32): string {
  const length = sentLength(fd);
  const copy = heap.alloc(max(length, 1));
  copySent(fd, copy);
  const text = String.UTF8.decodeUnsafe(copy, length);
  heap.free(copy);
  return text;
}

/** Bytes of a text, for whoever wants an address: free with `heap.free`. */
export function bytesOf(text: string): usize {
  const at = heap.alloc(max(<usize>String.UTF8.byteLength(text), 1));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
  return at;
}

/** Writes down that it ran. */
export class Note extends Task {
  constructor(
    private diary: Array<string>,
    private text: string,
  ) {
    super();
  }

  run(): void {
    this.diary.push(this.text);
  }
}
