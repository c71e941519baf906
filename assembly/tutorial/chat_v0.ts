/**
 * The starting point of the tutorial's exercise: a ChatServer with blocking calls. `accept` waits
 * for a client, and `recv` for its data. So it serves one client at a time, while the other clients
 * wait in the listener's queue.
 *
 * The Python program starts a thread for `accept` and a thread for each client's `recv`, so that
 * they wait at the same time. A Wasm module has one thread: where Python has
 * `threading.Thread(target=self.recv, args=(conn,)).start()`, this is a plain call. The exercise is
 * to rewrite it without threads; chat_v1 is the solution.
 */
import { close, accept, Fd, recv, send, setBlocking } from "../wasi/socket";
import {
  formatMessage,
  handedInListener,
  log,
  newcomerName,
  readCommandLine,
  RECV_BYTES,
} from "./program";

const buffer = memory.data(1024);

readCommandLine("chat_v0");
const listener = handedInListener("chat_v0");
let arrivals = 0;

/**
 * Accepts clients, in a thread of its own in Python. Never returns: only a signal ends the program.
 */
function serve(): void {
  setBlocking(listener, true);
  while (true) {
    const connection = accept(listener, true);
    if (connection < 0) continue;
    talk(connection, newcomerName(connection, ++arrivals));
  }
}

/**
 * Serves one client, in a thread of its own in Python. The broadcast reaches only this client,
 * since no other one has been accepted.
 */
function talk(connection: Fd, name: string): void {
  while (true) {
    const length = recv(connection, buffer, RECV_BYTES);
    const data = length > 0 ? String.UTF8.decodeUnsafe(buffer, length) : "";
    if (length <= 0 || data.trimEnd() == "quit") break;
    const text = formatMessage(name, data);
    log(text);
    const message = String.UTF8.encode(text);
    send(connection, changetype<usize>(message), message.byteLength);
  }
  close(connection);
}

serve();
