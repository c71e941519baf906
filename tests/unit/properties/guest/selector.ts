/** A selector and the sockets that it watches, for tests that call both as a program would. */
import { BaseSelector, PollOneoffSelector, ScanSelector } from "../../../../assembly/selectors";
import * as socket from "../../../../assembly/wasi/socket";


@external("test", "ready")
declare function toldReady(fd: u32, mask: u32, errno: i32, data: u32): void;

const BUFFER_BYTES: u32 = 65_536;
const buffer = heap.alloc(BUFFER_BYTES);
let selector: BaseSelector<u32> = new ScanSelector<u32>();

export function create(kind: i32): void {
  selector.close();
  if (kind == 0) selector = new PollOneoffSelector<u32>(false);
  else if (kind == 1) selector = new PollOneoffSelector<u32>(true);
  else selector = new ScanSelector<u32>();
}

export function register(fd: u32, events: u32, data: u32): i32 {
  return selector.register(fd, events, data);
}

export function modify(fd: u32, events: u32, data: u32): i32 {
  return selector.modify(fd, events, data);
}

export function unregister(fd: u32): i32 {
  return selector.unregister(fd);
}

/** @returns the selector's error */
export function select(seconds: f64): i32 {
  const ready = selector.select(seconds);
  for (let i = 0; i < ready.length; i++) {
    const key = ready[i].key;
    toldReady(key.fd, ready[i].mask, key.errno, key.data);
  }
  return selector.error;
}

/** Told as if it were ready: its events, whether it is registered, its data. */
export function getKey(fd: u32): void {
  const key = selector.getKey(fd);
  if (key !== null) toldReady(key.fd, key.events, <i32>key.registered, key.data);
}

export function getMap(): void {
  const keys = selector.getMap().values();
  for (let i = 0; i < keys.length; i++) {
    toldReady(keys[i].fd, keys[i].events, <i32>keys[i].registered, keys[i].data);
  }
}

export function closeSelector(): void {
  selector.close();
}

export function accept(listener: u32): i32 {
  return socket.accept(listener);
}

export function closeSocket(fd: u32): i32 {
  return socket.close(fd);
}

/** One read. @returns its bytes or -errno */
export function receive(fd: u32, most: u32): i32 {
  return socket.recv(fd, buffer, min(most, BUFFER_BYTES));
}

/** Sends until the socket takes no more. @returns -errno */
export function fill(fd: u32): i32 {
  while (true) {
    const sent = socket.send(fd, buffer, BUFFER_BYTES);
    if (sent < 0) return sent;
  }
}
