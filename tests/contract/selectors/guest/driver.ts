/**
 * A guest that executes commands: one line on stdin, one line as answer on stdout. Tests use it to
 * drive a selector over real sockets, as if they called it. Arguments are commands, too.
 *
 * Reads of stdin block, so each command is answered before the next is read.
 */
import {
  BaseSelector,
  DefaultSelector,
  EVENT_READ,
  hostReadiness,
  NO_TIMEOUT,
  WaitableSelector,
  PollOneoffSelector,
  ScanSelector,
} from "../../../../assembly/selectors";
import { remoteAddress } from "../../../../assembly/sockets/addresses";
import { listenAll } from "../../../../assembly/sockets/listeners";
import { hostCalls } from "../../../../assembly/wasi/calls";
import { monotonic } from "../../../../assembly/wasi/clock";
import { filetypeOf, handedInListeners } from "../../../../assembly/wasi/descriptors";
import { AGAIN, errnoName } from "../../../../assembly/wasi/errno";
import * as poll from "../../../../assembly/wasi/preview1/poll";
import { waitFor } from "../../../../assembly/wasi/preview3/abi";
import {
  cancelSubtask,
  dropSubtask,
  subtaskOf,
} from "../../../../assembly/wasi/preview3/canonical";
import { Connection } from "../../../../assembly/wasi/preview3/connection";
import * as socket from "../../../../assembly/wasi/socket";
import {
  looksWatchable,
  readStdin,
  STDIN,
  STDOUT,
  writeText,
} from "../../../../assembly/wasi/stdio";
import { IS_COMPONENT } from "../../../../assembly/wasi/platform";
import { programArguments } from "../../../../assembly/wasi/process";

const HOUR_NANOSECONDS: u64 = 3_600_000_000_000;
const input = memory.data(8192);
const buffer = memory.data(65536);
const subscriptions = IS_COMPONENT ? 0 : heap.alloc(4096 * poll.SUBSCRIPTION_BYTES);
const events = IS_COMPONENT ? 0 : heap.alloc(4096 * poll.EVENT_BYTES);

let selector: BaseSelector<string> = DefaultSelector<string>();

function result(value: i32): string {
  return value < 0 ? errnoName(value) : value.toString();
}

function create(kind: string): string {
  if (kind == "scan") selector = new ScanSelector<string>();
  else if (IS_COMPONENT) selector = new WaitableSelector<string>();
  else if (kind == "verified") selector = new PollOneoffSelector<string>(false);
  else if (kind == "believing") selector = new PollOneoffSelector<string>(true);
  else selector = DefaultSelector<string>();
  return selector.name;
}

/** `fd:mask:errno:data ... | error errno nanoseconds` */
function select(timeout: string): string {
  const start = monotonic();
  const ready = selector.select(timeout == "none" ? NO_TIMEOUT : F64.parseFloat(timeout));
  const took = monotonic() - start;
  let text = "";
  for (let i = 0; i < ready.length; i++) {
    const key = ready[i].key;
    text += `${key.fd}:${ready[i].mask}:${key.errno}:${key.data} `;
  }
  return `${text}| ${selector.error} ${selector.errno} ${took}`;
}

/** Selects once and unregisters every key but the first while walking over the events. */
function selectUnregisteringTheRest(): string {
  const ready = selector.select(0);
  let text = "";
  for (let i = 0; i < ready.length; i++) {
    const key = ready[i].key;
    text += `${key.fd}:${ready[i].mask}:${key.registered} `;
    for (let j = i + 1; j < ready.length && i == 0; j++) selector.unregister(ready[j].key.fd);
  }
  return text;
}

/** `fd:events:data ...` in the order of the map. */
function map(): string {
  const keys = selector.getMap().values();
  let text = "";
  for (let i = 0; i < keys.length; i++) text += `${keys[i].fd}:${keys[i].events}:${keys[i].data} `;
  return text;
}

/** `r3 w4 c1000` (nanoseconds) to raw events: `userdata:type:error:nbytes:flags ...` */
function rawPoll(words: Array<string>): string {
  for (let i = 1; i < words.length; i++) {
    const at = subscriptions + <usize>(i - 1) * poll.SUBSCRIPTION_BYTES;
    const value = I64.parseInt(words[i].substring(1));
    const kind = words[i].charAt(0);
    if (kind == "c") poll.subscribeClock(at, value);
    else poll.subscribe(at, <u32>value, kind == "r" ? poll.READ : poll.WRITE, value);
  }
  const n = poll.poll(subscriptions, events, words.length - 1);
  if (n < 0) return errnoName(n);
  let text = "";
  for (let i = 0; i < n; i++) {
    const event = poll.eventAt(events, i);
    const who = event.userdata == poll.CLOCK_USERDATA ? "clock" : event.userdata.toString();
    text += `${who}:${event.type}:${event.error}:${event.nbytes}:${event.flags} `;
  }
  return text;
}

