/**
 * A directory of the host's file system, for a guest on Node. directory.ts refuses each path that
 * is not a plain file name, and a symbolic link is not followed. So no file outside is reachable.
 */
import fs from "node:fs";
import path from "node:path";
import { Errno } from "../abi.js";
import type { Volume, VolumeFile, VolumeOpen } from "../table/directory.js";

/** Node's error codes as preview1's errnos. Any other code becomes IO. */
const ERRNOS: Readonly<Record<string, number>> = {
  EACCES: Errno.ACCES,
  EDQUOT: Errno.DQUOT,
  EEXIST: Errno.EXIST,
  EFBIG: Errno.FBIG,
  EINVAL: Errno.INVAL,
  EISDIR: Errno.ISDIR,
  ELOOP: Errno.LOOP,
  EMFILE: Errno.MFILE,
  ENFILE: Errno.NFILE,
  ENAMETOOLONG: Errno.NAMETOOLONG,
  ENOENT: Errno.NOENT,
  ENOSPC: Errno.NOSPC,
  ENOTDIR: Errno.NOTDIR,
  EPERM: Errno.PERM,
  EROFS: Errno.ROFS,
};

export class NodeVolume implements Volume {
  /** @param directory the path of the directory */
  constructor(private readonly directory: string) {}

  names(): string[] | number {
    return attempt(() => fs.readdirSync(this.directory));
  }

  open(name: string, how: VolumeOpen): VolumeFile | number {
    const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = fs.constants;
    let flags = O_NOFOLLOW | (how.write ? O_RDWR : O_RDONLY);
    if (how.create) flags |= O_CREAT;
    if (how.exclusive) flags |= O_EXCL;
    if (how.truncate) flags |= O_TRUNC;
    const fd = attempt(() => fs.openSync(path.join(this.directory, name), flags, 0o600));
    return fd < 0 ? fd : new NodeFile(fd);
  }

  unlink(name: string): number {
    return attempt(() => {
      fs.unlinkSync(path.join(this.directory, name));
      return 0;
    });
  }
}

class NodeFile implements VolumeFile {
  constructor(private readonly fd: number) {}

  size(): number {
    return attempt(() => fs.fstatSync(this.fd).size);
  }

  readAt(offset: number, targets: readonly Uint8Array[]): number {
    return attempt(() => fs.readvSync(this.fd, targets, offset));
  }

  writeAt(offset: number, pieces: readonly Uint8Array[]): number {
    return attempt(() => fs.writevSync(this.fd, pieces, offset));
  }

  setSize(size: number): number {
    return attempt(() => {
      fs.ftruncateSync(this.fd, size);
      return 0;
    });
  }

  sync(): number {
    return attempt(() => {
      fs.fdatasyncSync(this.fd);
      return 0;
    });
  }

  close(): void {
    attempt(() => {
      fs.closeSync(this.fd);
      return 0;
    });
  }
}

/** Returns the result of `work`, or a negated errno if it throws an error of the OS. */
function attempt<T>(work: () => T): T | number {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "") throw error;
    return -(ERRNOS[code] ?? Errno.IO);
  }
}
