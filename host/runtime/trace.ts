/**
 * Traces of a guest's calls, as a hash or as lines. Two runs with equal hashes made the same calls
 * with the same arguments and got the same results. Pointers are left out; the bytes that they
 * point to are included.
 */

/** Observes each call of an import: first its arguments and results, then `end`. */
export interface Tracer {
  number(value: number): void;
  bigint(value: bigint): void;
  bytes(value: Uint8Array): void;
  /**
   * Ends a call. The values since the previous `end` were its arguments and results.
   *
   * @param errno the result, or -1 if the call ended the guest
   */
  end(call: string, errno: number): void;
}

export const NO_TRACE: Tracer = {
  number: () => undefined,
  bigint: () => undefined,
  bytes: () => undefined,
  end: () => undefined,
};

const WORD_BYTES = 4;

/**
 * A hash of 64 bits, in two lanes of 32. Each is like FNV-1a, with its own prime and an extra
 * shift, and a last step mixes its bits.
 */
export class TraceHash implements Tracer {
  #low = 0x811c9dc5;
  #high = 0x2166136f;
  #calls = 0;
  /** A view of the buffer that `bytes` saw last. This is nearly always the guest's memory. */
  #view: DataView = new DataView(new ArrayBuffer(0));

  get calls(): number {
    return this.#calls;
  }

  number(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ value, 0x85ebca6b);
    this.#high ^= this.#high >>> 13;
  }

  bigint(value: bigint): void {
    this.number(Number(BigInt.asIntN(32, value)));
    this.number(Number(BigInt.asIntN(32, value >> 32n)));
  }

  bytes(value: Uint8Array): void {
    const { buffer, byteOffset, length } = value;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    const view = this.#view;
    let low = this.#low;
    let high = this.#high;
    const end = byteOffset + length;
    for (let at = byteOffset; at < end; at += WORD_BYTES) {
      const word = at + WORD_BYTES <= end ? view.getInt32(at, true) : lastWord(view, at, end);
      low = Math.imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 13;
    }
    this.#low = low;
    this.#high = high;
    this.number(length);
  }

  end(call: string, errno: number): void {
    this.#calls++;
    for (let at = 0; at < call.length; at += 3) this.number(call.charCodeAt(at));
    this.number(errno);
  }

  /** Returns the hash so far as 16 hexadecimal digits. */
  digest(): string {
    return hex(avalanche(this.#high)) + hex(avalanche(this.#low ^ this.#high));
  }
}

/**
 * A hash that also passes each call on as text. A call and its values, for example, are `sock_recv`
 * and `4 1 0 12 "hello"`.
 */
export class TraceLog extends TraceHash {
  #values: string[] = [];

  constructor(private readonly tell: (call: string, values: string, errno: number) => void) {
    super();
  }

  override number(value: number): void {
    super.number(value);
    // The two halves of a bigint, and the length of bytes, come here as well. `bigint` and `bytes`
    // replace them by one text.
    this.#values.push(String(value));
  }

  override bigint(value: bigint): void {
    const told = this.#values.length;
    super.bigint(value);
    this.#values.splice(told, Infinity, String(value));
  }

  override bytes(value: Uint8Array): void {
    const told = this.#values.length;
    super.bytes(value);
    const text = JSON.stringify(String.fromCharCode(...value.subarray(0, 80)));
    this.#values.splice(told, Infinity, text);
  }

  override end(call: string, errno: number): void {
    const values = this.#values.join(" ");
    super.end(call, errno);
    this.#values = [];
    this.tell(call, values, errno);
  }
}

/** Returns the last one to three bytes as one number, big-endian. */
function lastWord(view: DataView, from: number, end: number): number {
  let word = 0;
  for (let at = from; at < end; at++) word = (word << 8) | view.getUint8(at);
  return word;
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
