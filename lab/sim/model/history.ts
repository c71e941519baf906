/**
 * The history of a room: its newest messages, limited in number and in bytes. When the buffer is
 * full, the guest moves its contents and may forget several messages at once. The model repeats
 * that computation, so that it knows which messages are left.
 */
import type { Message } from "./message.js";
import { HISTORY_BYTES } from "./settings.js";

const FIRST_BYTES = 2048;
const HEADER_BYTES = 40;

interface Entry {
  message: Message;
  bytes: number;
}

export class History {
  #entries: Entry[] = [];
  /**
   * The newest id of the forgotten messages, in this room or in rooms that were forgotten before
   * it.
   */
  forgottenId: number;
  newestId = 0;
  #bytes = 0;
  #capacity = 0;
  /** The offset in the buffer behind the last message. */
  #end = 0;

  constructor(
    private readonly settings: { history: number },
    forgottenId: number,
  ) {
    this.forgottenId = forgottenId;
  }

  add(message: Message): void {
    const bytes = aligned(HEADER_BYTES + Buffer.byteLength(message.from) + message.text.length);
    this.newestId = message.id;
    const { history: most } = this.settings;
    if (most === 0) {
      this.#entries = [];
      [this.#bytes, this.#capacity, this.#end] = [0, 0, 0];
      this.forgottenId = message.id;
      return;
    }
    while (this.#entries.length >= most) this.#forget();
    if (this.#end + bytes > this.#capacity) this.#makeRoom(bytes);
    this.#entries.push({ message, bytes });
    this.#bytes += bytes;
    this.#end += bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#capacity < HISTORY_BYTES && this.#bytes + bytes > this.#capacity / 2) {
      let wanted = Math.max(this.#capacity * 2, FIRST_BYTES);
      while (wanted < this.#bytes + bytes) wanted *= 2;
      this.#capacity = Math.min(wanted, HISTORY_BYTES);
      while (this.#bytes + bytes > this.#capacity) this.#forget();
    } else {
      const free = Math.max(bytes, HISTORY_BYTES / 4);
      while (this.#bytes + free > HISTORY_BYTES && this.#entries.length > 0) this.#forget();
    }
    this.#end = this.#bytes;
  }

  /** Records that messages up to this id are not kept. */
  forgetThrough(id: number): void {
    this.forgottenId = Math.max(this.forgottenId, id);
  }

  #forget(): void {
    const oldest = this.#entries.shift();
    if (oldest === undefined) return;
    this.forgottenId = oldest.message.id;
    this.#bytes -= oldest.bytes;
  }

  newest(count: number): Message[] {
    return count === 0 ? [] : this.#entries.slice(-count).map(({ message }) => message);
  }

  after(id: number): Message[] {
    return this.#entries.filter(({ message }) => message.id > id).map(({ message }) => message);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
