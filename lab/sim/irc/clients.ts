/** The clients of a world with IRC: their input, their output, and the invariants at rest. */
import type { ClientConnection } from "../client_connection.js";
import { OracleFailure } from "../failure.js";
import type { WorldSpec } from "../spec.js";
import type { ConnectionWatcher } from "../workload.js";
import { END_TOKEN } from "./behaviours.js";
import { IrcClient } from "./client.js";
import { type Hearing, Messages } from "./hearing.js";
import { TextClient } from "./text_client.js";

/** A connection with its client, which speaks IRC or another protocol. */
interface Heard {
  connection: ClientConnection;
  number: number;
  irc: IrcClient | undefined;
  text: TextClient | undefined;
  isAccepted: boolean;
}

export class Clients implements ConnectionWatcher {
  readonly #all = new Map<ClientConnection, Heard>();
  /** The messages of each life of the server. */
  readonly #lives: Messages[] = [];
  /** The bytes that clients have written before the server accepted them. */
  readonly #early = new Map<ClientConnection, Uint8Array[]>();

  constructor(private readonly spec: WorldSpec) {}

  get messages(): number {
    return this.#lives.reduce((sum, { count }) => sum + count, 0);
  }

  get deliveries(): number {
    return this.#lives.reduce((sum, { deliveries }) => sum + deliveries, 0);
  }

  /**
   * The bytes that were moved so far, and those that wait. If both are the same at two checks, the
   * world is at rest.
   */
  get moved(): number {
    let sum = 0;
    for (const { peer } of this.#all.keys()) {
      sum += (peer?.receivedBytes ?? 0) + (peer?.unsentBytes ?? 0);
    }
    return sum;
  }

  /** Handles the start of a life of the server. */
  begin(): void {
    this.#lives.push(new Messages());
  }

  connected(connection: ClientConnection, number: number): void {
    const { irc = 0, listeners } = this.spec;
    const isIrc = ((irc >> (number % listeners)) & 1) === 1;
    const heard = { connection, number, isAccepted: false };
    this.#all.set(connection, { ...heard, irc: undefined, text: undefined });
    const { peer } = connection;
    if (peer === undefined) return;
    peer.keeps = false;
    peer.onData = (bytes) => {
      const one = this.#all.get(connection);
      one?.irc?.hear(bytes);
      one?.text?.hear(bytes);
    };
    if (isIrc) this.#early.set(connection, []);
  }

  wrote(connection: ClientConnection, bytes: Uint8Array): void {
    const { irc } = this.#all.get(connection) ?? {};
    if (irc !== undefined) irc.wrote(bytes);
    else this.#early.get(connection)?.push(bytes);
  }

  /** Handles a connection that the server of the present life has accepted. */
  accepted(connection: ClientConnection): void {
    const heard = this.#all.get(connection);
    const messages = this.#lives.at(-1);
    if (heard === undefined || messages === undefined) return;
    heard.isAccepted = true;
    const name = `client ${heard.number}`;
    const hearing: Hearing = messages.hearing(heard.number, name);
    const early = this.#early.get(connection);
    const { isRandom } = this.spec;
    if (early === undefined && isRandom === true) return;
    if (early === undefined) {
      heard.text = new TextClient(hearing, messages.lineHearing(heard.number, name));
      return;
    }
    heard.irc = new IrcClient(name, hearing, isRandom);
    heard.irc.answer = (line) => connection.peer?.write(line);
    for (const bytes of early) heard.irc.wrote(bytes);
    this.#early.delete(connection);
  }

  /** @param isAtRest true once nothing moves any more @throws {OracleFailure} */
  check(isAtRest: boolean): void {
    if (isAtRest) for (const heard of this.#all.values()) this.#checkAtRest(heard);
    this.#lives.forEach((messages, life) => {
      messages.check(isAtRest && life === this.#lives.length - 1);
    });
  }

  #checkAtRest({ connection, irc, text, number, isAccepted }: Heard): void {
    const { peer, broken } = connection;
    if (peer === undefined) return;
    if (broken || peer.state !== "connected" || peer.ended) {
      irc?.hearing.ends();
      text?.hearing.ends();
      return;
    }
    const fail = (what: string) => new OracleFailure("liveness", `client ${number}: ${what}`);
    if (!isAccepted) throw fail("it was never accepted");
    if (peer.unsentBytes > 0) throw fail(`${peer.unsentBytes} bytes were never read from it`);
    if (irc === undefined || irc.isClosing) return;
    irc.checkAtRest();
    if (irc.nick !== "" && irc.lastPong !== END_TOKEN) {
      throw fail(`its last PING was never answered; ${irc.lastPong || "nothing"} was`);
    }
  }
}