/** Sends until the socket takes no more. */
function fill(fd: u32): string {
  let total: u64 = 0;
  while (true) {
    const sent = socket.send(fd, buffer, 65536);
    if (sent < 0) return `${total} ${errnoName(sent)}`;
    total += sent;
  }
}

/** Waits once, and accepts with no other wait until nobody is there. @returns how many */
function acceptAll(listener: u32): string {
  selector.select();
  let accepted = 0;
  let fd = socket.accept(listener);
  while (fd >= 0) {
    accepted++;
    fd = socket.accept(listener);
  }
  return fd == -AGAIN ? accepted.toString() : errnoName(fd);
}

function recv(fd: u32, most: u32): string {
  const got = socket.recv(fd, buffer, most);
  return got > 0 ? "data " + String.UTF8.decodeUnsafe(buffer, got) : result(got);
}

function send(fd: u32, text: string): string {
  const bytes = String.UTF8.encode(text);
  return result(socket.send(fd, changetype<usize>(bytes), bytes.byteLength));
}

/** Sends so many bytes, all in one call. */
function sendBytes(fd: u32, bytes: u32): string {
  const memory = heap.alloc(bytes);
  const sent = result(socket.send(fd, memory, bytes));
  heap.free(memory);
  return sent;
}

/** Sends to every connection that is watched, with no wait between. @returns how many took it */
function sendAll(text: string): string {
  const bytes = String.UTF8.encode(text);
  const keys = selector.getMap().keys();
  let taken = 0;
  for (let i = 0; i < keys.length; i++) {
    if (socket.send(keys[i], changetype<usize>(bytes), bytes.byteLength) > 0) taken++;
  }
  return taken.toString();
}

/**
 * Closes the second of two ready descriptors while it walks over the events, and accepts a
 * connection that reuses its number.
 *
 * @returns both numbers, and whether the second event is still valid
 */
function selectReusing(listener: u32): string {
  const ready = selector.select(0);
  const second = ready[1].key;
  selector.unregister(second.fd);
  socket.close(second.fd);
  const newcomer = socket.accept(listener);
  selector.register(newcomer, EVENT_READ, "new");
  return `${second.fd} ${newcomer} ${second.registered}`;
}

/** Accepts for so many seconds. @returns how many came, how many failures, and the last error */
function acceptFor(listener: u32, seconds: string): string {
  const end = monotonic() + <u64>(F64.parseFloat(seconds) * 1e9);
  let accepted = 0;
  let failed = 0;
  let error = 0;
  while (monotonic() < end) {
    selector.select(0.01);
    const fd = socket.accept(listener);
    if (fd >= 0) accepted++;
    if (fd < 0 && fd != -AGAIN) {
      failed++;
      error = fd;
    }
  }
  return `${accepted} ${failed} ${errnoName(error)}`;
}

/** Accepts and sends in one go, and tries each so often. @returns the bytes sent */
function acceptAndSend(listener: u32, tries: i64): string {
  let fd = -AGAIN;
  for (let i: i64 = 0; i < tries && fd == -AGAIN; i++) fd = socket.accept(listener);
  if (fd < 0) return errnoName(fd);
  const bytes = String.UTF8.encode("hello");
  let sent = -AGAIN;
  for (let i: i64 = 0; i < tries && sent == -AGAIN; i++) {
    sent = socket.send(fd, changetype<usize>(bytes), bytes.byteLength);
  }
  return result(sent);
}

/** Reads with no wait between. */
function recvTrying(fd: u32, tries: i64): string {
  for (let i: i64 = 0; i < tries; i++) {
    const answer = recv(fd, 10);
    if (answer != "AGAIN") return answer;
  }
  return "AGAIN";
}

/** Lets the host do nothing for a while, and then reads so many bytes. @returns how many selects */
function busyThenRead(seconds: string, bytes: i64): string {
  const end = monotonic() + <u64>(F64.parseFloat(seconds) * 1e9);
  while (monotonic() < end) {}
  let selects = 0;
  for (let got: i64 = 0; got < bytes; selects++) {
    const ready = selector.select();
    for (let i = 0; i < ready.length; i++) got += max(socket.recv(ready[i].key.fd, buffer, 16), 0);
  }
  return selects.toString();
}

function listeners(): string {
  const found = handedInListeners();
  return found.join(" ");
}

