import { EXIST } from "../../../../assembly/wasi/errno";
import {
  appendFile,
  cutFile,
  fileSize,
  handedInDirectory,
  listDirectory,
  Open,
  openFile,
  readFile,
  removeFile,
  syncFile,
} from "../../../../assembly/wasi/files";
import { close } from "../../../../assembly/wasi/socket";
import * as host from "./support/host";
import { bytesOf, same, sameNumber } from "./support/steps";

const NOENT: i32 = 44;
const buffer = memory.data(64);

function append(fd: u32, text: string): i32 {
  const bytes = bytesOf(text);
  const written = appendFile(fd, bytes, <u32>String.UTF8.byteLength(text));
  heap.free(bytes);
  return written;
}

export function a_directory_is_found_by_its_name(): void {
  host.openListener();
  const directory = host.openDirectory();
  sameNumber(handedInDirectory("data"), directory);
  sameNumber(handedInDirectory("date"), -NOENT);
  sameNumber(handedInDirectory(""), -NOENT);
}

export function a_file_is_made_once_appended_to_and_read(): void {
  const directory = host.openDirectory();
  sameNumber(openFile(directory, "a", Open.READ), -NOENT);
  sameNumber(openFile(directory, "a", Open.APPEND), -NOENT);
  const fd = openFile(directory, "a", Open.CREATE);
  sameNumber(openFile(directory, "a", Open.CREATE), -EXIST);
  sameNumber(append(fd, "hello "), 6);
  sameNumber(append(fd, "there"), 5);
  sameNumber(fileSize(fd), 11);
  sameNumber(syncFile(fd), 0);
  sameNumber(close(fd), 0);
  const again = openFile(directory, "a", Open.READ);
  sameNumber(readFile(again, buffer, 8), 8);
  sameNumber(readFile(again, buffer + 8, 8), 3);
  sameNumber(readFile(again, buffer, 8), 0);
  same(String.UTF8.decodeUnsafe(buffer, 11), "hello there");
}

export function a_file_is_cut_and_goes_on_at_its_end(): void {
  const directory = host.openDirectory();
  const fd = openFile(directory, "a", Open.CREATE);
  append(fd, "hello there");
  sameNumber(cutFile(fd, 5), 0);
  append(fd, "!");
  close(fd);
  const more = openFile(directory, "a", Open.APPEND);
  append(more, "?");
  sameNumber(host.diskRead("a", buffer), 7);
  same(String.UTF8.decodeUnsafe(buffer, 7), "hello!?");
}

export function a_directory_is_listed_however_long_it_is(): void {
  const directory = host.openDirectory();
  for (let i = 0; i < 500; i++) host.diskWrite(`file-${i}`, buffer, 1);
  const names = new Array<string>();
  sameNumber(listDirectory(directory, names), 0);
  sameNumber(names.length, 502);
  for (let i = 0; i < 500; i++) assert(names.includes(`file-${i}`));
  sameNumber(removeFile(directory, "file-7"), 0);
  sameNumber(removeFile(directory, "file-7"), -NOENT);
  sameNumber(listDirectory(directory, names), 0);
  sameNumber(names.length, 502 + 501);
}

export function what_fails_says_why(): void {
  const directory = host.openDirectory();
  const fd = openFile(directory, "a", Open.CREATE);
  host.failFile("fd_write", 51);
  sameNumber(append(fd, "x"), -51);
  host.failFile("fd_sync", 29);
  sameNumber(syncFile(fd), -29);
  host.shortenFile("fd_write", 2);
  sameNumber(append(fd, "xyz"), 2);
  const names = new Array<string>();
  sameNumber(listDirectory(fd, names), -8);
  sameNumber(fileSize(directory), -8);
}
