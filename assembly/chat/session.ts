/**
 * A client as the chat knows it: a name, a room, and a connection. It turns lines into what the
 * server does with them; it knows nothing of sockets.
 */
import { CloseReason } from "../net/close_reason";
import { Connection, LineHandler } from "../net/connection";
import { Fd } from "../wasi/socket";
import { ChatServer } from "./server";

/** The word with which a client leaves, as in the tutorial. */
const QUIT = "quit";

export class Session extends LineHandler {
  connection!: Connection;
  /** Where it is, as a proxy says: `203.0.113.7:51234`; empty if nobody has said. */
  remote: string = "";
  /** Its place among the members of its room; -1: in none. */
  _place: i32 = -1;
  /** Bytes of the room's chunk that it has been given. */
  _heard: u32 = 0;

  constructor(
    private server: ChatServer,
    fd: Fd,
    /** What others see: `client-1`. A preview1 guest cannot ask for the peer's address. */
    public name: string,
    /** Whether a proxy says first whom it speaks for; until then it is in no room. */
    proxied: bool = false,
  ) {
    super();
    this.connection = server.connections.add(fd, this, proxied);
  }

  onSource(address: string): void {
    this.remote = address;
    // People who come through a proxy are known by their address, as in the tutorial.
    if (address != "") this.name = address;
    this.server.admit(this);
  }

  onLine(at: usize, length: u32): void {
    if (isQuit(at, length)) this.connection.close(CloseReason.QUIT);
    else if (length > 0) this.server.broadcast(this, at, length);
  }

  onLongLine(): void {
    const limit = this.server.connections.limits.lineBytes;
    this.tell(`a line may have ${limit} bytes: yours was longer and was not sent\n`);
  }

  /** Says something to this client alone. */
  tell(text: string): void {
    this.server.room.catchUp(this);
    this.server.connections.sayTo(this.connection, `* ${text}`);
  }

  lastWords(reason: CloseReason): string | null {
    // It hears all that was said before, and nothing after.
    this.server.room.leave(this);
    switch (reason) {
      case CloseReason.QUIT:
        return "* goodbye\n";
      case CloseReason.SLOW:
        return "* closed: you read too slowly, and lines for you have been dropped\n";
      case CloseReason.FULL:
        return "* closed: the server is full, try again later\n";
      case CloseReason.STOPPING:
        return "* closed: the server is stopping\n";
      case CloseReason.FORGED_HEADER:
        return "* closed: a PROXY header is not expected here\n";
      default:
        // A proxy that has not said whom it speaks for is nobody to speak to: the log has it.
        return null;
    }
  }

  onClosed(reason: CloseReason): void {
    // A broken connection had no last words.
    this.server.room.leave(this);
    this.server.onClosed(this, reason);
  }
}

function isQuit(at: usize, length: u32): bool {
  if (length != <u32>QUIT.length) return false;
  for (let i = 0; i < QUIT.length; i++) {
    if (load<u8>(at + i) != <u8>QUIT.charCodeAt(i)) return false;
  }
  return true;
}
