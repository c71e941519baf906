/** Whether, once no fault strikes any more, everybody gets what is due, however slowly. */
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import type { Session } from "./model/session.js";

interface Progress {
  /** Bytes that it has yet to get. */
  due: number;
  /** Bytes that the module has not taken from it. */
  unread: number;
  /** Bytes that it has got. */
  arrived: number;
  /** Lines of its that the module has dealt with. */
  lines: number;
}

const NO_PROGRESS: Progress = { due: 1, unread: Infinity, arrived: -1, lines: -1 };

export class Liveness {
  readonly #before = new Map<ClientConnection, Progress>();

  /**
   * To be asked now and then.
   *
   * @returns whether something is still on its way
   * @throws if for somebody nothing has moved since the last time
   */
  isMoving(sessions: Iterable<Session<ClientConnection>>): boolean {
    let moving = false;
    for (const session of sessions) if (this.#moves(session)) moving = true;
    return moving;
  }

  #moves({ name, outbox, client, isQueued, linesOfTurn }: Session<ClientConnection>): boolean {
    const { end, peer, transit, broken } = client;
    client.compareArrived();
    const unread = client.ahead.bytes + (end?.readableBytes() ?? 0) + (peer?.unsentBytes ?? 0);
    const due = outbox.bytes + (broken ? 0 : transit.bytes);
    const now = { due, unread, arrived: peer?.receivedBytes ?? 0, lines: linesOfTurn };
    const before = this.#before.get(client) ?? NO_PROGRESS;
    this.#before.set(client, now);
    const isUnheard = unread > 0 && unread >= before.unread && before.lines === now.lines;
    const isStuck = due > 0 && before.due > 0 && now.arrived === before.arrived;
    if (!isUnheard && !isStuck) return due + unread > 0 || isQueued;
    const left = `${due} bytes due to it, ${unread} not taken from it`;
    throw new OracleFailure("liveness", `${name}: ${left}, and nothing moves`);
  }
}
