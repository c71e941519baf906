/** WASI 0.3: one waitable set for all; who owns a handle; reads ahead. */
import { countCall } from "../calls";
import { CONNRESET, IO } from "../errno";
import * as abi from "./abi";
import { Descriptor, Kind } from "./table";

let theSet: i32 = 0;
let owners = changetype<Array<Descriptor | null>>(0);
/** One for each selector: of whom something was heard. */
let queues = changetype<Array<Array<Descriptor>>>(0);
export const SUBTASK = 1, STREAM_READ = 2, STREAM_WRITE = 3, FUTURE_READ = 4;
export let timerFired = false;
export function resetTimer(): void { timerFired = false; }
export function newQueue(): Array<Descriptor> {
  set();
  const queue = new Array<Descriptor>();
  queues.push(queue);
  return queue;
}
export function endQueue(queue: Array<Descriptor>): void {
  const at = queues.indexOf(queue);
  if (at >= 0) queues.splice(at, 1);
}
export function set(): i32 {
  if (theSet == 0) { theSet = abi.setNew(); owners = new Array<Descriptor | null>(); queues = new Array<Array<Descriptor>>(); }
  return theSet;
}
export function adopt(handle: i32, d: Descriptor): void {
  const s = set();
  while (owners.length <= handle) owners.push(null);
  owners[handle] = d;
  countCall();
  abi.join(handle, s);
}
export function disown(handle: i32): void {
  if (changetype<usize>(owners) == 0 || handle >= owners.length || owners[handle] === null) return;
  owners[handle] = null;
  countCall();
  abi.join(handle, 0);
}
/** @returns whether there was anything */
export function take(wait: bool): bool {
  countCall();
  const e = wait ? abi.setWait(set(), abi.EVENT) : abi.setPoll(set(), abi.EVENT);
  if (e == 0) return false;
  const handle = load<i32>(abi.EVENT), payload = load<u32>(abi.EVENT, 4);
  if (e == SUBTASK) { timerFired = true; return true; }
  const d = owners[handle];
  if (d === null) return true;
  if (e == STREAM_READ) { d.reading = false; settle(d, payload); }
  else if (e == FUTURE_READ) told(d);
  else { d.probing = false; d.blockedOut = false; disown(d.output); }
  for (let i = 0; i < queues.length; i++) queues[i].push(d);
  return true;
}
function settle(d: Descriptor, r: u32): void {
  const n = r >> 4;
  if (d.kind == Kind.LISTENER) {
    if (n > 0) newcomer(d, load<i32>(d.buf));
  } else {
    d.at = 0;
    d.len = n;
    if (n == d.cap && n < 65536) d.wants = d.cap * 4;
    else if (n < d.cap / 16 && d.cap > 256) d.wants = d.cap / 4;
  }
  if ((r & 15) == 1) {
    if (d.result < 0) d.ended = true;
    else d.dropped = true;
  }
}
/** Asks how it ended, when all has been read. */
function ask(d: Descriptor): void {
  if (d.asking) return;
  d.asking = true;
  countCall();
  if (abi.recvFutureRead(d.result, d.buf) == abi.BLOCKED) adopt(d.result, d);
  else told(d);
}
function told(d: Descriptor): void {
  if (load<u8>(d.buf) != 0) d.failure = load<u8>(d.buf, 4) == 11 ? -CONNRESET : -IO;
  d.ended = true;
  d.asking = false;
  disown(d.result);
  abi.recvFutureDrop(d.result);
  d.result = -1;
}
function newcomer(listener: Descriptor, sock: i32): void {
  countCall();
  abi.tcpRemote(sock, abi.RESULT);
  if (load<u8>(abi.RESULT) != 0) { abi.tcpDrop(sock); listener.failure = 1; return; }
  countCall();
  abi.tcpReceive(sock, abi.RESULT);
  const rs = load<i32>(abi.RESULT);
  const result = load<i32>(abi.RESULT, 4);
  const pair = abi.sendNew();
  abi.sendFutureDrop(abi.tcpSend(sock, <i32>pair));
  const found = new Descriptor(Kind.CONNECTION, sock, rs, <i32>(pair >> 32));
  found.result = result;
  listener.waiting = found;
}
/** Starts a read if none is under way and nothing is there. */
export function ensureReading(d: Descriptor): void {
  if (d.reading || d.ended || d.len > d.at || d.waiting !== null || d.failure != 0) return;
  if (d.dropped) { ask(d); return; }
  if (d.cap == 0) adopt(d.input, d);
  if (d.cap != d.wants) {
    if (d.buf != 0) heap.free(d.buf);
    d.cap = d.wants;
    d.buf = heap.alloc(d.cap);
  }
  countCall();
  const r = d.kind == Kind.LISTENER ? abi.acceptRead(d.input, d.buf, 1)
    : d.kind == Kind.STDIN ? abi.stdinRead(d.input, d.buf, d.cap) : abi.recvRead(d.input, d.buf, d.cap);
  if (r == abi.BLOCKED) d.reading = true;
  else settle(d, r);
  if (d.dropped && d.len == d.at) ask(d);
}
export function isReadableNow(d: Descriptor): bool {
  ensureReading(d);
  return d.len > d.at || d.ended || d.waiting !== null || d.failure != 0;
}
/** Whether a write would find room, as far as is known; if not, one hears of it. */
export function isWritableNow(d: Descriptor): bool {
  if (!d.blockedOut || d.output < 0) return true;
  if (d.probing) return false;
  countCall();
  if (abi.sendWrite(d.output, 0, 0) != abi.BLOCKED) { d.blockedOut = false; return true; }
  d.probing = true;
  adopt(d.output, d);
  return false;
}
export function releaseReading(d: Descriptor): void {
  if (d.input < 0) return;
  const k = d.kind;
  if (k == Kind.STDIN || k == Kind.CONNECTION || k == Kind.LISTENER) {
    if (d.cap != 0) disown(d.input);
    if (d.reading) {
      if (k == Kind.LISTENER) abi.acceptCancel(d.input); else if (k == Kind.STDIN) abi.stdinCancel(d.input); else abi.recvCancel(d.input);
    }
    d.reading = false;
    if (k == Kind.LISTENER) abi.acceptDrop(d.input); else if (k == Kind.STDIN) abi.stdinDrop(d.input); else abi.recvDrop(d.input);
    if (d.result >= 0) {
      if (d.asking) { disown(d.result); abi.recvFutureCancel(d.result); }
      abi.recvFutureDrop(d.result);
      d.result = -1;
    }
    if (d.buf != 0) heap.free(d.buf);
    d.buf = 0; d.cap = 0; d.at = 0; d.len = 0;
  }
  d.input = -1;
}
export function releaseWriting(d: Descriptor): void {
  if (d.output < 0 || d.kind != Kind.CONNECTION) return;
  if (d.probing) { disown(d.output); abi.sendCancel(d.output); d.probing = false; }
  abi.sendDrop(d.output);
  d.output = -1;
}
