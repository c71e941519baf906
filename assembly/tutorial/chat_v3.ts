/**
 * ChatServer v2 without its spinning: a client is registered for EVENT_WRITE only while its queue
 * is not empty, by `modify`. The tutorial names this fix and leaves the code to the reader.
 *
 * The real server (net/connection/connection.ts) goes one step further: it sends at once, and
 * registers EVENT_WRITE only for the bytes that did not fit.
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

/**
 * The data of a key. In Python it is a callback, or a pair of callback and queue; here always the
 * pair.
 */
class Entry {
  queue: Array<ArrayBuffer> = [];

  constructor(
    public callback: (key: SelectorKey<Entry>, mask: u32) => void,
    /** The name of the client; empty for the listener and the console, whose queues stay empty. */
    public name: string = "",
  ) {}
}

const RULE = "-".repeat(30);
const buffer = memory.data(1024);

readCommandLine("chat_v3");
const listener = handedInListener("chat_v3");
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
  selector.register(connection, EVENT_READ, entry);
}

/** Handles a client. The mask says if it is readable, writable, or both. */
function handle(key: SelectorKey<Entry>, mask: u32): void {
  if (mask & EVENT_READ && !readInto(key)) return;
  if (mask & EVENT_WRITE && key.data.queue.length > 0) sendFirst(key);
}

/**
 * Reads a message, appends it to every queue, and registers EVENT_WRITE.
 *
 * @returns false if the client is gone
 */
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
    if (keys[i].data.name == "") continue;
    keys[i].data.queue.push(message);
    selector.modify(keys[i].fd, EVENT_READ | EVENT_WRITE, keys[i].data);
  }
  return true;
}

/**
 * Sends the first message of the queue. Bytes that the socket does not take go back to the front.
 * Unregisters EVENT_WRITE if the queue is empty.
 */
function sendFirst(key: SelectorKey<Entry>): void {
  const message = key.data.queue.shift();
  const sent = send(key.fd, changetype<usize>(message), message.byteLength);
  if (sent < message.byteLength) key.data.queue.unshift(message.slice(max(sent, 0)));
  if (key.data.queue.length == 0) selector.modify(key.fd, EVENT_READ, key.data);
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

/** Runs the event loop: the tutorial's `select`, which has a thread of its own in Python. */
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
