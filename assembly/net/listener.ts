/**
 * Accepts connections of a listening socket, a bounded number in each tick, so that many new
 * clients do not starve the present ones. While more are pending, some are accepted in each tick
 * without a wait, since a wait costs time for each connection. When the process or the machine is
 * out of a resource, the listener pauses, and the connections stay in the kernel's queue. It never
 * spins.
 */
import { Handler, Loop, Task } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { EVENT_READ } from "../selectors/events";
import { AGAIN, CONNABORTED, INTR } from "../wasi/errno";
import { accept, close, Fd } from "../wasi/socket";

/** A tick accepts at most this many connections. @limit connections */
export const ACCEPT_BUDGET: i32 = 256;
/** A tick without a wait accepts at most this many connections. @limit connections */
export const ACCEPT_AGAIN: i32 = 128;
/** The first pause after a failed accept, in seconds. It doubles each time, up to the longest. */
export const ACCEPT_RETRY_SECONDS: f64 = 0.1;
export const ACCEPT_RETRY_SECONDS_MOST: f64 = 1;

/** The receiver of accepted connections. */
export abstract class AcceptHandler {
  /** Takes a new, non-blocking connection. @param proxied as given to the listener */
  abstract onAccept(fd: Fd, proxied: bool): void;
  /**
   * Reports a failed accept with its errno (MFILE, NFILE, NOBUFS, ...). The listener pauses for
   * `retrySeconds`.
   */
  abstract onAcceptFailed(errno: i32, retrySeconds: f64): void;
}

export class Listener extends Handler {
  private pauseSeconds: f64 = ACCEPT_RETRY_SECONDS;
  private closed: bool = false;

  constructor(
    private loop: Loop,
    private fd: Fd,
    private handler: AcceptHandler,
    /** True if a proxy connects here, and sends the client's address first. */
    private proxied: bool = false,
  ) {
    super();
  }

  /** Begins to accept. */
  open(): SelectorError {
    return this.loop.watch(this.fd, EVENT_READ, this);
  }

  /** Stops accepting, and closes the socket. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.loop.unwatch(this.fd);
    close(this.fd);
  }

  onReady(_mask: u32): void {
    this.acceptUpTo(ACCEPT_BUDGET);
  }

  onExpected(): bool {
    return !this.closed && this.acceptUpTo(ACCEPT_AGAIN);
  }

  /** Accepts at most `most` connections. @returns false if there was none */
  private acceptUpTo(most: i32): bool {
    for (let i = 0; i < most; i++) {
      const fd = accept(this.fd);
      if (fd >= 0) {
        this.pauseSeconds = ACCEPT_RETRY_SECONDS;
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

  /** Ends a pause. */
  resume(): void {
    if (this.closed) return;
    const error = this.open();
    assert(error == SelectorError.NONE, "a listener cannot be watched again");
  }

  private pause(errno: i32): void {
    this.loop.unwatch(this.fd);
    this.handler.onAcceptFailed(errno, this.pauseSeconds);
    this.loop.callLater(this.pauseSeconds, new Resume(this));
    this.pauseSeconds = Math.min(this.pauseSeconds * 2, ACCEPT_RETRY_SECONDS_MOST);
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
