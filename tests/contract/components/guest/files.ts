/** Performs the file operations that its arguments name, in order, and prints each result. */
export { cabi_realloc } from "../../../../assembly/wasi/preview3/platform";

import { Fd } from "../../../../assembly/wasi/fd";
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
import { programArguments } from "../../../../assembly/wasi/process";
import { close } from "../../../../assembly/wasi/socket";
import { STDOUT, writeText } from "../../../../assembly/wasi/stdio";

let directory: Fd = 0;
let fd: Fd = 0;

function opened(code: i32): string {
  if (code < 0) return code.toString();
  fd = code;
  return "open";
}

function appendBytes(text: string): i32 {
  const bytes = String.UTF8.encode(text);
  return appendFile(fd, changetype<usize>(bytes), bytes.byteLength);
}

function read(bytes: u32): string {
  const buffer = new ArrayBuffer(bytes);
  const got = readFile(fd, changetype<usize>(buffer), bytes);
  return got < 0 ? got.toString() : `"${String.UTF8.decodeUnsafe(changetype<usize>(buffer), got)}"`;
}

/** Reads at the end, and asks for a list: it must not be put into the buffer of the read. */
function readThenList(bytes: u32): string {
  const buffer = heap.alloc(bytes);
  memory.fill(buffer, 0x2e, bytes);
  const got = readFile(fd, buffer, bytes);
  const count = programArguments().length;
  let changed = 0;
  for (let i: usize = 0; i < bytes; i++) if (load<u8>(buffer + i) != 0x2e) changed++;
  heap.free(buffer);
  return `${got} read, ${changed} changed, ${count > 0 ? "a list" : "none"}`;
}

/** Asks for a directory so often. @returns by how many pages memory has grown */
function askOften(name: string): string {
  const pages = memory.size();
  for (let i = 0; i < 20_000; i++) close(handedInDirectory(name));
  return memory.size() - pages < 4 ? "no growth" : "growth";
}

function list(which: Fd): string {
  const names = new Array<string>();
  const error = listDirectory(which, names);
  if (error < 0) return error.toString();
  names.sort();
  return names.length <= 3 ? names.join(" ") : `${names.length} up to ${names[names.length - 1]}`;
}

function run(verb: string, word: string): string {
  if (verb == "data") {
    const found = handedInDirectory(word);
    if (found >= 0) directory = found;
    return found < 0 ? found.toString() : "open";
  }
  if (verb == "create") return opened(openFile(directory, word, Open.CREATE));
  if (verb == "go-on") return opened(openFile(directory, word, Open.APPEND));
  if (verb == "open") return opened(openFile(directory, word, Open.READ));
  if (verb == "append") return appendBytes(word).toString();
  if (verb == "append-bytes") return appendBytes("x".repeat(I32.parseInt(word))).toString();
  if (verb == "read") return read(I32.parseInt(word));
  if (verb == "read-then-list") return readThenList(I32.parseInt(word));
  if (verb == "ask-often") return askOften(word);
  if (verb == "size") return fileSize(fd).toString();
  if (verb == "cut") return cutFile(fd, I32.parseInt(word)).toString();
  if (verb == "sync") return syncFile(fd).toString();
  if (verb == "remove") return removeFile(directory, word).toString();
  if (verb == "close") return close(fd).toString();
  return list(verb == "list-file" ? fd : directory);
}

const words = programArguments();
for (let i = 0; i < words.length; i++) {
  const space = words[i].indexOf(" ");
  const verb = space < 0 ? words[i] : words[i].substring(0, space);
  writeText(STDOUT, `${run(verb, space < 0 ? "" : words[i].substring(space + 1))}\n`);
}
