/**
 * The tutorial's echo server, which answers "Your msg is ...". One selector, one callback for each
 * key.
 *
 * Differences from the Python program: stdin is a key like the others, not a thread. A client that
 * closes is unregistered and closed, where Python's server would send it "Your msg is " again and
 * again.
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
  handedInListener,
  log,
  print,
  readCommandLine,
  RECV_BYTES,
  selectOrEnd,
} from "./program";

/** The data of a key: the function to call when it is ready. */
type Callback = (fd: Fd, mask: u32) => void;

const buffer = memory.data(1024);

readCommandLine("echo");
const listener = handedInListener("echo");
const selector = DefaultSelector<Callback>();
const console = new Console();
let running = true;

function onAccept(fd: Fd, _mask: u32): void {
  const connection = acceptFrom<Callback>(selector, fd);
  if (connection < 0) return;
  selector.register(connection, EVENT_READ, onRead);
  log(describeKey<Callback>(selector.getKey(connection)!, "onRead"));
}

function onRead(fd: Fd, _mask: u32): void {
  const length = recv(fd, buffer, RECV_BYTES);
  if (length <= 0) {
    selector.unregister(fd);
    close(fd);
    return;
  }
  const message = String.UTF8.encode("Your msg is " + String.UTF8.decodeUnsafe(buffer, length));
  send(fd, changetype<usize>(message), message.byteLength);
}

function onConsole(fd: Fd, _mask: u32): void {
  const lines = console.readLines();
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] == "quit") {
      running = false;
      return;
    }
    log(`${selector.getMap().size} keys`);
    log(describeMap<Callback>(selector, nameOf));
    print(">>");
  }
  if (console.ended) selector.unregister(fd);
  if (console.stopsAtEnd) running = false;
}

function nameOf(data: Callback): string {
  if (data == onAccept) return "onAccept";
  return data == onRead ? "onRead" : "onConsole";
}

/** Runs the event loop: the tutorial's `select(e)`, which has a thread of its own in Python. */
function serve(): void {
  while (running) {
    const events = selectOrEnd<Callback>(selector);
    print("-".repeat(30) + "\n");
    for (let i = 0; i < events.length; i++) {
      const key = events[i].key;
      log(describeKey<Callback>(key, nameOf(key.data)));
      log(events[i].mask.toString());
      if (key.registered) key.data(key.fd, events[i].mask);
    }
  }
}

selector.trustStdin = console.trusted;
selector.register(listener, EVENT_READ, onAccept);
log(describeKey<Callback>(selector.getKey(listener)!, "onAccept"));
if (selector.register(STDIN, EVENT_READ, onConsole) != SelectorError.NONE) log("no console");
serve();
log(describeMap<Callback>(selector, nameOf));
closeAll<Callback>(selector);
