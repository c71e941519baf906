/**
 * The tutorial's ChatServer, first version: one read callback for each key, and a broadcast that
 * sends to all clients at once.
 *
 * Differences from the Python program: a client is called `client-N` in a module, since preview1
 * does not report the peer's address. `quit` may end with a newline, so that it works from nc.
 * Bytes that a full socket does not take are logged as lost, where Python would raise
 * BlockingIOError.
 */
import { DefaultSelector, EVENT_READ, SelectorError } from "../selectors";
import { close, Fd, recv, send } from "../wasi/socket";
import { STDIN } from "../wasi/stdio";
import {
  acceptFrom,
  closeAll,
  Console,
  describeKey,
  describeMap,
  formatMessage,
  handedInListener,
  log,
  newcomerName,
  print,
  readCommandLine,
  RECV_BYTES,
  selectOrEnd,
} from "./program";

/** The data of a key: the function to call when it is ready. */
type Callback = (fd: Fd) => void;

const buffer = memory.data(1024);

readCommandLine("chat_v1");
const listener = handedInListener("chat_v1");
const selector = DefaultSelector<Callback>();
const console = new Console();
const names = new Map<Fd, string>();
let arrivals = 0;
let running = true;

function onAccept(fd: Fd): void {
  const connection = acceptFrom<Callback>(selector, fd);
  if (connection < 0) return;
  names.set(connection, newcomerName(connection, ++arrivals));
  selector.register(connection, EVENT_READ, onRecv);
}

function onRecv(fd: Fd): void {
  const length = recv(fd, buffer, RECV_BYTES);
  const data = length > 0 ? String.UTF8.decodeUnsafe(buffer, length) : "";
  if (length <= 0 || data.trimEnd() == "quit") {
    selector.unregister(fd);
    names.delete(fd);
    close(fd);
    return;
  }
  const text = formatMessage(names.get(fd), data);
  log(text);
  const message = String.UTF8.encode(text);
  // Broadcasts to each client, that is to each key except the listener and the console.
  const keys = selector.getMap().values();
  for (let i = 0; i < keys.length; i++) {
    if (keys[i].data != onRecv) continue;
    const sent = send(keys[i].fd, changetype<usize>(message), message.byteLength);
    if (sent < message.byteLength) log(`${names.get(keys[i].fd)} lost part of a message`);
  }
}

function onConsole(fd: Fd): void {
  const lines = console.readLines();
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] == "quit") {
      running = false;
      return;
    }
    log(`${names.size} clients`);
    log(describeMap<Callback>(selector, nameOf));
    print(">>");
  }
  if (console.ended) selector.unregister(fd);
  if (console.stopsAtEnd) running = false;
}

function nameOf(data: Callback): string {
  if (data == onAccept) return "onAccept";
  return data == onRecv ? "onRecv" : "onConsole";
}

/** Runs the event loop: the tutorial's `select`, which has a thread of its own in Python. */
function serve(): void {
  while (running) {
    const events = selectOrEnd<Callback>(selector);
    print("-".repeat(30) + "\n");
    for (let i = 0; i < events.length; i++) {
      const key = events[i].key;
      log(describeKey<Callback>(key, nameOf(key.data)));
      log(events[i].mask.toString());
      if (key.registered) key.data(key.fd);
    }
  }
}

selector.trustStdin = console.trusted;
selector.register(listener, EVENT_READ, onAccept);
if (selector.register(STDIN, EVENT_READ, onConsole) != SelectorError.NONE) log("no console");
serve();
closeAll<Callback>(selector);
