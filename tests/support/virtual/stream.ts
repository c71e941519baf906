/** The test's end of a stream of a virtual world: a peer's socket, or an end of the console. */
import { Duplex } from "node:stream";
import type { Order } from "./words.js";

export class VirtualStream extends Duplex {
  constructor(
    private readonly order: (order: Order) => void,
    /** Its number; a peer has it where a socket has its port. */
    readonly localPort: number,
    allowHalfOpen = false,
  ) {
    super({ allowHalfOpen });
  }

  resetAndDestroy(): void {
    this.#order("reset");
    this.destroy();
  }

  override _read(): void {
    this.#order("read");
  }

  override _write(bytes: Uint8Array, _encoding: string, done: () => void): void {
    this.order({ act: "write", stream: this.localPort, bytes });
    done();
  }

  override _final(done: () => void): void {
    this.#order("end");
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#order("close");
    done(error);
  }

  #order(act: "read" | "end" | "close" | "reset"): void {
    this.order({ act, stream: this.localPort });
  }
}
