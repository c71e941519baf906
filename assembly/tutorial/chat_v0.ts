/**
 * What the tutorial's exercise begins with: a ChatServer whose calls block. `accept` waits for a
 * client and `recv` for what it says, so there is one client at a time, and the others stand in
 * the listener's queue.
 *
 * The Python program starts a thread for `accept` and one more for each client's `recv`, so that
 * they wait beside one another. A Wasm module has one thread: where Python writes
 * `threading.Thread(target=self.recv, args=(conn,)).start()` stands a plain call here. That is what
 * the exercise is about: rewrite it so that no thread is needed, and get chat_v1.
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

/** In Python a thread of its own. It never returns: only a signal ends this program. */
function serve(): void {
  setBlocking(listener, true);
  while (true) {
    const connection = accept(listener, true);
    if (connection < 0) continue;
    talk(connection, newcomerName(connection, ++arrivals));
  }
}

/** In Python a thread for each client. "To everybody" is to one: nobody else is let in yet. */
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
