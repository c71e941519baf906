/**
 * What kind of host this is: how far its `poll_oneoff` can be believed.
 *
 * wasi-common, which is wasmtime's preview1 with sockets, calls poll(2) and then reports every
 * descriptor of the call as ready as soon as one is. What it says besides differs:
 *
 *   nbytes > 1                certain: that many bytes can be read
 *   nbytes = 1                nothing, one byte, the end, or a listener with or without a client
 *   error, or flag HANGUP     certain
 *   a write                   says nothing at all
 *   only the clock            certain: no descriptor is ready
 *   a call with one fd alone  certain
 *
 * A host that follows the standard reports what is ready and nothing else. Which of the two this
 * is can be seen from one call with a descriptor that is ready and one that is not.
 */
import { handedInListeners } from "../wasi/descriptors";
import * as poll from "../wasi/preview1/poll";
import { Fd } from "../wasi/socket";
import { STDERR, STDOUT } from "../wasi/stdio";

export enum HostReadiness {
  /** `poll_oneoff` does not work here. */
  NONE = 0,
  /** It reports more than is ready, or it could not be found out: verify. */
  OVER_REPORTS = 1,
  /** It reports what is ready. */
  EXACT = 2,
}

const NO_FD: i32 = -1;
const subscriptions = memory.data(96);
const events = memory.data(64);

let known: bool = false;
let probed: HostReadiness = HostReadiness.NONE;

/** @returns how far this host can be believed, probed at the first call; in a module alone */
export function hostReadiness(): HostReadiness {
  if (!known) {
    probed = probeHost();
    known = true;
  }
  return probed;
}

/**
 * Finds out by trying, without waiting and without consuming anything. It needs stdout or stderr
 * to have room and a listener without a waiting connection; otherwise it assumes the worse.
 */
export function probeHost(): HostReadiness {
  const listeners = handedInListeners();
  if (!canPoll(listeners)) return HostReadiness.NONE;
  const idle = idleListener(listeners);
  const ready = writableOutput();
  if (idle == NO_FD || ready == NO_FD) return HostReadiness.OVER_REPORTS;
  poll.subscribe(subscriptions, ready, poll.WRITE, 0);
  poll.subscribe(subscriptions + poll.SUBSCRIPTION_BYTES, idle, poll.READ, 1);
  const n = poll.poll(subscriptions, events, 2);
  if (n <= 0) return HostReadiness.OVER_REPORTS;
  for (let i = 0; i < n; i++) {
    if (poll.eventAt(events, i).userdata == 1) return HostReadiness.OVER_REPORTS;
  }
  return HostReadiness.EXACT;
}

/** Whether any descriptor can be asked about; a closed stdout and stderr alone prove nothing. */
function canPoll(listeners: Array<Fd>): bool {
  if (poll.pollOne(STDERR, poll.WRITE) >= 0 || poll.pollOne(STDOUT, poll.WRITE) >= 0) return true;
  return listeners.length > 0 && poll.pollOne(listeners[0], poll.READ) >= 0;
}

function idleListener(listeners: Array<Fd>): i32 {
  for (let i = 0; i < listeners.length; i++) {
    if (poll.pollOne(listeners[i], poll.READ) == poll.NOT_READY) return listeners[i];
  }
  return NO_FD;
}

function writableOutput(): i32 {
  for (let fd: Fd = STDOUT; fd <= STDERR; fd++) {
    if (poll.pollOne(fd, poll.WRITE) == poll.READY) return fd;
  }
  return NO_FD;
}
