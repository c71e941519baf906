/**
 * Whether the module turns in a circle, or sleeps while somebody wants something of it. Both are
 * seen from its waits alone.
 */
import { Ready } from "../../host/runtime/table/descriptor.js";
import type { Door } from "./door.js";
import { OracleFailure } from "./failure.js";
import type { Member } from "./model/member.js";

/** So many waits, each over at once and followed by nothing, are a circle. */
const FRUITLESS_MOST = 100;
const AT_ONCE_NS = 100_000;
/** Of waiting, not of stalls. A delayed readiness may take some of it. */
const STARVED_NS = 1_000_000_000;

export class Watchdog {
  #fruitless = 0;
  #readable: Member<Door>[] = [];
  #writable: Member<Door>[] = [];

  /** Bytes were moved, or a descriptor came or went. */
  progressed(): void {
    this.#fruitless = 0;
  }

  waits(members: Iterable<Member<Door>>, now: number): void {
    this.#fruitless++;
    if (this.#fruitless > FRUITLESS_MOST) {
      throw new OracleFailure("spin", `${FRUITLESS_MOST} waits over at once, and nothing done`);
    }
    this.#readable = [];
    this.#writable = [];
    for (const member of members) {
      const end = member.client.end;
      if (end === undefined) continue;
      const ready = end.revents();
      const reads = !member.ended && !member.isQueued && member.restUntil < now;
      const isThere = (ready & Ready.IN) !== 0 || member.client.ahead.bytes > 0;
      if (reads && isThere) this.#readable.push(member);
      if ((ready & Ready.OUT) !== 0 && member.owed.bytes > 0) this.#writable.push(member);
    }
  }

  /** @param waited for so many nanoseconds */
  woke(waited: number): void {
    if (waited > AT_ONCE_NS) this.#fruitless = 0;
    for (const member of this.#readable) {
      member.waitedReadable += waited;
      if (member.waitedReadable > STARVED_NS) throw starved(member, "has said something");
    }
    for (const member of this.#writable) {
      member.waitedWritable += waited;
      if (member.waitedWritable > STARVED_NS) throw starved(member, "can be sent what it is owed");
    }
  }
}

function starved(member: Member<Door>, what: string): OracleFailure {
  return new OracleFailure("starved", `${member.name} ${what}, and the module waits`);
}
