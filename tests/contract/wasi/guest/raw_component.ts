/**
 * A guest of WASI 0.3 that executes commands: one line on stdin, one line as answer on stdout. It
 * calls its host directly, and does not correct the host's answers. Its handles have names:
 * `listener`; `in0`, `out0` and `ending0` of the first peer; `set0`, `timer0`.
 */
export { cabi_realloc } from "../../../../assembly/wasi/preview3/platform";

import { AGAIN } from "../../../../assembly/wasi/errno";
import * as abi from "../../../../assembly/wasi/preview3/abi";
import { bind } from "../../../../assembly/wasi/preview3/address";
import * as canonical from "../../../../assembly/wasi/preview3/canonical";
import { Event } from "../../../../assembly/wasi/preview3/canonical";
import * as tcp from "../../../../assembly/wasi/preview3/tcp";
import { wait } from "../../../../assembly/wasi/preview3/waitables";
import { programArguments } from "../../../../assembly/wasi/process";
import { readStdin, STDIN_READ_BYTES, STDOUT, writeText } from "../../../../assembly/wasi/stdio";
import { parseEndpoint } from "../../../../assembly/text/endpoint";


@external("$root", "[waitable-set-drop]")
declare function dropSet(set: abi.Handle): void;

const BYTES: usize = 65536;
const input = memory.data(8192);
const place = memory.data(32);
const names = new Map<string, abi.Handle>();
const buffers = new Map<string, usize>();
let peers = 0;
let sets = 0;
let timers = 0;
let streams = 0;

function numberOf(text: string): i32 {
  return <i32>I32.parseInt(text);
}

function handleOf(name: string): abi.Handle {
  return names.has(name) ? names.get(name) : numberOf(name);
}

function bufferOf(name: string): usize {
  if (!buffers.has(name)) buffers.set(name, heap.alloc(BYTES));
  return buffers.get(name);
}

function nameOf(handle: abi.Handle): string {
  const all = names.keys();
  for (let i = 0; i < all.length; i++) if (names.get(all[i]) == handle) return all[i];
  return handle.toString();
}

/** Returns the result of a read or a write as text; a read adds the bytes. */
function answered(name: string, answer: u32): string {
  if (answer == canonical.BLOCKED) return "blocked";
  if (name.startsWith("ending")) {
    const at = bufferOf(name);
    return load<u8>(at) == 0 ? "ok" : `error ${load<u8>(at + tcp.CODE_AT)}`;
  }
  const count = canonical.countOf(answer);
  const states = ["completed", "dropped", "cancelled"];
  const text = `${count} ${states[answer & 15]}`;
  if (!name.startsWith("in") || count == 0) return text;
  if (count > 100) return `${text}: many`;
  return `${text} "${String.UTF8.decodeUnsafe(bufferOf(name), count)}"`;
}

function told(event: Event): string {
  if (event == Event.NONE) return "nothing";
  const name = nameOf(load<abi.Handle>(canonical.EVENT));
  const payload = load<u32>(canonical.EVENT, canonical.PAYLOAD_AT);
  if (event == Event.SUBTASK) return `${name} state ${payload}`;
  return `event ${event} of ${name}: ${answered(name, payload)}`;
}

/** Gives names to the streams of a socket that has been read from the listener. */
function greet(): string {
  const socket = load<abi.Handle>(bufferOf("listener"));
  const n = peers++;
  names.set(`socket${n}`, socket);
  tcp.receive(socket, abi.RESULT);
  names.set(`in${n}`, load<abi.Handle>(abi.RESULT, abi.STREAM_AT));
  names.set(`ending${n}`, load<abi.Handle>(abi.RESULT, abi.FUTURE_AT));
  const pair = tcp.newSendStream();
  names.set(`sent${n}`, tcp.send(socket, <abi.Handle>pair));
  names.set(`out${n}`, <abi.Handle>(pair >> tcp.WRITABLE_SHIFT));
  return `peer ${n}`;
}

/** Asks a socket for what it has given already. */
function receiveAgain(socket: string): string {
  tcp.receive(handleOf(socket), abi.RESULT);
  names.set("in-again", load<abi.Handle>(abi.RESULT, abi.STREAM_AT));
  names.set("ending-again", load<abi.Handle>(abi.RESULT, abi.FUTURE_AT));
  return "streams";
}

/** Accepts, waiting for it. */
function accept(): string {
  const listener = handleOf("listener");
  const set = canonical.newSet();
  if (tcp.readAccepted(listener, bufferOf("listener"), 1) == canonical.BLOCKED) {
    canonical.join(listener, set);
    canonical.waitForSet(set, canonical.EVENT);
    canonical.join(listener, 0);
  }
  dropSet(set);
  return greet();
}

function read(name: string, count: u32): u32 {
  const handle = handleOf(name);
  const at = bufferOf(name);
  if (name == "listener") return tcp.readAccepted(handle, at, count);
  if (name.startsWith("ending")) return tcp.readResult(handle, at);
  return tcp.read(handle, at, count);
}

