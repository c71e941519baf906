/**
 * A selector that works without readiness from the host: it tries each descriptor and sleeps
 * between two rounds. This is the tutorial's non-blocking model. It is the fallback on a host whose
 * `poll_oneoff` supports clocks only.
 *
 * A PEEK shows if a connection is readable. Only an accept can test a listener, and only a write
 * can test if a connection is writable. So each round reports these keys as ready, as a hint: the
 * caller tries, and gets AGAIN if they are not. stdin is refused, since a read of it would block.
 *
 * The costs: a wake every MIN_NAP to MAX_NAP even if idle, one host call for each connection in
 * each round, and up to one nap of latency.
 */
import { monotonic } from "../wasi/clock";
import { filetypeOf, isNonBlocking } from "../wasi/descriptors";
import { AGAIN } from "../wasi/errno";
import { sleep } from "../wasi/poll";
import { peek } from "../wasi/socket";
import { peekFirst } from "./single_descriptor";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { SelectorEvent, SelectorKey } from "./key";

/** The nap after a round with a ready key, in nanoseconds. It doubles with each idle round. */
export const MIN_NAP: u64 = 500_000;
/** The longest nap, in nanoseconds: the most latency that it adds. */
export const MAX_NAP: u64 = 20_000_000;

export class ScanSelector<T> extends BaseSelector<T> {
  private nap: u64 = MIN_NAP;

  get name(): string {
    return "scan (try and sleep)";
  }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    if (!this.begin()) return this.ready;
    const wait = toNanoseconds(timeout);
    if (wait == NEVER && this.keys.size == 0) {
      return this.fail(SelectorError.NOTHING_TO_WAIT_FOR);
    }
    const start = monotonic();
    while (true) {
      const certain = this.scan();
      const passed = monotonic() - start;
      if (certain) this.nap = MIN_NAP;
      if (certain || passed >= wait) return this.ready;
      sleep(min(this.nap, wait - passed));
      this.nap = min(this.nap * 2, MAX_NAP);
      // Only hints are reported, after a nap, so that the caller does not spin.
      if (this.ready.length > 0) return this.ready;
    }
  }

  protected attach(key: SelectorKey<T>): SelectorError {
    if (filetypeOf(key.fd) < 0) return SelectorError.BAD_FD;
    if (!isNonBlocking(key.fd)) return SelectorError.UNPOLLABLE;
    key._peekable = peekFirst(key);
    return SelectorError.NONE;
  }

  protected change(_key: SelectorKey<T>): void {}
  protected detach(_key: SelectorKey<T>): void {}
  protected release(): void {}

  /** Tries all keys once. @returns true if some key is surely ready, not only a hint */
  private scan(): bool {
    this.polls++;
    let certain = false;
    const keys = this.keys.values();
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (key._peekable ? this.scanConnection(key) : this.scanListener(key)) certain = true;
    }
    return certain;
  }

  private scanConnection(key: SelectorKey<T>): bool {
    key.errno = 0;
    if (key.events & EVENT_WRITE) this.markReady(key, EVENT_WRITE);
    const found = peek(key.fd);
    if (found == -AGAIN) return false;
    if (found < 0) {
      key.errno = -found;
      this.markReady(key, EVENT_ALL);
      return true;
    }
    this.markReady(key, EVENT_READ);
    return (key.events & EVENT_READ) != 0;
  }

  private scanListener(key: SelectorKey<T>): bool {
    this.markReady(key, EVENT_ALL);
    const type = filetypeOf(key.fd);
    key.errno = type < 0 ? -type : 0;
    return type < 0;
  }
}
