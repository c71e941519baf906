/**
 * A guest that makes calls which none of the programs makes: several memory pieces, every flag, all
 * clocks, invalid pointers. It reads one command a line from stdin and writes one answer a line,
 * like tests/contract/selectors/guest/driver.ts.
 */
import {
  clock_res_get,
  clock_time_get,
  errnoToString,
  environ_get,
  environ_sizes_get,
  fd_datasync,
  fd_fdstat_get,
  fd_fdstat_set_flags,
  fd_filestat_get,
  fd_filestat_set_size,
  fd_prestat_dir_name,
  fd_prestat_get,
  fd_read,
  fd_readdir,
  fd_seek,
  fd_sync,
  fd_write,
  fdstat,
  filestat,
  path_open,
  path_unlink_file,
  prestat,
  poll_oneoff,
  random_get,
  sock_recv,
  sock_send,
  sock_shutdown,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import "../../../../assembly/wasi/abort";
import { sock_accept } from "../../../../assembly/wasi/preview1/abi";
import { readStdin, STDOUT, writeText } from "../../../../assembly/wasi/stdio";

const input = memory.data(8192);
const vectors = memory.data(256);
const buffer = memory.data(65536);
const out = memory.data(64);
const subscriptions = heap.alloc(64 * 48);
const events = heap.alloc(64 * 32);

function parse(text: string): i64 {
  return I64.parseInt(text);
}

function errno(code: u16): string {
  return errnoToString(code);
}

/** Targets of the lengths that words[from...] name, one behind the other, each byte a dot. */
function targets(words: Array<string>, from: i32): u32 {
  memory.fill(buffer, 46, 65536);
  let at = buffer;
  for (let i = from; i < words.length; i++) {
    const vector = vectors + <usize>(i - from) * 8;
    store<u32>(vector, at);
    store<u32>(vector, <u32>parse(words[i]), 4);
    at += <usize>parse(words[i]);
  }
  return <u32>at;
}

/** `n flags text`, the text of all the targets. */
function received(code: u16, end: u32): string {
  if (code != 0) return errno(code);
  const text = String.UTF8.decodeUnsafe(buffer, end - <u32>buffer);
  return `${load<u32>(out)} ${load<u16>(out, 8)} ${text}`;
}

function pieces(words: Array<string>, from: i32): void {
  let at = buffer;
  for (let i = from; i < words.length; i++) {
    const bytes = String.UTF8.encode(words[i]);
    memory.copy(at, changetype<usize>(bytes), bytes.byteLength);
    store<u32>(vectors + <usize>(i - from) * 8, at);
    store<u32>(vectors + <usize>(i - from) * 8, bytes.byteLength, 4);
    at += bytes.byteLength;
  }
}

/** `r3`, `w4`, or `id:flags:timeout` of a clock; type 9 is none. */
function subscribe(word: string, at: usize): void {
  memory.fill(at, 0, 48);
  const kind = word.charAt(0);
  if (kind == "r" || kind == "w") {
    store<u64>(at, parse(word.substring(1)));
    store<u8>(at, kind == "r" ? 1 : 2, 8);
    store<u32>(at, <u32>parse(word.substring(1)), 16);
    return;
  }
  const parts = word.split(":");
  store<u64>(at, 1000 + parse(parts[0]));
  store<u8>(at, parts[0] == "9" ? 9 : 0, 8);
  store<u32>(at, <u32>parse(parts[0]), 16);
  store<u16>(at, <u16>parse(parts[1]), 40);
  let timeout = <u64>parse(parts[2]);
  if (parts.length > 3) {
    clock_time_get(<u32>parse(parts[0]), 0, changetype<usize>(out));
    timeout += load<u64>(out);
  }
  store<u64>(at, timeout, 24);
}

function poll(words: Array<string>): string {
  for (let i = 1; i < words.length; i++) subscribe(words[i], subscriptions + <usize>(i - 1) * 48);
  const code = poll_oneoff(subscriptions, events, words.length - 1, changetype<usize>(out));
  if (code != 0) return errno(code);
  let text = "";
  for (let i: u32 = 0; i < load<u32>(out); i++) {
    const at = events + <usize>i * 32;
    const about = `${load<u16>(at, 8)}:${load<u8>(at, 10)}:${load<u64>(at, 16)}:${load<u16>(at, 24)}`;
    text += `${load<u64>(at)}:${about} `;
  }
  return text;
}

function stat(fd: u32): string {
  const code = fd_fdstat_get(fd, changetype<fdstat>(out));
  if (code != 0) return errno(code);
  const rights = `${load<u64>(out, 8)} ${load<u64>(out, 16)}`;
  return `${load<u8>(out)} ${load<u16>(out, 2)} ${rights}`;
}

function onSockets(verb: string, words: Array<string>, fd: u32, value: i32): string {
  if (verb == "accept") {
    const code = sock_accept(fd, <u16>value, out);
    return code == 0 ? load<u32>(out).toString() : errno(code);
  }
  if (verb == "recv") {
    const end = targets(words, 3);
    const n = words.length - 3;
    return received(sock_recv(fd, vectors, n, <u16>value, out, out + 8), end);
  }
  if (verb == "read") {
    store<u16>(out, 0, 8);
    const end = targets(words, 2);
    return received(fd_read(fd, vectors, words.length - 2, out), end);
  }
  if (verb == "send" || verb == "write") {
    pieces(words, 2);
    const n = words.length - 2;
    const code = verb == "send" ? sock_send(fd, vectors, n, 0, out) : fd_write(fd, vectors, n, out);
    return code == 0 ? load<u32>(out).toString() : errno(code);
  }
  if (verb == "shutdown") return errno(sock_shutdown(fd, <u8>value));
  return "";
}

function name(word: string): u32 {
  const bytes = String.UTF8.encode(word == "-" ? "" : word);
  memory.copy(buffer, changetype<usize>(bytes), bytes.byteLength);
  return <u32>bytes.byteLength;
}

/** `NAME:TYPE` of what is in a directory, sorted, read in pieces of `most` bytes. */
function list(fd: u32, most: u32): string {
  const found = new Array<string>();
  let cookie: u64 = 0;
  while (true) {
    const code = fd_readdir(fd, buffer, most, cookie, out);
    if (code != 0) return errno(code);
    const used = load<u32>(out);
    let at: u32 = 0;
    while (at + 24 <= used && at + 24 + load<u32>(buffer + at, 16) <= used) {
      const length = load<u32>(buffer + at, 16);
      const text = String.UTF8.decodeUnsafe(buffer + at + 24, length);
      found.push(`${text}:${load<u8>(buffer + at, 20)}`);
      cookie = load<u64>(buffer + at);
      at += 24 + length;
    }
    if (used < most) return found.sort().join(" ");
    if (at == 0) return "nothing fits";
  }
}

function onFiles(verb: string, words: Array<string>, fd: u32): string {
  if (verb == "open") {
    // open DIRECTORY NAME OFLAGS RIGHTS FDFLAGS
    const length = name(words[2]);
    const oflags = <u16>parse(words[3]);
    const rights = <u64>parse(words[4]);
    const fdflags = <u16>parse(words[5]);
    const code = path_open(fd, 0, buffer, length, oflags, rights, 0, fdflags, out);
    return code == 0 ? load<u32>(out).toString() : errno(code);
  }
  if (verb == "set-size") return errno(fd_filestat_set_size(fd, <u64>parse(words[2])));
  if (verb == "datasync") return errno(fd_datasync(fd));
  if (verb == "list") return list(fd, <u32>parse(words[2]));
  if (verb == "unlink") {
    const length = name(words[2]);
    return errno(path_unlink_file(fd, buffer, length));
  }
  return "";
}

/** Calls whose pointers are wrong; an exact host answers, wasmtime traps. */
function bad(which: string): string {
  const nowhere: usize = 0xffff_fff0;
  if (which == "clock-nowhere") return errno(clock_time_get(1, 0, nowhere));
  if (which == "clock-odd") return errno(clock_time_get(1, 0, out + 1));
  if (which == "poll-odd") return errno(poll_oneoff(subscriptions + 4, events, 1, out));
  if (which == "poll-many") return errno(poll_oneoff(subscriptions, events, 0x7fff_ffff, out));
  if (which == "vectors-odd") return errno(fd_write(1, vectors + 2, 1, out));
  if (which == "random-nowhere") return errno(random_get(nowhere, 4096));
  store<u32>(vectors, nowhere);
  store<u32>(vectors, 4096, 4);
  if (which == "write-nowhere") return errno(fd_write(1, vectors, 1, out));
  if (which == "stale-first") return errno(fd_write(77, vectors, 1, out));
  return "";
}

function obey(line: string): string {
  const words = line.split(" ");
  const verb = words[0];
  const fd = words.length > 1 ? <u32>parse(words[1]) : 0;
  const value = words.length > 2 ? <i32>parse(words[2]) : 0;
  if (verb == "poll") return poll(words);
  if (verb == "bad") return bad(words[1]);
  if (verb == "stat") return stat(fd);
  if (verb == "flags") return errno(fd_fdstat_set_flags(fd, <u16>value));
  if (verb == "seek") return errno(fd_seek(fd, value, <u8>parse(words[3]), out));
  if (verb == "sync") return errno(fd_sync(fd));
  if (verb == "prestat") return errno(fd_prestat_get(fd, changetype<prestat>(out)));
  if (verb == "prestat-name") return errno(fd_prestat_dir_name(fd, buffer, 100));
  if (verb == "clock") return errno(clock_time_get(fd, 0, out));
  if (verb == "resolution") return errno(clock_res_get(fd, out));
  if (verb == "random") return errno(random_get(buffer, 16));
  if (verb == "filestat") {
    const code = fd_filestat_get(fd, changetype<filestat>(out));
    return code == 0 ? `${load<u8>(out, 16)} ${load<u64>(out, 32)}` : errno(code);
  }
  if (verb == "environ") {
    const sizes = errno(environ_sizes_get(out, out + 4));
    return `${sizes} ${errno(environ_get(vectors, buffer))} ${load<u32>(out)}`;
  }
  const answer = onFiles(verb, words, fd);
  return answer == "" ? onSockets(verb, words, fd, value) : answer;
}

let rest = "";
while (true) {
  const got = readStdin(input, 8192);
  if (got <= 0) break;
  const lines = (rest + String.UTF8.decodeUnsafe(input, got)).split("\n");
  rest = lines.pop();
  for (let i = 0; i < lines.length; i++) writeText(STDOUT, obey(lines[i]) + "\n");
}
