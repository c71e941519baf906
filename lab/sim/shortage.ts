/**
 * Worlds with scarce memory: some clients never read, and the messages exceed the limit of all
 * outboxes together. Which client must be closed depends on how chunks of memory are shared, so the
 * worlds do not predict it. They check invariants: the bytes queued for all, whether each close was
 * needed, and that clients that read miss nothing.
 */
import { runGuest } from "../../host/runtime/run.js";
import { VirtualKernel } from "../world/kernel.js";
import type { Peer } from "../world/peer.js";
import { Random } from "../world/random.js";
import type { Input } from "../world/stdio.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../world/world.js";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { OracleFailure } from "./failure.js";

const MOST_BYTES = 2 ** 20;
/**
 * The tolerance for memory: one chunk for each room, the chunk that is being written, and the
 * messages between two checks.
 */
const SLACK_BYTES = 5 * 65_536;
const LOOK_NS = 20 * MILLISECOND_NS;
const TALK_NS = 5 * MILLISECOND_NS;
const SECONDS = 4;
const OPTIONS = [
  ...["--style", "json", "--announce", "0", "--rate", "0", "--line-seconds", "0"],
  ...["--max-queued", "1", "--soft-limit", "67108864", "--hard-limit", "268435456"],
  ...["--soft-seconds", "3600", "--replay", "0", "--stop-at-eof"],
];
const CLIENT = /^(\S+) in (\S+), \d+ s, owed (\d+) bytes?$/gm;

interface SlowConsumer {
  peer: Peer;
  name: string;
  room: string;
  /** The bytes in its outbox at the last check. */
  owed: number;
  isGone: boolean;
}

export interface Shortage {
  failure: OracleFailure | undefined;
  /** The number of messages that were sent. */
  lines: number;
  /** The number of clients that were closed. */
  closed: number;
}

export function playShortage(seed: number, module: WasmModule): Shortage {
  const playing = new ShortWorld(seed);
  let failure: OracleFailure | undefined;
  try {
    playing.run(module);
  } catch (error) {
    if (!(error instanceof OracleFailure)) throw error;
    failure = error;
  }
  return { failure, lines: playing.lines, closed: playing.closed };
}

class ShortWorld {
  lines = 0;
  closed = 0;
  readonly #random: Random;
  readonly #world: World;
  readonly #listener;
  readonly #stdin: Input;
  readonly #stdout;
  readonly #slowConsumers: SlowConsumer[] = [];
  /** The clients that read, and the number of messages said in each room. */
  readonly #readers: { peer: Peer; room: string }[] = [];
  readonly #said = new Map<string, number>();
  #arrivals = 0;
  #shown = 0;

