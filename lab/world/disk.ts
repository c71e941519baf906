/**
 * A disk in memory with one directory and a capacity in bytes. Its files survive the guest; a power
 * loss takes what was not synced.
 */
import { Errno } from "../../host/runtime/abi.js";
import { copyOf, totalLength } from "../../host/runtime/table/byte_queue.js";
import type { Volume, VolumeFile, VolumeOpen } from "../../host/runtime/table/directory.js";
import type { Random } from "./random.js";

class DiskFile {
  content: Buffer = Buffer.alloc(0);
  /** The content that survives a power loss. */
  synced: Buffer = Buffer.alloc(0);
  /** True if the file's name survives a power loss. */
  isNamed = false;
  /** The memory of `content`, with room for more after it, once something was appended. */
  #room = Buffer.alloc(0);
  #filled = 0;

  /** Appends bytes without copying the content, unless the content was changed otherwise. */
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
  /** Removed files, which a power loss may bring back. */
  #removed = new Map<string, DiskFile>();

  /** @param capacity bytes; may be changed at any time */
  constructor(public capacity = Infinity) {}

  get used(): number {
    return [...this.#files.values()].reduce((sum, { content }) => sum + content.length, 0);
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  /** All files by name, with their contents. */
  get files(): [string, Buffer][] {
    return [...this.#files].map(([name, { content }]) => [name, content]);
  }

  /** Returns a file's content, or undefined if there is no such file. */
  content(name: string): Buffer | undefined {
    return this.#files.get(name)?.content;
  }

  /** Creates or replaces a file, as if it were synced. */
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

  /** Returns a copy of the present contents, all synced. */
  clone(): Disk {
    const copy = new Disk(this.capacity);
    for (const [name, { content }] of this.#files) copy.put(name, content);
    return copy;
  }

  /**
   * Returns the disk after a power loss: each file has its synced bytes and a part of the rest, cut
   * at any byte. An unsynced name, and the removal of a file, may be lost.
   */
  afterPowerLoss(random: Random): Disk {
    const left = new Disk(this.capacity);
    for (const [name, file] of this.#removed) if (random.chance(0.5)) left.put(name, file.synced);
    for (const [name, { content, synced, isNamed }] of this.#files) {
      if (!isNamed && random.chance(0.5)) continue;
      // Files are only appended to: the synced bytes are a prefix of the content, unless it was
      // cut.
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