function onSelector(words: Array<string>, fd: u32): string {
  const verb = words[0];
  if (verb == "new") return create(words[1]);
  if (verb == "register") return selector.register(fd, <u32>parse(words[2]), words[3]).toString();
  if (verb == "modify") return selector.modify(fd, <u32>parse(words[2]), words[3]).toString();
  if (verb == "unregister") return selector.unregister(fd).toString();
  if (verb == "select") return select(words[1]);
  if (verb == "select-unregistering") return selectUnregisteringTheRest();
  if (verb == "map") return map();
  if (verb == "close-selector") {
    selector.close();
    return "closed";
  }
  if (verb == "key") {
    const key = selector.getKey(fd);
    return key === null ? "none" : `${key.toString()} ${key.data}`;
  }
  return "";
}

function onSockets(words: Array<string>, fd: u32): string {
  const verb = words[0];
  if (verb == "listeners") return listeners();
  if (verb == "accept") return result(socket.accept(fd, words.length > 2));
  if (verb == "accept-all") return acceptAll(fd);
  if (verb == "accept-for") return acceptFor(fd, words[2]);
  if (verb == "accept-send") return acceptAndSend(fd, parse(words[2]));
  if (verb == "recv-trying") return recvTrying(fd, parse(words[2]));
  if (verb == "recv-close") return `${recv(fd, 10)} ${socket.close(fd)}`;
  if (verb == "busy-read") return busyThenRead(words[1], parse(words[2]));
  if (verb == "recv") return recv(fd, <u32>parse(words[2]));
  if (verb == "send") return send(fd, words[2]);
  if (verb == "fill") return fill(fd);
  if (verb == "send-bytes") return sendBytes(fd, <u32>parse(words[2]));
  if (verb == "send-all") return sendAll(words[1]);
  if (verb == "select-reusing") return selectReusing(fd);
  if (verb == "print") return "x".repeat(<i32>fd);
  if (verb == "peek") return result(socket.peek(fd));
  if (verb == "shutdown") return result(socket.shutdownWrite(fd));
  if (verb == "close") return result(socket.close(fd));
  if (verb == "set-nonblocking") return result(socket.setBlocking(fd, false));
  if (verb == "filetype") return result(filetypeOf(fd));
  if (verb == "calls") return hostCalls.toString();
  return IS_COMPONENT ? onComponent(words, fd) : onModule(words, fd);
}

/** Executes commands that exist for modules only. */
function onModule(words: Array<string>, fd: u32): string {
  const verb = words[0];
  if (verb == "poll") return rawPoll(words);
  if (verb == "poll-one") return result(poll.pollOne(fd, words[2] == "r" ? poll.READ : poll.WRITE));
  if (verb == "readiness") return hostReadiness().toString();
  if (verb == "watchable-stdin") return looksWatchable().toString();
  return "";
}

/**
 * Returns the highest handle while `count` timers exist; a handle that was not dropped makes it
 * higher.
 */
function highestHandle(count: u32): i32 {
  const timers = new Array<i32>();
  for (let i: u32 = 0; i < count; i++) timers.push(subtaskOf(waitFor(HOUR_NANOSECONDS)));
  let highest = 0;
  for (let i = 0; i < timers.length; i++) {
    highest = max(highest, timers[i]);
    cancelSubtask(timers[i]);
    dropSubtask(timers[i]);
  }
  return highest;
}

/** Goes on as if there were so many connections more, or fewer. */
function countConnections(more: i32): string {
  Connection.open += more;
  return Connection.open.toString();
}

/** The other way round. */
function onComponent(words: Array<string>, fd: u32): string {
  const verb = words[0];
  if (verb == "peer") return remoteAddress(fd);
  if (verb == "count-connections") return countConnections(<i32>parse(words[1]));
  if (verb == "highest-handle") return highestHandle(fd).toString();
  return "";
}

/** Waits, where reading does not. */
function readCommands(): i32 {
  let got = readStdin(input, 8192);
  while (got == -AGAIN) {
    commands.select();
    got = readStdin(input, 8192);
  }
  return got;
}

function parse(text: string): i64 {
  return I64.parseInt(text);
}

function obey(line: string): string {
  const words = line.split(" ");
  const fd = words.length > 1 ? <u32>parse(words[1]) : 0;
  const answer = onSelector(words, fd);
  return answer != "" || words[0] == "map" || words[0] == "select-unregistering"
    ? answer
    : onSockets(words, fd);
}

const given = programArguments();
for (let i = 0; i < given.length; i++) {
  if (given[i].startsWith("listen ")) assert(listenAll([given[i].substring(7)]) == "");
  else writeText(STDOUT, obey(given[i]) + "\n");
}
/** For stdin alone. */
const commands = DefaultSelector<string>();
if (IS_COMPONENT) commands.register(STDIN, EVENT_READ, "");

let rest = "";
while (true) {
  const got = readCommands();
  if (got <= 0) break;
  const lines = (rest + String.UTF8.decodeUnsafe(input, got)).split("\n");
  rest = lines.pop();
  for (let i = 0; i < lines.length; i++) writeText(STDOUT, obey(lines[i]) + "\n");
}
