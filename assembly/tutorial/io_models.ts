/**
 * One echo service, written in each of the tutorial's four models of I/O. A read has two phases:
 * waiting for data, and copying it. The models differ in where the program waits, and for how many
 * clients at once:
 *
 *   blocking      each call waits; one client is served, the others are queued
 *   nonblocking   no call waits; the program tries every client again and again
 *   multiplexed   one call waits for all clients; then the ready ones are read
 *   asynchronous  the program passes a buffer; a callback follows when it is filled
 *
 * Only a component has the last model in earnest. WASI preview1 has no completions: there a
 * selector emulates them.
 *
 * A client that sends `stats` gets the cost of the model so far, as one line of JSON: `{"model",
 * "echoes", "hostCalls", "waitingNs", "copyingNs", "completions"}`. The last field is "none",
 * "emulated" or "host".
 */
import { BaseSelector, DefaultSelector, EVENT_READ } from "../selectors";
import { monotonic } from "../wasi/clock";
import { errnoName } from "../wasi/errno";
import { hostCalls } from "../wasi/calls";
import { IS_COMPONENT } from "../wasi/platform";
import { canRead } from "../wasi/poll";
import { Exit } from "../wasi/process";
import { accept, close, Fd, peek, recv, send, setBlocking } from "../wasi/socket";
import { looksWatchable, STDIN } from "../wasi/stdio";
import {
  acceptFrom,
  Console,
  handedInListener,
  log,
  print,
  readCommandLine,
  RECV_BYTES,
  refuse,
  selectOrEnd,
} from "./program";
import { EmulatedProactor } from "./emulated_proactor";
import { Completion, Proactor } from "./proactor";
import { StreamProactor } from "./stream_proactor";

const MODELS = "blocking|nonblocking|multiplexed|asynchronous";
/** The non-blocking model reads the console once in this many rounds. */
const ROUNDS_PER_LOOK: u32 = 1000;
const buffer = memory.data(1024);

let model = "";
let running = true;
let completions = "none";
let echoes: u64 = 0;
let waitingNs: u64 = 0;
let copyingNs: u64 = 0;

/** Reads, and counts the time of a read with data as copying. @returns the bytes, 0, or -errno */
function copyFrom(fd: Fd, to: usize): i32 {
  const start = monotonic();
  const length = recv(fd, to, RECV_BYTES);
  if (length > 0) copyingNs += monotonic() - start;
  return length;
}

/** Answers one message. All models share this service. */
function answer(fd: Fd, from: usize, length: u32): void {
  const data = String.UTF8.decodeUnsafe(from, length);
  let reply = "Your msg is " + data;
  if (data.trimEnd() == "stats") {
    const counts = `"echoes":${echoes},"hostCalls":${hostCalls}`;
    const times = `"waitingNs":${waitingNs},"copyingNs":${copyingNs}`;
    reply = `{"model":"${model}",${counts},${times},"completions":"${completions}"}\n`;
  } else {
    echoes++;
  }
  const bytes = String.UTF8.encode(reply);
  send(fd, changetype<usize>(bytes), bytes.byteLength);
}

/** Reads stdin once, and obeys `quit`. */
function readConsole(console: Console): void {
  const lines = console.readLines();
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] == "quit") running = false;
    else print(`${model}: ${echoes} echoes, ${hostCalls} host calls\n>>`);
  }
  if (console.stopsAtEnd) running = false;
}

/**
 * Serves one client at a time, since each call blocks. The console is not read: only a signal ends
 * this model.
 */
function blocking(listener: Fd): void {
  setBlocking(listener, true);
  while (true) {
    let start = monotonic();
    const connection = accept(listener, true);
    waitingNs += monotonic() - start;
    if (connection < 0) continue;
    while (true) {
      // A blocking PEEK waits for data, which is the first phase. The read after it only copies.
      start = monotonic();
      const found = peek(connection);
      waitingNs += monotonic() - start;
      const length = found > 0 ? copyFrom(connection, buffer) : 0;
      if (length <= 0) break;
      answer(connection, buffer, length);
    }
    close(connection);
  }
}

