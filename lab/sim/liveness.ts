/**
 * The liveness oracle: once faults have ended, every client must make progress, maybe slowly, until
 * all its bytes are delivered.
 */
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import type { Session } from "./model/session.js";

interface Progress {
  /** Bytes that the client has yet to receive. */
  due: number;
  /** Bytes of the client that the guest has not read. */
  unread: number;
  /** Bytes that the client has received. */
  arrived: number;
  /** Lines of the client that the guest has handled. */
  lines: number;
}

const NO_PROGRESS: Progress = { due: 1, unread: Infinity, arrived: -1, lines: -1 };

export class Liveness {
  readonly #before = new Map<ClientConnection, Progress>();

  /**
   * Compares each client with its state at the last call.
   *
   * @returns true if bytes are still due or unread
   * @throws {OracleFailure} if a client has made no progress since the last call
   */
  isMoving(sessions: Iterable<Session<ClientConnection>>): boolean {
    let moving = false;
    for (const session of sessions) if (this.#moves(session)) moving = true;
    return moving;
  }

  #moves(session: Session<ClientConnection>): boolean {
    const { name, outbox, client, isQueued, isBehind, linesOfTurn } = session;
    const { end, peer, transit, broken } = client;
    client.compareArrived();
    const unread = client.ahead.bytes + (end?.readableBytes() ?? 0) + (peer?.unsentBytes ?? 0);
    const due = outbox.bytes + (broken ? 0 : transit.bytes);
    const now = { due, unread, arrived: peer?.receivedBytes ?? 0, lines: linesOfTurn };
    const before = this.#before.get(client) ?? NO_PROGRESS;
    this.#before.set(client, now);
    const isUnheard =
      !isBehind && unread > 0 && unread >= before.unread && before.lines === now.lines;
    const isStuck = due > 0 && before.due > 0 && now.arrived === before.arrived;
    if (!isUnheard && !isStuck) return due + unread > 0 || isQueued;
    const left = `${due} bytes due to it, ${unread} not taken from it`;
    throw new OracleFailure("liveness", `${name}: ${left}, and nothing moves`);
  }
}