function write(name: string, word: string): u32 {
  const at = bufferOf(name);
  const bytes = String.UTF8.encodeUnsafe(changetype<usize>(word), word.length, at);
  return tcp.write(handleOf(name), at, <u32>bytes);
}

/** Writes as much as there is room for. */
function fill(name: string): string {
  const handle = handleOf(name);
  const at = bufferOf(name);
  for (let writes = 0; writes < 10_000; writes++) {
    const answer = tcp.write(handle, at, <u32>BYTES);
    if (answer == canonical.BLOCKED) return `full, ${answered(name, tcp.cancelWrite(handle))}`;
    if (canonical.isDropped(answer)) return answered(name, answer);
  }
  return "never full";
}

function cancel(name: string): string {
  const handle = handleOf(name);
  if (name.startsWith("timer")) return `state ${canonical.cancelSubtask(handle)}`;
  if (name == "listener") return answered(name, tcp.cancelAccept(handle));
  if (name.startsWith("in")) return answered(name, tcp.cancelRead(handle));
  if (name.startsWith("ending")) {
    return tcp.cancelResult(handle) == 2 ? "cancelled" : answered(name, 0);
  }
  return answered(name, tcp.cancelWrite(handle));
}

function drop(name: string): string {
  const handle = handleOf(name);
  if (name.startsWith("timer")) canonical.dropSubtask(handle);
  else if (name.startsWith("set")) dropSet(handle);
  else if (name == "listener") tcp.dropListenStream(handle);
  else if (name.startsWith("in")) tcp.dropReceiveStream(handle);
  else if (name.startsWith("ending")) tcp.dropResult(handle);
  else if (name.startsWith("sent")) tcp.dropSendResult(handle);
  else if (name.startsWith("socket")) tcp.dropSocket(handle);
  else tcp.dropSendStream(handle);
  names.delete(name);
  return "dropped";
}

function make(what: string, words: Array<string>): string {
  if (what == "set") {
    const name = `set${sets++}`;
    names.set(name, canonical.newSet());
    return name;
  }
  if (what == "timer") {
    const answer = abi.waitFor(<u64>I64.parseInt(words[1]));
    const name = `timer${timers++}`;
    names.set(name, canonical.subtaskOf(answer));
    return `${name} state ${canonical.stateOf(answer)}`;
  }
  const pair = tcp.newSendStream();
  names.set(`far${streams}`, <abi.Handle>pair);
  names.set(`out-new${streams++}`, <abi.Handle>(pair >> tcp.WRITABLE_SHIFT));
  return "stream";
}

function remote(name: string): string {
  tcp.remoteAddress(handleOf(name), abi.RESULT);
  return abi.succeeded() ? "known" : `error ${load<u8>(abi.RESULT, abi.VALUE_AT)}`;
}

function obey(words: Array<string>): string {
  const verb = words[0];
  const name = words.length > 1 ? words[1] : "";
  if (verb == "listeners") return "3";
  if (verb == "accept") return accept();
  if (verb == "greet") return greet();
  if (verb == "read") return answered(name, read(name, words.length > 2 ? numberOf(words[2]) : 1));
  if (verb == "write-badly") return answered(name, tcp.write(handleOf(name), 0xffff_fff0, 100));
  if (verb == "write") return answered(name, write(name, words[2]));
  if (verb == "write-bytes") {
    return answered(name, tcp.write(handleOf(name), bufferOf(name), numberOf(words[2])));
  }
  if (verb == "fill") return fill(name);
  if (verb == "cancel") return cancel(name);
  if (verb == "drop") return drop(name);
  if (verb == "wait") return told(canonical.waitForSet(handleOf(name), canonical.EVENT));
  if (verb == "poll") return told(canonical.pollSet(handleOf(name), canonical.EVENT));
  if (verb == "yield") return canonical.yieldThread().toString();
  if (verb == "handle") return handleOf(name).toString();
  if (verb == "receive") return receiveAgain(name);
  if (verb == "remote") return remote(name);
  if (verb == "join") {
    canonical.join(handleOf(name), words[2] == "none" ? 0 : handleOf(words[2]));
    return "joined";
  }
  return make(verb, words);
}

/** Listens where its arguments say: `listen 127.0.0.1:9001`. */
function listen(words: string): void {
  assert(parseEndpoint(words.substring(7), place) == 4);
  tcp.create(0, abi.RESULT);
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  bind(socket, place, 4, load<u16>(place, 16));
  tcp.listen(socket, abi.RESULT);
  assert(abi.succeeded());
  names.set("listener", load<abi.Handle>(abi.RESULT, abi.VALUE_AT));
}

const given = programArguments();
for (let i = 0; i < given.length; i++) if (given[i].startsWith("listen ")) listen(given[i]);

let rest = "";
while (true) {
  const got = readStdin(input, STDIN_READ_BYTES);
  if (got == -AGAIN) {
    wait();
    continue;
  }
  if (got <= 0) break;
  const lines = (rest + String.UTF8.decodeUnsafe(input, got)).split("\n");
  rest = lines.pop();
  for (let i = 0; i < lines.length; i++) writeText(STDOUT, obey(lines[i].split(" ")) + "\n");
}
