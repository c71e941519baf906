/**
 * The tutorial's ChatServer, second version: every client is watched for EVENT_READ | EVENT_WRITE
 * and has a queue; reading fills all queues, being writable empties one's own.
 *
 * It spins, on purpose. A socket is writable nearly always, so `select` returns at once, for ever:
 * that is the tutorial's closing lesson, and `npm run lab -- demo spin` measures it. The cure is in
 * chat_v3.ts: ask for EVENT_WRITE only while something is queued.
 *
 * Beside the Python program: as there, the stamped message goes to the log and the plain data to
 * the clients. A client is called `client-N`, and `quit` may end with a newline (see chat_v1).
 */
import { DefaultSelector, EVENT_READ, EVENT_WRITE, SelectorError, SelectorKey } from "../selectors";
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

/** A key's data. Python's is a callback, or a pair of callback and queue; here it is the pair. */
class Entry {
  queue: Array<ArrayBuffer> = [];

  constructor(
    public callback: (key: SelectorKey<Entry>, mask: u32) => void,
    /** Whose queue it is; empty for the listener and the console, whose queue stays empty. */
    public name: string = "",
  ) {}
}

const RULE = "-".repeat(30);
const buffer = memory.data(1024);

readCommandLine("chat_v2");
const listener = handedInListener("chat_v2");
const selector = DefaultSelector<Entry>();
const console = new Console();
let clients = 0;
let arrivals = 0;
let running = true;

function onAccept(key: SelectorKey<Entry>, _mask: u32): void {
  const connection = acceptFrom<Entry>(selector, key.fd);
  if (connection < 0) return;
  clients++;
  const entry = new Entry(handle, newcomerName(connection, ++arrivals));
  selector.register(connection, EVENT_READ | EVENT_WRITE, entry);
}

/** Reading and writing of one client are apart: the mask says which, or both. */
function handle(key: SelectorKey<Entry>, mask: u32): void {
  if (mask & EVENT_READ && !readInto(key)) return;
  if (mask & EVENT_WRITE && key.data.queue.length > 0) sendFirst(key);
}

/** One message to every queue. @returns false if the client is gone */
function readInto(key: SelectorKey<Entry>): bool {
  const length = recv(key.fd, buffer, RECV_BYTES);
  const data = length > 0 ? String.UTF8.decodeUnsafe(buffer, length) : "";
  if (length <= 0 || data.trimEnd() == "quit") {
    selector.unregister(key.fd);
    close(key.fd);
    clients--;
    return false;
  }
  log(formatMessage(key.data.name, data));
  const message = new ArrayBuffer(length);
  memory.copy(changetype<usize>(message), buffer, length);
  const keys = selector.getMap().values();
  for (let i = 0; i < keys.length; i++) {
    log(describeKey<Entry>(keys[i], nameOf(keys[i].data)));
    if (keys[i].data.name != "") keys[i].data.queue.push(message);
  }
  return true;
}

/** What the socket does not take goes back to the head of the queue. */
function sendFirst(key: SelectorKey<Entry>): void {
  const message = key.data.queue.shift();
  const sent = send(key.fd, changetype<usize>(message), message.byteLength);
  if (sent < message.byteLength) key.data.queue.unshift(message.slice(max(sent, 0)));
}

function onConsole(key: SelectorKey<Entry>, _mask: u32): void {
  const lines = console.readLines();
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] == "quit") {
      running = false;
      return;
    }
    log(RULE);
    log(`${clients} clients`);
    log(describeMap<Entry>(selector, nameOf));
    log(RULE);
    print(">>");
  }
  if (console.ended) selector.unregister(key.fd);
  if (console.stopsAtEnd) running = false;
}

function nameOf(data: Entry): string {
  if (data.callback == onAccept) return "onAccept";
  return data.callback == handle ? `(handle, ${data.queue.length} queued)` : "onConsole";
}

/** The tutorial's `select`; it runs in a thread there, and is all that runs here. */
function serve(): void {
  while (running) {
    const events = selectOrEnd<Entry>(selector);
    for (let i = 0; i < events.length; i++) {
      const key = events[i].key;
      if (key.registered) key.data.callback(key, events[i].mask);
    }
  }
}

selector.trustStdin = console.trusted;
selector.register(listener, EVENT_READ, new Entry(onAccept));
const opened = selector.register(STDIN, EVENT_READ, new Entry(onConsole));
if (opened != SelectorError.NONE) log("no console");
serve();
closeAll<Entry>(selector);
