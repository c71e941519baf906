/** The imports of preview1 for sockets: accept, receive, send, shutdown. preview1 has no others. */
import { Errno, Fdflags, Riflags, Sdflags } from "./abi.js";
import { traceBytes } from "./imports_fd.js";
import { checkFlags } from "./memory.js";
import type { Host, Imports } from "./preview1.js";

/** Returns the imports for sockets, by name. */
export function socketImports(host: Host): Imports {
  const { kernel, memory, trace } = host;
  return {
    sock_accept: (fd: number, flags: number, acceptedAt: number) => {
      trace.number(fd);
      trace.number(flags);
      checkFlags(flags, Fdflags.ALL);
      if (!kernel.isOpen(fd >>> 0)) return Errno.BADF;
      memory.check(acceptedAt, 4, 4);
      const accepted = kernel.accept(fd >>> 0, flags);
      if (accepted < 0) return -accepted;
      trace.number(accepted);
      memory.setU32(acceptedAt, accepted);
      return Errno.SUCCESS;
    },
    sock_recv: (
      fd: number,
      vectors: number,
      count: number,
      flags: number,
      movedAt: number,
      outFlagsAt: number,
    ) => {
      trace.number(fd);
      trace.number(flags);
      checkFlags(flags, Riflags.ALL);
      if (!kernel.isOpen(fd >>> 0)) return Errno.BADF;
      memory.check(movedAt, 4, 4);
      memory.check(outFlagsAt, 2, 2);
      const targets = memory.vectors(vectors, count);
      for (const target of targets) trace.number(target.length);
      const moved = kernel.recv(fd >>> 0, targets, flags);
      if (moved < 0) return -moved;
      traceBytes(host, targets, moved);
      memory.setU32(movedAt, moved);
      // The output flags say whether a datagram was truncated. A stream has no datagrams, so they
      // are 0.
      memory.setU16(outFlagsAt, 0);
      return Errno.SUCCESS;
    },
    sock_send: (fd: number, vectors: number, count: number, _flags: number, movedAt: number) => {
      trace.number(fd);
      if (!kernel.isOpen(fd >>> 0)) return Errno.BADF;
      memory.check(movedAt, 4, 4);
      const pieces = memory.vectors(vectors, count);
      const moved = kernel.send(fd >>> 0, pieces);
      if (moved < 0) return -moved;
      traceBytes(host, pieces, moved);
      memory.setU32(movedAt, moved);
      return Errno.SUCCESS;
    },
    sock_shutdown: (fd: number, how: number) => {
      trace.number(fd);
      trace.number(how);
      checkFlags(how, Sdflags.ALL);
      return -kernel.shutdown(fd >>> 0, how);
    },
  };
}
