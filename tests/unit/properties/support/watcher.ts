/** Runs guest/selector.ts on the virtual kernel, with peers for its sockets. */
import { Errno } from "../../../../host/runtime/abi.js";
import { Preview1 } from "../../../../host/runtime/preview1.js";
import { VirtualKernel } from "../../../../lab/world/kernel.js";
import type { Peer } from "../../../../lab/world/peer.js";
import type { Dialect } from "../../../../host/runtime/table/readiness.js";
import { World } from "../../../../lab/world/world.js";
import { compileSpec } from "../../assembly/support/compile.js";
import { readString } from "../../assembly/support/spec_host.js";

export const LISTENER = 3;
const STREAM_BYTES = 4096;
const { module } = await compileSpec("tests/unit/properties/guest/selector.ts");

/** `errno` is whether it is registered, where a key is shown. */
export interface Shown {
  fd: number;
  mask: number;
  errno: number;
  data: number;
}

export class Watcher {
  readonly world = new World({ seed: 1 });
  readonly peers = new Map<number, Peer>();
  readonly #listener = this.world.listen();
  readonly #exports: WebAssembly.Exports;
  #shown: Shown[] = [];

  constructor(dialect: Dialect, kind: number) {
    const { world } = this;
    const stdin = world.input("pipe");
    const [stdout, stderr] = [world.output(), world.output()];
    const options = { dialect, listeners: [this.#listener], stdin, stdout, stderr };
    const preview1 = new Preview1(new VirtualKernel(world, options));
    const ready = (fd: number, mask: number, errno: number, data: number) => {
      this.#shown.push({ fd, mask, errno, data });
    };
    const abort = (message: number) => {
      throw new Error(`aborted: ${readString(this.#memory, message)}`);
    };
    const instance = new WebAssembly.Instance(module, {
      env: { abort },
      test: { ready },
      wasi_snapshot_preview1: preview1.imports,
    });
    this.#exports = instance.exports;
    preview1.attach(this.#memory);
    this.call("_start");
    this.call("create", kind);
  }

  call(name: string, ...values: number[]): number {
    return (this.#exports[name] as (...values: number[]) => number)(...values);
  }

  /** Calls the guest. @returns its result and the shown events, in the order of descriptors */
  show(name: string, ...values: number[]): { result: number; shown: Shown[] } {
    this.#shown = [];
    const result = this.call(name, ...values);
    return { result, shown: this.#shown.sort((one, two) => one.fd - two.fd) };
  }

  connect(): void {
    const peer = this.world.connect(this.#listener, {
      ...{ inboxBytes: STREAM_BYTES, outboxBytes: STREAM_BYTES },
    });
    peer.pause();
    peer.endsWithGuest = false;
    this.#waiting.push(peer);
  }

  /** @returns the descriptor of the connection that was made first */
  accept(): number {
    const fd = this.call("accept", LISTENER);
    const peer = this.#waiting.shift();
    if (fd < 0 || peer === undefined) throw new Error(`accepted: ${fd}`);
    this.peers.set(fd, peer);
    return fd;
  }

  /** Sends until nothing more is taken. */
  fill(fd: number): void {
    const answer = this.call("fill", fd);
    if (answer !== -Errno.AGAIN) throw new Error(`filled: ${answer}`);
  }

  readonly #waiting: Peer[] = [];

  get #memory(): WebAssembly.Memory {
    return this.#exports["memory"] as WebAssembly.Memory;
  }
}
