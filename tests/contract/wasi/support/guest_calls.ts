/** Calls imports as a module would, with a memory that the test fills: for tests of the ABI. */
import { Preview1, type Preview1Options } from "../../../../host/runtime/preview1.js";
import { VirtualKernel } from "../../../../lab/world/kernel.js";
import type { Faults } from "../../../../lab/world/faults.js";
import type { Dialect } from "../../../../host/runtime/table/readiness.js";
import type { InputKind } from "../../../../lab/world/stdio.js";
import { World } from "../../../../lab/world/world.js";

export interface DeskOptions extends Preview1Options {
  dialect?: Dialect;
  stdin?: InputKind;
  faults?: Faults;
}

/** Where a desk puts things in its memory. */
export const AT = {
  vectors: 64,
  out: 256,
  events: 1024,
  subscriptions: 4096,
  data: 16384,
} as const;

export class Desk {
  readonly world = new World({ seed: 7 });
  readonly listener = this.world.listen();
  readonly stdin;
  readonly stdout = this.world.output({ capacity: 16 });
  readonly stderr = this.world.output();
  readonly kernel: VirtualKernel;
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly #preview1: Preview1;

  constructor(options: DeskOptions = {}) {
    const { world, listener, stdout, stderr } = this;
    const { dialect = "exact", stdin = "pipe", faults = {} } = options;
    this.stdin = world.input(stdin);
    this.kernel = new VirtualKernel(world, {
      ...{ dialect, listeners: [listener], stdin: this.stdin, stdout, stderr, faults },
    });
    this.#preview1 = new Preview1(this.kernel, options);
    this.#preview1.attach(this.memory);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  call(name: string, ...values: (number | bigint)[]): number {
    const found = this.#preview1.imports[name];
    if (found === undefined) throw new Error(`there is no import ${name}`);
    return (found as (...all: (number | bigint)[]) => number)(...values);
  }

  /** The u32 at {@link AT.out}. */
  get out(): number {
    return this.view.getUint32(AT.out, true);
  }

  bytes(at: number, length: number): string {
    return Buffer.from(this.memory.buffer, at, length).toString();
  }

  /** Pieces of memory of these lengths, one behind the other from {@link AT.data} on. */
  vectors(...lengths: number[]): void {
    let at: number = AT.data;
    lengths.forEach((length, index) => {
      this.view.setUint32(AT.vectors + index * 8, at, true);
      this.view.setUint32(AT.vectors + index * 8 + 4, length, true);
      at += length;
    });
  }

  /** A connected client and its descriptor. */
  join(flags = 4) {
    const peer = this.world.connect(this.listener);
    const errno = this.call("sock_accept", 3, flags, AT.out);
    if (errno !== 0) throw new Error(`accept failed with ${errno}`);
    return { peer, fd: this.out };
  }

  /** @returns the bytes' text, or a negated errno */
  recv(fd: number, length: number, flags = 0): string | number {
    this.vectors(length);
    const errno = this.call("sock_recv", fd, AT.vectors, 1, flags, AT.out, AT.out + 4);
    return errno === 0 ? this.bytes(AT.data, this.out) : -errno;
  }

  /** @returns the bytes taken, or a negated errno */
  send(fd: number, text: string): number {
    const bytes = Buffer.from(text);
    new Uint8Array(this.memory.buffer).set(bytes, AT.data);
    this.vectors(bytes.length);
    const errno = this.call("sock_send", fd, AT.vectors, 1, 0, AT.out);
    return errno === 0 ? this.out : -errno;
  }

  subscribe(index: number, type: number, fdOrClock: number, timeout = 0n, absolute = false): void {
    const at = AT.subscriptions + index * 48;
    this.view.setBigUint64(at, BigInt(100 + index), true);
    this.view.setUint8(at + 8, type);
    this.view.setUint32(at + 16, fdOrClock, true);
    this.view.setBigUint64(at + 24, timeout, true);
    this.view.setUint16(at + 40, absolute ? 1 : 0, true);
  }

  /** `userdata-100:type:error:nbytes:flags` of each event, or a negated errno. */
  poll(count: number): string[] | number {
    const errno = this.call("poll_oneoff", AT.subscriptions, AT.events, count, AT.out);
    if (errno !== 0) return -errno;
    return Array.from({ length: this.out }, (_, index) => {
      const at = AT.events + index * 32;
      const view = this.view;
      const who = view.getBigUint64(at, true) - 100n;
      const about = [view.getUint8(at + 10), view.getUint16(at + 8, true)].join(":");
      const nbytes = view.getBigUint64(at + 16, true).toString();
      return `${who.toString()}:${about}:${nbytes}:${view.getUint16(at + 24, true)}`;
    });
  }
}
