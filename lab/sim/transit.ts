/**
 * Bytes in flight from the guest to one client: what arrives must be what was sent. It holds
 * references to the model's bytes, not copies.
 */
import { OracleFailure, quote } from "./failure.js";

export class Transit {
  /** Pieces that were sent and have not arrived whole. */
  readonly #pieces: Uint8Array[] = [];
  /** The number of bytes of the first piece that have arrived. */
  #offset = 0;
  #arrived = 0;
  bytes = 0;

  /** @param whose the connection's name in error messages */
  constructor(private readonly whose: string) {}

  sent(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.bytes += bytes.length;
  }

  arrived(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const [piece] = this.#pieces;
      const sent =
        piece?.subarray(this.#offset, this.#offset + bytes.length - at) ?? bytes.subarray(0, 0);
      const got = bytes.subarray(at, at + sent.length);
      if (sent.length === 0 || Buffer.compare(sent, got) !== 0) {
        throw new OracleFailure("delivery", this.#describe(sent, bytes.subarray(at)));
      }
      at += sent.length;
      this.#offset += sent.length;
      if (this.#offset === piece?.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
    }
    this.#arrived += bytes.length;
    this.bytes -= bytes.length;
  }

  #describe(sent: Uint8Array, got: Uint8Array): string {
    const after = `after ${this.#arrived} bytes`;
    return `${this.whose}, ${after}: ${quote(sent)} was sent, ${quote(got)} has arrived`;
  }
}
