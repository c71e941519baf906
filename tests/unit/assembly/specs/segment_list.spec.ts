import {
  bytesOf,
  dropMissing,
  isThere,
  removeOldest,
  surplus,
} from "../../../../assembly/journal/segment_list";
import { segmentName } from "../../../../assembly/journal/format";
import { Segment } from "../../../../assembly/journal/segment";
import { ACCES } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { sameNumber } from "./support/steps";

const directory = host.openDirectory();
const buffer = memory.data(8);

/** Segments 1 to `count` of 100 bytes, with files. */
function segments(count: i32): Array<Segment> {
  const list: Array<Segment> = [];
  for (let i = 1; i <= count; i++) {
    host.diskWrite(segmentName(i), buffer, 8);
    list.push(new Segment(i, 100, 0));
  }
  return list;
}

export function the_oldest_segments_are_removed_until_one_cannot_be(): void {
  const list = segments(4);
  sameNumber(bytesOf(list), 400);
  sameNumber(removeOldest(directory, list, 1), 0);
  host.diskRemove(segmentName(2));
  sameNumber(removeOldest(directory, list, 1), 0, "one without a file:");
  host.failFile("path_unlink_file", ACCES);
  sameNumber(removeOldest(directory, list, 2), -ACCES);
  sameNumber(list.length, 2);
  sameNumber(list[0].number, 3);
  sameNumber(removeOldest(directory, list, 2), 0);
  sameNumber(list.length, 0);
}

export function segments_without_files_are_dropped(): void {
  const list = segments(3);
  host.diskRemove(segmentName(2));
  assert(!isThere(directory, list[1]));
  dropMissing(directory, list);
  sameNumber(list.length, 2);
  host.failFile("path_open", ACCES);
  assert(isThere(directory, list[0]), "which cannot be found out");
}

export function as_many_go_as_a_new_one_needs(): void {
  const list = segments(4);
  sameNumber(surplus(list, 100, 500), 0);
  sameNumber(surplus(list, 100, 499), 1);
  sameNumber(surplus(list, 100, 300), 2);
  sameNumber(surplus(list, 1000, 300), 4);
}
