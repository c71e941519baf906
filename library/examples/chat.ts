/** A chat: all clients get each line. A client that does not read is closed: no other waits. */
import { DefaultSelector, EVENT_READ, EVENT_WRITE } from "pollcast-selectors";
import { accept, AGAIN, close, Fd, recv, requireListeners, send } from "pollcast-selectors/sockets";

const UNSENT_BYTES_MOST = 65_536;
const buffer = new Uint8Array(4096);
const nothing = new Uint8Array(0);
const clients: Array<Client> = [];

class Client {
  unsent: Uint8Array = nothing; // Bytes that the socket has not taken yet.
  isGone: bool = false; // True if the client must be closed after the dispatch.
  constructor(public fd: Fd) {}

  onReady(mask: u32): void {
    if (mask & EVENT_WRITE) this.tell(nothing);
    if (!(mask & EVENT_READ)) return;
    const length = recv(this.fd, buffer);
    if (length <= 0) this.isGone = this.isGone || length != -AGAIN;
    else tellAll(`${this.fd}: ${String.UTF8.decode(buffer.slice(0, length).buffer).trimEnd()}\n`);
  }
  tell(bytes: Uint8Array): void {
    const all = new Uint8Array(this.unsent.length + bytes.length);
    all.set(this.unsent);
    all.set(bytes, this.unsent.length);
    const sent = send(this.fd, all);
    this.unsent = all.slice(max(sent, 0));
    const isBroken = sent < 0 && sent != -AGAIN;
    if (isBroken || this.unsent.length > UNSENT_BYTES_MOST) this.isGone = true;
    selector.modify(this.fd, this.unsent.length > 0 ? EVENT_READ | EVENT_WRITE : EVENT_READ, this);
  }
}
function tellAll(text: string): void {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  for (let i = 0; i < clients.length; i++) clients[i].tell(bytes);
}
function admit(): void {
  const fd = accept(listener);
  if (fd < 0) return;
  clients.push(new Client(fd));
  selector.register(fd, EVENT_READ, clients[clients.length - 1]);
}
const listener = requireListeners()[0];
const selector = DefaultSelector<Client | null>();
selector.register(listener, EVENT_READ, null);
while (true) {
  const events = selector.select();
  for (let i = 0; i < events.length; i++) {
    const client = events[i].key.data;
    if (client === null) admit();
    else client.onReady(events[i].mask);
  }
  for (let i = clients.length - 1; i >= 0; i--) {
    if (!clients[i].isGone) continue;
    selector.unregister(clients[i].fd);
    close(clients[i].fd);
    clients.splice(i, 1);
  }
}