  constructor(seed: number) {
    this.#random = new Random(seed, 7);
    this.#world = new World({ seed });
    this.#listener = this.#world.listen();
    this.#stdin = this.#world.input("socket");
    this.#stdout = this.#world.output({ capacity: 2 ** 24 });
    for (let rooms = this.#random.between(2, 4); rooms > 0; rooms--) this.#fillRoom(`room${rooms}`);
    for (let at = LOOK_NS; at < SECONDS * SECOND_NS; at += LOOK_NS) {
      this.#world.at(SECOND_NS + at, () => {
        this.#look();
        this.#stdin.write("clients\n");
      });
    }
    this.#world.at((SECONDS + 4) * SECOND_NS, () => {
      this.#stdin.end();
    });
  }

  run(module: WasmModule): void {
    const [listeners, stderr] = [[this.#listener], this.#world.output()];
    const stdio = { stdin: this.#stdin, stdout: this.#stdout, stderr };
    const kernel = new VirtualKernel(this.#world, { dialect: "exact", listeners, ...stdio });
    const outcome = runGuest(module, kernel, { args: ["chat.wasm", ...OPTIONS] });
    if (outcome.kind !== "exit" || outcome.exitCode !== 0) {
      throw new OracleFailure("exit", JSON.stringify(outcome));
    }
    this.#world.settle(10 * SECOND_NS);
    for (const one of this.#readers) this.#checkHonest(one);
    for (const one of this.#slowConsumers) checkLastWords(one);
  }

  /** Fills a room: one client talks, one reads, and some do not read. */
  #fillRoom(room: string): void {
    const random = this.#random;
    const talker = this.#come(room);
    this.#readers.push({ peer: talker.peer, room }, { peer: this.#come(room).peer, room });
    for (let left = random.between(0, 3); left > 0; left--) {
      const { peer, name } = this.#come(room, 4096);
      this.#slowConsumers.push({ peer, name, room, owed: 0, isGone: false });
      this.#world.at(SECOND_NS, () => {
        peer.pause();
      });
    }
    const text = "x".repeat(random.between(100, 3000));
    const until = SECOND_NS + random.between(1, SECONDS - 1) * SECOND_NS;
    for (let at = SECOND_NS + MILLISECOND_NS; at < until; at += TALK_NS) {
      const count = (this.#said.get(room) ?? 0) + 1;
      this.#said.set(room, count);
      this.lines++;
      this.#world.at(at, () => talker.peer.write(`${count} ${text}\n`));
    }
  }

  #come(room: string, bytes = 262_144): { peer: Peer; name: string } {
    const name = `client-${++this.#arrivals}`;
    const streams = { inboxBytes: bytes, outboxBytes: bytes, latencyNs: 0 };
    const peer = this.#world.connect(this.#listener, streams);
    this.#world.at(this.#arrivals * MILLISECOND_NS, () => peer.write(`/join ${room}\n`));
    return { peer, name };
  }

  /** Reads the list of clients on the console since the last check. */
  #look(): void {
    const text = this.#stdout.text.slice(this.#shown);
    this.#shown += text.length;
    if (!text.includes("owed")) return;
    const owed = new Map<string, number>();
    for (const [, name = "", , bytes] of text.matchAll(CLIENT)) owed.set(name, Number(bytes));
    const before = this.#slowConsumers.filter(({ isGone }) => !isGone);
    const gone = before.filter(({ name }) => !owed.has(name));
    if (gone.length > 0) this.#checkClosed(gone, before);
    for (const one of before) {
      const bytes = owed.get(one.name);
      one.isGone = bytes === undefined;
      one.owed = bytes ?? 0;
      if (one.isGone) one.peer.resume();
    }
    const all = this.#heldFor(before);
    if (all <= MOST_BYTES + SLACK_BYTES) return;
    throw new OracleFailure("memory", `${all} bytes are owed to all, ${MOST_BYTES} may be`);
  }

  /** Returns the bytes held for these clients: those of one room share the same bytes. */
  #heldFor(some: readonly SlowConsumer[]): number {
    const rooms = new Map<string, number>();
    for (const { room, owed } of some) rooms.set(room, Math.max(owed, rooms.get(room) ?? 0));
    return [...rooms.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /**
   * Checks that the closed clients held the most, by their share of their room's bytes, and that
   * fewer would not have been enough.
   */
  #checkClosed(gone: readonly SlowConsumer[], before: readonly SlowConsumer[]): void {
    this.closed += gone.length;
    const held = this.#heldFor(before);
    if (held < MOST_BYTES - SLACK_BYTES) {
      throw new OracleFailure("memory", `closed, though only ${held} bytes were owed to all`);
    }
    const share = ({ room, owed }: SlowConsumer) =>
      owed / before.filter((other) => other.room === room).length;
    const least = Math.min(...gone.map(share));
    const spared = before.filter((one) => !gone.includes(one));
    const fatter = spared.find((one) => share(one) > least + SLACK_BYTES);
    if (fatter !== undefined) {
      const held = `${Math.round(share(fatter))} bytes were held for ${fatter.name}`;
      throw new OracleFailure("memory", `${held}, and one with ${Math.round(least)} was closed`);
    }
    // The memory of a room becomes free only when the last client that shares it is closed.
    const isNeeded = (one: SlowConsumer) =>
      this.#heldFor([...spared, one]) > MOST_BYTES - SLACK_BYTES;
    if (gone.some(isNeeded)) return;
    throw new OracleFailure("memory", `${gone.length} were closed, where fewer would have done`);
  }

  /** Checks that a reader got each message of its room once, in order. */
  #checkHonest({ peer, room }: { peer: Peer; room: string }): void {
    const lines = peer.text.split("\n").filter((line) => line.startsWith('{"type":"message"'));
    const numbers = lines.map((line) => parseInt((JSON.parse(line) as { text: string }).text));
    const count = this.#said.get(room) ?? 0;
    const wrong = numbers.findIndex((number, index) => number !== index + 1);
    if (wrong < 0 && numbers.length === count) return;
    throw new OracleFailure("delivery", `of ${count} lines in ${room}, ${numbers.length} came`);
  }
}

/** Checks that a closed client got its last line whole, and the reason. */
function checkLastWords({ peer, name, isGone }: SlowConsumer): void {
  if (!isGone) return;
  const lines = peer.text.split("\n").slice(0, -1);
  const objects = lines.map((line) => JSON.parse(line) as { type: string; reason?: string });
  const last = objects.at(-1);
  if (last?.type === "closed" && last.reason === "memory") return;
  throw new OracleFailure("close", `${name} was told ${String(lines.at(-1))}`);
}
