/** A plain model of a selector: sockets, keys, and which of them are ready. */

export const READ = 1;
export const WRITE = 2;
const ALL = READ | WRITE;

export interface Socket {
  isOpen: boolean;
  unread: number;
  ended: boolean;
  reset: boolean;
  full: boolean;
}

export interface Key {
  events: number;
  data: number;
}

/** selectors/errors.ts */
export const Answer = {
  ...{ NONE: 0, BAD_EVENTS: 1, BAD_FD: 2, ALREADY_REGISTERED: 4, NOT_REGISTERED: 5, CLOSED: 6 },
} as const;

export class Readiness {
  readonly sockets = new Map<number, Socket>();
  readonly keys = new Map<number, Key>();
  /** Connections that nobody has accepted. */
  waiting = 0;
  closed = false;

  constructor(
    readonly listener: number,
    /** The selector says of what it cannot ask (a listener, a write) that it is worth a try. */
    readonly guesses: boolean,
    /** Descriptors are numbered anew. */
    readonly reusesNumbers: boolean,
  ) {}

  /** Returns the ready descriptors with the events they are watched for, in order. */
  ready(): [number, number][] {
    return [...this.keys]
      .map(([fd, key]): [number, number] => [fd, key.events & this.#truth(fd)])
      .filter(([, mask]) => mask !== 0)
      .sort(([one], [two]) => one - two);
  }

  #truth(fd: number): number {
    if (fd === this.listener) return this.guesses ? ALL : this.waiting > 0 ? READ : 0;
    const socket = this.sockets.get(fd);
    if (socket === undefined) throw new Error(`fd ${fd} was never open`);
    if (!socket.isOpen || socket.reset) return ALL;
    const reads = socket.unread > 0 || socket.ended ? READ : 0;
    return reads | (socket.full && !this.guesses ? 0 : WRITE);
  }

  register(fd: number, events: number, data: number): number {
    if (this.closed) return Answer.CLOSED;
    if (events < READ || events > ALL) return Answer.BAD_EVENTS;
    if (this.keys.has(fd)) return Answer.ALREADY_REGISTERED;
    if (!this.isOpen(fd)) return Answer.BAD_FD;
    this.keys.set(fd, { events, data });
    return Answer.NONE;
  }

  modify(fd: number, events: number, data: number): number {
    if (this.closed) return Answer.CLOSED;
    if (!this.keys.has(fd)) return Answer.NOT_REGISTERED;
    if (events < READ || events > ALL) return Answer.BAD_EVENTS;
    this.keys.set(fd, { events, data });
    return Answer.NONE;
  }

  unregister(fd: number): number {
    if (this.closed) return Answer.CLOSED;
    return this.keys.delete(fd) ? Answer.NONE : Answer.NOT_REGISTERED;
  }

  close(): void {
    this.closed = true;
    this.keys.clear();
  }

  isOpen(fd: number): boolean {
    return fd === this.listener || this.sockets.get(fd)?.isOpen === true;
  }

  /** True if a watched descriptor is not open. */
  get hasStale(): boolean {
    return [...this.keys.keys()].some((fd) => !this.isOpen(fd));
  }
}
