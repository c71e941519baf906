/** An echo server. It closes a client that does not read its echoes. */
import { DefaultSelector, EVENT_READ } from "pollcast-selectors";
import { accept, AGAIN, close, Fd, recv, requireListeners, send } from "pollcast-selectors/sockets";

/** The data of a key: the function to call when its descriptor is ready. */
type Callback = (fd: Fd) => void;
const selector = DefaultSelector<Callback>();
const buffer = new Uint8Array(4096);

selector.register(requireListeners()[0], EVENT_READ, (listener: Fd): void => {
  const connection = accept(listener);
  if (connection >= 0) selector.register(connection, EVENT_READ, onRead);
});
function onRead(connection: Fd): void {
  const length = recv(connection, buffer);
  if (length == -AGAIN) return;
  if (length > 0 && send(connection, buffer.subarray(0, length)) == length) return;
  selector.unregister(connection);
  close(connection);
}
while (true) {
  const events = selector.select();
  for (let i = 0; i < events.length; i++) events[i].key.data(events[i].key.fd);
}
