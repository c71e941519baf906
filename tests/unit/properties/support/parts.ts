/** Calls guest/parts.ts from the property tests. */
import { Buffer } from "node:buffer";
import { readString } from "../../assembly/support/spec_host.js";
import { compileSpec } from "../../assembly/support/compile.js";

const IOVEC_BYTES = 8;
const { module } = await compileSpec("tests/unit/properties/guest/parts.ts");

export interface Told {
  bytes: Buffer;
  tooLong: boolean;
}

/** A socket: returns how many of the offered bytes it takes, or -errno. */
export type Socket = (offered: Buffer) => number;

type Call = (...values: number[]) => number;

export class Parts {
  /** The guest's reports since the list was last emptied. */
  told: Told[] = [];
  readonly sockets = new Map<number, Socket>();
  readonly #exports: WebAssembly.Exports;

  constructor() {
    const tell = (at: number, length: number, tooLong = 0) => {
      this.told.push({ bytes: this.#copy(at, length), tooLong: tooLong !== 0 });
    };
    const abort = (message: number) => {
      throw new Error(`aborted: ${readString(this.#memory, message)}`);
    };
    const instance = new WebAssembly.Instance(module, {
      env: { abort },
      test: { line: tell, text: tell },
      wasi_snapshot_preview1: { sock_send: this.#send.bind(this) },
    });
    this.#exports = instance.exports;
    this.call("_start");
  }

  call(name: string, ...values: number[]): number {
    return (this.#exports[name] as Call)(...values);
  }

  /** Calls an export with bytes of ours: their number comes first. */
  callWith(name: string, bytes: Uint8Array): number {
    const at = this.call("give", bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes, at);
    return this.call(name, bytes.length);
  }

  takeTold(): Told[] {
    return this.told.splice(0);
  }

  get #memory(): WebAssembly.Memory {
    return this.#exports["memory"] as WebAssembly.Memory;
  }

  #copy(at: number, length: number): Buffer {
    return Buffer.from(this.#memory.buffer.slice(at, at + length));
  }

  #send(fd: number, vectors: number, count: number, _flags: number, result: number): number {
    const view = new DataView(this.#memory.buffer);
    const pieces = Array.from({ length: count }, (_, index) => {
      const at = vectors + index * IOVEC_BYTES;
      return this.#copy(view.getUint32(at, true), view.getUint32(at + 4, true));
    });
    const taken = this.sockets.get(fd)?.(Buffer.concat(pieces)) ?? 0;
    if (taken < 0) return -taken;
    view.setUint32(result, taken, true);
    return 0;
  }
}
