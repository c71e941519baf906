/**
 * Takes connections off a listener: a bounded number in one tick, so that a storm of newcomers
 * does not silence those who are in. While more of them wait, some are taken in each turn that
 * needs no wait, since a wait costs as much as there are people. When the process or the machine
 * has run out of something, the listener rests, and the connections wait in the kernel's queue; it
 * is never asked in a circle.
 */
import { Handler, Loop, Task } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { EVENT_READ } from "../selectors/events";
import { AGAIN, CONNABORTED, INTR } from "../wasi/errno";
import { accept, close, Fd } from "../wasi/socket";

/** A tick accepts so many connections. @limit connections */
export const ACCEPT_BUDGET: i32 = 256;
/** A turn without a wait accepts so many connections. @limit connections */
export const ACCEPT_AGAIN: i32 = 128;
/** The first rest after a failed accept, in seconds; doubled each time, up to the longest. */
export const ACCEPT_RETRY_SECONDS: f64 = 0.1;
export const ACCEPT_RETRY_SECONDS_MOST: f64 = 1;

/** Who gets the connections. */
export abstract class AcceptHandler {
  /** A new, non-blocking connection; `proxied` is its listener's. */
  abstract onAccept(fd: Fd, proxied: bool): void;
  /** Accepting failed with this errno (MFILE, NFILE, NOBUFS, ...): the listener rests. */
  abstract onAcceptFailed(errno: i32, retrySeconds: f64): void;
}

export class Listener extends Handler {
  private rest: f64 = ACCEPT_RETRY_SECONDS;
  private closed: bool = false;

  constructor(
    private loop: Loop,
    private fd: Fd,
    private handler: AcceptHandler,
    /** Whether a proxy stands in front of it, which says whom it speaks for. */
    private proxied: bool = false,
  ) {
    super();
  }

  /** Begins to accept. */
  open(): SelectorError {
    return this.loop.watch(this.fd, EVENT_READ, this);
  }

  /** Accepts no more and gives the listener back. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.loop.unwatch(this.fd);
    close(this.fd);
  }

  onReady(_mask: u32): void {
    this.take(ACCEPT_BUDGET);
  }

  onExpected(): bool {
    return !this.closed && this.take(ACCEPT_AGAIN);
  }

  /** Takes so many at most. @returns whether anybody came */
  private take(most: i32): bool {
    for (let i = 0; i < most; i++) {
      const fd = accept(this.fd);
      if (fd >= 0) {
        this.rest = ACCEPT_RETRY_SECONDS;
        this.handler.onAccept(fd, this.proxied);
        // The handler may have closed the listener.
        if (this.closed) return true;
      } else if (fd == -AGAIN) {
        return i > 0;
      } else if (fd != -CONNABORTED && fd != -INTR) {
        this.pause(-fd);
        return true;
      }
    }
    this.loop.expect(this);
    return true;
  }

  /** The rest is over. */
  resume(): void {
    if (this.closed) return;
    const error = this.open();
    assert(error == SelectorError.NONE, "a listener cannot be watched again");
  }

  private pause(errno: i32): void {
    this.loop.unwatch(this.fd);
    this.handler.onAcceptFailed(errno, this.rest);
    this.loop.callLater(this.rest, new Resume(this));
    this.rest = Math.min(this.rest * 2, ACCEPT_RETRY_SECONDS_MOST);
  }
}

class Resume extends Task {
  constructor(private listener: Listener) {
    super();
  }

  run(): void {
    this.listener.resume();
  }
}
