/**
 * A disk in memory: one directory, of so many bytes, whose files survive the guest, and of which a
 * loss of power takes what was not synced.
 */
import { Errno } from "../../host/runtime/abi.js";
import { copyOf, totalLength } from "../../host/runtime/table/byte_queue.js";
import type { Volume, VolumeFile, VolumeOpen } from "../../host/runtime/table/directory.js";
import type { Random } from "./random.js";

class DiskFile {
  content: Buffer = Buffer.alloc(0);
  /** As it is on the platters. */
  synced: Buffer = Buffer.alloc(0);
  /** Whether its name is there as well. */
  isNamed = false;
  /** Where the content is, with room for more, once something has been appended. */
  #room = Buffer.alloc(0);
  #filled = 0;

  /** Without a copy of what is there, if nothing else has been done to it. */
  append(bytes: Uint8Array): void {
    const { length } = this.content;
    const end = length + bytes.length;
    const isOurs = this.content.buffer === this.#room.buffer && length === this.#filled;
    if (!isOurs || end > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(2 * end + 4096);
      this.content.copy(this.#room);
    }
    this.#room.set(bytes, length);
    this.#filled = end;
    this.content = this.#room.subarray(0, end);
  }
}

export class Disk implements Volume {
  #files = new Map<string, DiskFile>();
  /** Removed, which a loss of power may undo. */
  #removed = new Map<string, DiskFile>();

  /** @param capacity in bytes; may be changed at any time */
  constructor(public capacity = Infinity) {}

  get used(): number {
    return [...this.#files.values()].reduce((sum, { content }) => sum + content.length, 0);
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  /** All of them, with what is in them. */
  get files(): [string, Buffer][] {
    return [...this.#files].map(([name, { content }]) => [name, content]);
  }

  /** A file's content; undefined if there is none. */
  content(name: string): Buffer | undefined {
    return this.#files.get(name)?.content;
  }

  /** Puts a file there, synced. */
  put(name: string, content: Uint8Array): void {
    const file = new DiskFile();
    file.content = Buffer.from(content);
    file.synced = file.content;
    file.isNamed = true;
    this.#files.set(name, file);
  }

  open(name: string, { create, exclusive, truncate, write }: VolumeOpen): VolumeFile | number {
    let file = this.#files.get(name);
    if (file !== undefined && create && exclusive) return -Errno.EXIST;
    if (file === undefined && !create) return -Errno.NOENT;
    if (file === undefined) {
      file = new DiskFile();
      this.#files.set(name, file);
    }
    if (truncate && write) file.content = Buffer.alloc(0);
    return this.#opened(file);
  }

  unlink(name: string): number {
    const file = this.#files.get(name);
    if (file === undefined) return -Errno.NOENT;
    this.#files.delete(name);
    if (file.isNamed) this.#removed.set(name, file);
    return 0;
  }

  /** A copy of it as it is now. */
  clone(): Disk {
    const copy = new Disk(this.capacity);
    for (const [name, { content }] of this.#files) copy.put(name, content);
    return copy;
  }

  /**
   * What is left of it after a loss of power: of each file what was synced, and a part of the rest,
   * cut at any byte; names that nobody synced, or not; removed files, or not.
   */
  afterPowerLoss(random: Random): Disk {
    const left = new Disk(this.capacity);
    for (const [name, file] of this.#removed) if (random.chance(0.5)) left.put(name, file.synced);
    for (const [name, { content, synced, isNamed }] of this.#files) {
      if (!isNamed && random.chance(0.5)) continue;
      // Bytes are appended: what was synced is the beginning of what there is, unless it was cut.
      const keeps = content.length >= synced.length;
      const tail = keeps ? content.subarray(synced.length) : Buffer.alloc(0);
      const kept = tail.subarray(0, random.below(tail.length + 1));
      left.put(name, Buffer.concat([keeps ? synced : content, kept]));
    }
    return left;
  }

  #opened(file: DiskFile): VolumeFile {
    return {
      size: () => file.content.length,
      readAt: (offset, targets) => {
        let at = offset;
        for (const target of targets)
          at += file.content.copy(target, 0, Math.min(at, file.content.length));
        return Math.max(0, at - offset);
      },
      writeAt: (offset, pieces) => {
        const grows = Math.max(0, offset + totalLength(pieces) - file.content.length);
        const room = Math.max(0, this.capacity - this.used);
        const fits = totalLength(pieces) - Math.max(0, grows - room);
        if (fits <= 0) return -Errno.NOSPC;
        const bytes = copyOf(pieces, fits);
        if (offset === file.content.length) {
          file.append(bytes);
          return bytes.length;
        }
        const rest = file.content.subarray(offset + bytes.length);
        file.content = Buffer.concat([sized(file.content, offset), bytes, rest]);
        return bytes.length;
      },
      setSize: (size) => {
        file.content = sized(file.content, size);
        return 0;
      },
      sync: () => {
        file.synced = file.content;
        file.isNamed = true;
        return 0;
      },
      close: () => undefined,
    };
  }
}

function sized(bytes: Buffer, size: number): Buffer {
  const kept = Buffer.from(bytes.subarray(0, size));
  return kept.length === size ? kept : Buffer.concat([kept, Buffer.alloc(size - kept.length)]);
}
