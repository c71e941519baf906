/**
 * Detects a guest that spins, and one that sleeps while a client needs it. Both show in its waits.
 */
import { Ready } from "../../host/runtime/table/descriptor.js";
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import type { Session } from "./model/session.js";

/** The number of waits in a row that end at once without progress: more of them are a busy loop. */
const FRUITLESS_MOST = 100;
const AT_ONCE_NS = 100_000;
/** Time in waits, without stalls. A delayed readiness may use up some of it. */
const STARVED_NS = 1_000_000_000;

export class Watchdog {
  #fruitless = 0;
  #readable: Session<ClientConnection>[] = [];
  #writable: Session<ClientConnection>[] = [];

  /** Notes progress: bytes were moved, or a descriptor was opened or closed. */
  progressed(): void {
    this.#fruitless = 0;
  }

  waits(sessions: Iterable<Session<ClientConnection>>, now: number): void {
    this.#fruitless++;
    if (this.#fruitless > FRUITLESS_MOST) {
      throw new OracleFailure("spin", `${FRUITLESS_MOST} waits over at once, and nothing done`);
    }
    this.#readable = [];
    this.#writable = [];
    for (const session of sessions) {
      const end = session.client.end;
      if (end === undefined) continue;
      const ready = end.revents();
      const reads =
        !session.ended && !session.isQueued && session.heldBackUntil < now && !session.isBehind;
      const isThere = (ready & Ready.IN) !== 0 || session.client.ahead.bytes > 0;
      if (reads && isThere) this.#readable.push(session);
      if ((ready & Ready.OUT) !== 0 && session.outbox.bytes > 0) this.#writable.push(session);
    }
  }

  /** Handles the end of a wait. @param waited the duration of the wait, in nanoseconds */
  woke(waited: number): void {
    if (waited > AT_ONCE_NS) this.#fruitless = 0;
    for (const session of this.#readable) {
      session.waitedReadable += waited;
      if (session.waitedReadable > STARVED_NS) throw starved(session, "has said something");
    }
    for (const session of this.#writable) {
      session.waitedWritable += waited;
      if (session.waitedWritable > STARVED_NS)
        throw starved(session, "can be sent what it is owed");
    }
  }
}

function starved(session: Session<ClientConnection>, what: string): OracleFailure {
  return new OracleFailure("starved", `${session.name} ${what}, and the module waits`);
}