/** Tries the listener and every client in turn, without ever waiting. */
function nonblocking(listener: Fd, console: Console): void {
  const clients = new Array<Fd>();
  const watched = console.trusted || looksWatchable();
  for (let round: u32 = 1; running; round++) {
    const start = monotonic();
    let worked: u64 = 0;
    const connection = accept(listener);
    if (connection >= 0) clients.push(connection);
    for (let i = clients.length - 1; i >= 0; i--) {
      const asked = monotonic();
      const length = copyFrom(clients[i], buffer);
      if (length == 0) close(clients.splice(i, 1)[0]);
      if (length <= 0) continue;
      answer(clients[i], buffer, length);
      worked += monotonic() - asked;
    }
    waitingNs += monotonic() - start - worked;
    const looks = watched && !console.ended && round % ROUNDS_PER_LOOK == 0;
    if (looks && canRead(STDIN)) readConsole(console);
  }
}

/** Waits for all clients in one call, and reads the ready ones without waiting. */
function multiplexed(listener: Fd, console: Console): void {
  const selector: BaseSelector<bool> = DefaultSelector<bool>();
  selector.trustStdin = console.trusted;
  selector.register(listener, EVENT_READ, true);
  selector.register(STDIN, EVENT_READ, false);
  while (running) {
    const start = monotonic();
    const events = selectOrEnd<bool>(selector);
    waitingNs += monotonic() - start;
    for (let i = 0; i < events.length; i++) {
      const fd = events[i].key.fd;
      if (fd == STDIN) {
        readConsole(console);
        if (console.ended) selector.unregister(STDIN);
      } else if (fd == listener) {
        const connection = acceptFrom<bool>(selector, listener);
        if (connection >= 0) selector.register(connection, EVENT_READ, true);
      } else {
        const length = copyFrom(fd, buffer);
        if (length > 0) answer(fd, buffer, length);
        if (length == 0) {
          selector.unregister(fd);
          close(fd);
        }
      }
    }
  }
}

/** Reads into a client's buffer; the completion answers and starts the next read. */
class EchoNext extends Completion {
  private buffer: usize = heap.alloc(RECV_BYTES);

  constructor(private proactor: Proactor) {
    super();
  }

  start(fd: Fd): void {
    this.proactor.read(fd, this.buffer, RECV_BYTES, this);
  }

  done(fd: Fd, result: i32): void {
    waitingNs = this.proactor.waitedNs;
    copyingNs = this.proactor.copiedNs;
    if (result > 0) {
      answer(fd, this.buffer, result);
      this.start(fd);
    } else {
      close(fd);
      heap.free(this.buffer);
    }
  }
}

class AcceptNext extends Completion {
  constructor(private proactor: Proactor) {
    super();
  }

  done(fd: Fd, result: i32): void {
    if (result < 0) {
      log(`accept: ${errnoName(result)}; nobody else is let in`);
      return;
    }
    new EchoNext(this.proactor).start(result);
    this.proactor.accept(fd, this);
  }
}

/**
 * Reads the console in completion style. A proactor reads only sockets into buffers, so it reports
 * that stdin is ready.
 */
class ConsoleNext extends Completion {
  constructor(
    private proactor: Proactor,
    private console: Console,
  ) {
    super();
  }

  done(fd: Fd, _result: i32): void {
    readConsole(this.console);
    if (!this.console.ended) this.proactor.ready(fd, this);
  }
}

function newProactor(console: Console): Proactor {
  completions = IS_COMPONENT ? "host" : "emulated";
  if (IS_COMPONENT) return new StreamProactor();
  const proactor = new EmulatedProactor();
  proactor.selector.trustStdin = console.trusted;
  return proactor;
}

/** Passes buffers to a proactor; the completions find them filled. */
function asynchronous(listener: Fd, console: Console): void {
  const proactor = newProactor(console);
  proactor.accept(listener, new AcceptNext(proactor));
  proactor.ready(STDIN, new ConsoleNext(proactor, console));
  while (running) proactor.runOnce();
}

const parsed = readCommandLine("io_models", "MODEL ");
model = parsed.words.length == 1 ? parsed.words[0] : "";
if (!MODELS.split("|").includes(model)) {
  refuse("io_models", `which model? One of ${MODELS}`, Exit.USAGE);
}
const listener = handedInListener("io_models");
/**
 * A function, since the source map of a debugger, and of the site, has no lines for top-level code.
 */
function serve(): void {
  if (model == "blocking") return blocking(listener);
  const console = new Console();
  if (model == "nonblocking") nonblocking(listener, console);
  else if (model == "multiplexed") multiplexed(listener, console);
  else asynchronous(listener, console);
}

serve();
