/** `wasi:sockets`: listeners that a program opens by itself, and connections that it accepts. */
import { Errno, Fdflags, Sdflags } from "../../abi.js";
import { loadAddress, storeAddress } from "./address.js";
import { NO_ERROR, setOutcome, type ComponentHost, type ComponentImports } from "./host.js";
import { Code, codeOf } from "./line.js";

const NO_FD = -1;
/** Of `shutdown-type`. */
const WAYS = [Sdflags.RD, Sdflags.WR, Sdflags.ALL];
const NOWHERE = "127.0.0.1:40000";

export function socketImports(host: ComponentHost): ComponentImports {
  const { memory, resources, trace } = host;
  return {
    "wasi:sockets/instance-network": {
      "instance-network": () => resources.push("network", NO_FD).handle,
    },
    "wasi:sockets/network": {
      "[resource-drop]network": (handle: number) => void resources.drop(handle, "network"),
    },
    "wasi:sockets/tcp-create-socket": {
      "create-tcp-socket": (family: number, at: number) => {
        trace.number(family);
        memory.setU8(at, 0);
        memory.setU32(at + 4, resources.push("socket", NO_FD).handle);
      },
    },
    "wasi:sockets/tcp": {
      ...openingImports(host),
      ...connectionImports(host),
      ...optionImports(host),
    },
  };
}

function openingImports(host: ComponentHost): ComponentImports[string] {
  const { memory, places, resources, trace } = host;
  /** Of the older line there are four steps, of which none waits. */
  const step = (name: string, isPossible: (fd: number) => boolean) => {
    return (handle: number, at: number): undefined => {
      const { fd } = resources.get(handle, "socket");
      trace.number(fd);
      const code = name.startsWith("finish") ? Code.NOT_IN_PROGRESS : Code.INVALID_STATE;
      setOutcome(host, at, isPossible(fd) ? NO_ERROR : code);
    };
  };
  return {
    "[method]tcp-socket.start-bind": (handle: number, network: number, ...rest: number[]) => {
      const socket = resources.get(handle, "socket");
      resources.get(network, "network");
      const at = rest[rest.length - 1] ?? 0;
      const address = loadAddress(rest);
      const place = places.find((one) => one.address === address);
      trace.number(place?.fd ?? NO_FD);
      if (place === undefined || place.isOpen) {
        setOutcome(host, at, place === undefined ? Code.ACCESS_DENIED : Code.ADDRESS_IN_USE);
        return;
      }
      place.isOpen = true;
      socket.fd = place.fd;
      setOutcome(host, at, NO_ERROR);
    },
    "[method]tcp-socket.finish-bind": step("finish-bind", (fd) => fd !== NO_FD),
    "[method]tcp-socket.start-listen": step("start-listen", (fd) => fd !== NO_FD),
    "[method]tcp-socket.finish-listen": step("finish-listen", (fd) => fd !== NO_FD),
    "[method]tcp-socket.local-address": (handle: number, at: number) => {
      const { fd } = resources.get(handle, "socket");
      storeAddress(memory, at, places.find((one) => one.fd === fd)?.address ?? NOWHERE);
    },
  };
}

function connectionImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, resources, trace } = host;
  return {
    "[method]tcp-socket.accept": (handle: number, at: number) => {
      const { fd } = resources.get(handle, "socket");
      trace.number(fd);
      const isListener = host.places.some((one) => one.fd === fd);
      const accepted = isListener ? kernel.accept(fd, Fdflags.NONBLOCK) : -Errno.INVAL;
      trace.number(accepted);
      if (accepted < 0) {
        memory.setU8(at, 1);
        const code = isListener ? codeOf(kernel.line, accepted) : Code.INVALID_STATE;
        memory.setU8(at + 4, code);
        return;
      }
      const socket = resources.push("socket", accepted);
      memory.setU8(at, 0);
      memory.setU32(at + 4, socket.handle);
      memory.setU32(at + 8, resources.push("input", accepted, socket).handle);
      memory.setU32(at + 12, resources.push("output", accepted, socket).handle);
    },
    "[method]tcp-socket.remote-address": (handle: number, at: number) => {
      const { fd } = resources.get(handle, "socket");
      trace.number(fd);
      storeAddress(memory, at, kernel.hosted(fd)?.remote ?? NOWHERE);
    },
    "[method]tcp-socket.subscribe": (handle: number) => {
      const socket = resources.get(handle, "socket");
      return resources.push("pollable", socket.fd, socket).handle;
    },
    "[method]tcp-socket.shutdown": (handle: number, how: number, at: number) => {
      const { fd } = resources.get(handle, "socket");
      trace.number(fd);
      trace.number(how);
      const result = kernel.shutdown(fd, WAYS[how] ?? Sdflags.ALL);
      setOutcome(host, at, result < 0 ? codeOf(kernel.line, result) : NO_ERROR);
    },
    "[resource-drop]tcp-socket": (handle: number) => {
      const { fd } = resources.drop(handle, "socket");
      trace.number(fd);
      const place = host.places.find((one) => one.fd === fd);
      if (place !== undefined) place.isOpen = false;
      if (fd !== NO_FD) kernel.close(fd);
    },
  };
}

/** What is set makes no difference here, but for the buffer of a connection. */
function optionImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, resources, trace } = host;
  const set = (handle: number, value: number | bigint, at: number): undefined => {
    resources.get(handle, "socket");
    trace.number(Number(value));
    setOutcome(host, at, NO_ERROR);
  };
  return {
    "[method]tcp-socket.set-listen-backlog-size": set,
    "[method]tcp-socket.set-keep-alive-enabled": set,
    "[method]tcp-socket.send-buffer-size": (handle: number, at: number) => {
      const { sendBuffer = 0 } = resources.get(handle, "socket");
      memory.setU8(at, 0);
      memory.setU64(at + 8, BigInt(sendBuffer));
    },
    "[method]tcp-socket.set-send-buffer-size": (handle: number, value: bigint, at: number) => {
      const socket = resources.get(handle, "socket");
      socket.sendBuffer = Math.min(Number(value), kernel.sendBufferMost);
      trace.number(socket.sendBuffer);
      kernel.hosted(socket.fd)?.enlarge(socket.sendBuffer);
      setOutcome(host, at, NO_ERROR);
    },
  };
}
