/**
 * Probes how far the host's `poll_oneoff` can be trusted.
 *
 * wasi-common, which is wasmtime's preview1 with sockets, calls poll(2). As soon as one descriptor
 * is ready, it reports every descriptor of the call as ready. The fields of an event then mean:
 *
 *   nbytes > 1                exact: this many bytes can be read
 *   nbytes = 1                unknown: no bytes, one byte, the end, or a listener with or without
 *                             a pending connection
 *   an error, or HANGUP       exact
 *   an event for a write      unknown
 *   no event but the clock's  exact: no descriptor is ready
 *   a call with one fd only   exact
 *
 * A host that follows the standard reports the ready descriptors only. One call with a ready and an
 * idle descriptor tells the two kinds of hosts apart.
 */
import { handedInListeners } from "../wasi/descriptors";
import * as poll from "../wasi/preview1/poll";
import { Fd } from "../wasi/socket";
import { STDERR, STDOUT } from "../wasi/stdio";

export enum HostReadiness {
  /** `poll_oneoff` does not work here. */
  NONE = 0,
  /**
   * The host reports descriptors that are not ready, or the probe was inconclusive: verify each
   * event.
   */
  OVER_REPORTS = 1,
  /** The host reports the ready descriptors only. */
  EXACT = 2,
}

const NO_FD: i32 = -1;
const subscriptions = memory.data(96);
const events = memory.data(64);

let known: bool = false;
let probed: HostReadiness = HostReadiness.NONE;

/**
 * Returns how far `poll_oneoff` can be trusted. The first call probes the host. For modules only.
 */
export function hostReadiness(): HostReadiness {
  if (!known) {
    probed = probeHost();
    known = true;
  }
  return probed;
}

/**
 * Probes the host, without waiting and without consuming anything. The probe needs stdout or stderr
 * to be writable, and a listener without a pending connection. If it has none, it returns
 * OVER_REPORTS, the safe answer, or NONE if no descriptor can be polled.
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

/**
 * Returns true if some descriptor can be polled. A closed stdout and stderr alone prove nothing.
 */
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
