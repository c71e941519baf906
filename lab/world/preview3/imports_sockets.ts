/**
 * The imports of `wasi:sockets`: listeners that a component opens itself, and their connections.
 */
import { Errno } from "../../../host/runtime/abi.js";
import { loadAddress, storeAddress } from "./address.js";
import { Code, codeOf } from "./codes.js";
import { Receiving, Sending } from "./connection.js";
import { FutureEnd, StreamEnd } from "./copying.js";
import { Ending } from "./futures.js";
import type { ComponentHost, ComponentImports } from "./host.js";
import { futureImports, streamImports, told } from "./imports_async.js";
import { Listening, TcpSocket } from "./sockets.js";

/** The offset of a result's value, and of an error's code. */
const VALUE_AT = 4;
/** The code for success. */
const NO_ERROR = -1;
const WRITABLE_SHIFT = 32n;

export function socketImports(host: ComponentHost): ComponentImports {
  const receive = "[method]tcp-socket.receive";
  const send = "[method]tcp-socket.send";
  const listen = "[method]tcp-socket.listen";
  return {
    "wasi:sockets/types": {
      ...openingImports(host),
      ...connectionImports(host),
      ...addressImports(host),
      ...streamImports(host, { name: listen, direction: "read", element: "tcp-socket" }),
      ...streamImports(host, { name: receive, direction: "read", element: "u8" }),
      ...streamImports(host, { name: send, direction: "write", element: "u8" }),
      ...futureImports(host, receive),
      ...futureImports(host, send),
    },
  };
}

/** Stores a result without a value: its tag, and the code of an error. */
function setOutcome({ memory, trace }: ComponentHost, at: number, code: number): void {
  trace.number(code);
  memory.setU8(at, code === NO_ERROR ? 0 : 1);
  if (code !== NO_ERROR) memory.setU8(at + VALUE_AT, code);
}

function openingImports(host: ComponentHost): ComponentImports[string] {
  const { handles, memory, places, trace } = host;
  /** Accepts the option; it has no effect here. */
  const set = (handle: number, value: number | bigint, at: number): undefined => {
    handles.get(handle, TcpSocket);
    trace.number(Number(value));
    setOutcome(host, at, NO_ERROR);
  };
  return {
    "[static]tcp-socket.create": (family: number, at: number) => {
      trace.number(family);
      memory.setU8(at, 0);
      memory.setU32(at + VALUE_AT, told(host, handles.push(new TcpSocket())));
    },
    "[method]tcp-socket.bind": (handle: number, ...rest: number[]) => {
      const socket = handles.get(handle, TcpSocket);
      const at = rest[rest.length - 1] ?? 0;
      const address = loadAddress(rest);
      const place = places.find((one) => one.address === address);
      trace.number(place?.fd ?? -1);
      if (place === undefined) setOutcome(host, at, Code.ACCESS_DENIED);
      else if (place.isOpen) setOutcome(host, at, Code.ADDRESS_IN_USE);
      else {
        place.isOpen = true;
        socket.place = place;
        setOutcome(host, at, NO_ERROR);
      }
    },
    "[method]tcp-socket.listen": (handle: number, at: number) => {
      const socket = handles.get(handle, TcpSocket);
      const { place } = socket;
      if (place === undefined || socket.isListening) {
        setOutcome(host, at, Code.INVALID_STATE);
        return;
      }
      socket.isListening = true;
      const stream = new StreamEnd("read", "tcp-socket", new Listening(host, place));
      setOutcome(host, at, NO_ERROR);
      memory.setU32(at + VALUE_AT, told(host, handles.push(stream)));
    },
    "[method]tcp-socket.set-listen-backlog-size": set,
    "[method]tcp-socket.set-keep-alive-enabled": set,
  };
}

function connectionImports(host: ComponentHost): ComponentImports[string] {
  const { handles, memory } = host;
  return {
    "[method]tcp-socket.receive": (handle: number, at: number) => {
      const socket = handles.get(handle, TcpSocket);
      const { connection } = socket;
      const isFirst = connection !== undefined && !socket.receives;
      socket.receives = true;
      const far = isFirst ? new Receiving(connection) : NO_STREAM;
      const ended = () => (isFirst ? connection.ended : -Errno.NOTCONN);
      const stream = handles.push(new StreamEnd("read", "u8", far));
      memory.setU32(at, told(host, stream));
      const future = handles.push(new FutureEnd(new Ending(memory, ended)));
      memory.setU32(at + VALUE_AT, told(host, future));
    },
    "[stream-new-0][method]tcp-socket.send": () => {
      const [readable, writable] = [new StreamEnd("read", "u8"), new StreamEnd("write", "u8")];
      readable.other = writable;
      const low = told(host, handles.push(readable));
      return (BigInt(told(host, handles.push(writable))) << WRITABLE_SHIFT) | BigInt(low);
    },
    "[method]tcp-socket.send": (handle: number, stream: number) => {
      const socket = handles.get(handle, TcpSocket);
      const { connection } = socket;
      const writable = handles.drop(stream, StreamEnd).other;
      const isFirst = connection !== undefined && !socket.sends;
      socket.sends = true;
      writable?.connect(isFirst ? new Sending(connection) : NO_STREAM);
      const ended = () => (isFirst ? connection.ended : -Errno.NOTCONN);
      return told(host, handles.push(new FutureEnd(new Ending(memory, ended))));
    },
    "[resource-drop]tcp-socket": (handle: number) => {
      told(host, handle);
      handles.drop(handle, TcpSocket).close();
    },
  };
}

/**
 * The host's end of a stream for a socket without a connection, or whose stream was already given.
 */
const NO_STREAM = {
  move: () => ({ count: 0, isOver: true }),
  dropped: () => undefined,
};

function addressImports(host: ComponentHost): ComponentImports[string] {
  const { handles, kernel, memory } = host;
  const store = (at: number, address: string | undefined, failure?: number): undefined => {
    const code = failure === undefined ? Code.INVALID_STATE : codeOf(failure);
    setOutcome(host, at, address === undefined ? code : NO_ERROR);
    if (address !== undefined) storeAddress(memory, at, address);
  };
  return {
    /** Fails after a reset, and for the socket of a failed accept. */
    "[method]tcp-socket.get-remote-address": (handle: number, at: number) => {
      const { connection, failure } = handles.get(handle, TcpSocket);
      const end = connection && kernel.connection(connection.fd);
      store(at, end?.wasReset === false ? end.remote : undefined, failure);
    },
    "[method]tcp-socket.get-local-address": (handle: number, at: number) => {
      const { place, connection } = handles.get(handle, TcpSocket);
      store(at, place?.address ?? (connection && host.places[0]?.address));
    },
  };
}
