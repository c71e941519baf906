/**
 * The counterpart of native.c in the sandbox: the same calls through preview1, in the same order.
 */
import { monotonic } from "../../../../assembly/wasi/clock";
import { AGAIN } from "../../../../assembly/wasi/errno";
import { FIRST_OF_OURS } from "../../../../assembly/wasi/fd";
import * as poll from "../../../../assembly/wasi/preview1/poll";
import { assertLayout, programArguments } from "../../../../assembly/wasi/process";
import { accept, recv, send } from "../../../../assembly/wasi/socket";
import { STDERR, writeText } from "../../../../assembly/wasi/stdio";

const BATCH: i32 = 10;
const WAITS: i32 = 40;
const READS: i32 = 600;
const SENDS: i32 = 2000;
const SENDS_EACH: i32 = 8;
const LINE_BYTES: u32 = 64;
const SECOND: u64 = 1_000_000_000;

enum Call {
  ACCEPT,
  WAIT,
  READ,
  READ_NONE,
  SEND,
}

const line = memory.data(64);
let count: i32 = 0;
let subscriptions: usize = 0;
let events: usize = 0;
let sockets: StaticArray<i32> = [];

function slot(index: i32): usize {
  return subscriptions + <usize>index * poll.SUBSCRIPTION_BYTES;
}

function make(call: Call, number: i32): i32 {
  if (call == Call.WAIT) return poll.poll(subscriptions, events, count + 1);
  if (call == Call.READ) return recv(sockets[0], line, LINE_BYTES);
  if (call == Call.READ_NONE) return recv(sockets[1 + (number % (count - 1))], line, LINE_BYTES);
  if (call == Call.SEND) return send(sockets[number % count], line, LINE_BYTES);
  let fd = accept(FIRST_OF_OURS);
  while (fd == -AGAIN) fd = accept(FIRST_OF_OURS);
  if (fd < 0) return fd;
  sockets[number] = fd;
  poll.subscribe(slot(number + 1), fd, poll.READ, number);
  return 0;
}

function least(calls: i32, batch: i32, call: Call): u64 {
  let best = u64.MAX_VALUE;
  for (let number = 0; number + batch <= calls;) {
    const start = monotonic();
    for (let i = 0; i < batch; i++) make(call, number++);
    best = min(best, (monotonic() - start) / batch);
  }
  return best;
}

assertLayout();
count = I32.parseInt(programArguments()[0]);
sockets = new StaticArray<i32>(count);
subscriptions = heap.alloc(<usize>(count + 1) * poll.SUBSCRIPTION_BYTES);
events = heap.alloc(<usize>(count + 1) * poll.EVENT_BYTES);
poll.subscribeClock(slot(0), 0);
memory.fill(line, 0x2e, LINE_BYTES);
// The clients connect first.
poll.sleep(SECOND);
const taken = least(count, BATCH, Call.ACCEPT);
poll.sleep(SECOND);
const wake = least(WAITS, 1, Call.WAIT);
const got = least(READS, BATCH, Call.READ);
while (make(Call.READ, 0) > 0) continue;
const vain = least(READS, BATCH, Call.READ_NONE);
const idle = least(WAITS, 1, Call.WAIT);
const sent = least(min(SENDS, count * SENDS_EACH), BATCH, Call.SEND);
writeText(
  STDERR,
  `{"accept":${taken},"wake":${wake},"read":${got},"vain":${vain},"idle":${idle},"send":${sent}}\n`,
);
