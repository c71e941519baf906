/**
 * Records one run of a shipped module in its own world, from the start. The recording is a function
 * of the script: Node and a page give the same calls and the same hash.
 */
import { copyOf } from "../../host/runtime/table/byte_queue.js";
import { runGuest } from "../../host/runtime/run.js";
import { TraceHash } from "../../host/runtime/trace.js";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import type { Peer } from "../world/peer.js";
import type { StreamEnd } from "../world/stream.js";
import type { Frame, FrameReader } from "./frames.js";
import type { Call } from "./calls.js";
import type { Counters, Happening, Moment, Recording, Role } from "./moment.js";
import { argumentsOf, CALL_NS, stageOf, type Stage } from "./play.js";
import { RecordingKernel } from "./recording_kernel.js";
import { isIdleAsk, roleOf, samePoll } from "./roles.js";
import { clientsOf, type Act, type Script } from "./script.js";

/**
 * The most calls in a row that move no bytes after the last scheduled event. A guest with more of
 * them spins, and is stopped.
 */
const IDLE_CALLS_MOST = 60;
/** The most calls of one recording. */
export const CALLS_MOST = 40_000;
const STACK_FRAMES = 20;

export interface RecordOptions {
  /** Reads the stacks; without it, moments have no frames. */
  frames?: FrameReader | undefined;
  /** An earlier recording, whose frames are reused where this one is still the same. */
  known?: Recording | undefined;
}

/**
 * Records a run.
 *
 * @throws {Error} for mistakes that are not the guest's: a module with other imports, an error in a
 *   kernel
 */
export function record(module: WasmModule, script: Script, options: RecordOptions = {}): Recording {
  return new Recorder(script, options).run(module);
}

/** One client, from both sides. */
class Connection {
  end: StreamEnd | undefined;
  fd = -1;
  written = 0;
  read = 0;
  sent = 0;
  readonly inbound: Uint8Array[] = [];
  readonly outbound: Uint8Array[] = [];

  counters(peer: Peer | undefined): Counters {
    const arrived = Math.min(this.read + (this.end?.readableBytes() ?? 0), this.written);
    const { written, read, sent } = this;
    return { written, arrived, read, sent, received: peer?.receivedBytes ?? 0 };
  }
}

class Recorder {
  readonly #stage: Stage;
  readonly #kernel: RecordingKernel;
  readonly #connections: Connection[];
  readonly #trace = new TraceHash();
  readonly #moments: Moment[] = [];
  /** The frames of the earlier recording, by kind and by the hash of all calls so far. */
  readonly #known = new Map<string, Frame[]>();
  #waits = 0;
  #idle = 0;
  #spins = false;
  #asleep = false;
  /** The role of the last call. */
  #role: Role = "other";
  #logged = 0;

  constructor(
    private readonly script: Script,
    private readonly options: RecordOptions,
  ) {
    this.#connections = Array.from({ length: clientsOf(script) }, () => new Connection());
    this.#stage = stageOf(script, {
      acted: (act) => this.#acted(act),
      connected: (client, end) => this.#connected(client, end),
    });
    const { world, listener, stdin, stdout, stderr } = this.#stage;
    const streams = { stdin, stdout, stderr };
    const limits = { callNs: CALL_NS, callsMost: CALLS_MOST };
    this.#kernel = new RecordingKernel(world, {
      ...{ dialect: script.host, listeners: [listener] },
      ...streams,
      ...limits,
    });
    this.#kernel.onSleep = () => this.#sleeps();
    stderr.onData = (bytes) => (this.#logged += bytes.length);
    for (const { kind, hash, frames } of options.known?.moments ?? [])
      if (frames !== undefined) this.#known.set(kind + hash, frames);
  }

  run(module: WasmModule): Recording {
    const end = this.#trace.end.bind(this.#trace);
    this.#trace.end = (call, errno) => {
      end(call, errno);
      if (errno >= 0) this.#returned(Math.abs(errno));
    };
    const engine = Error as unknown as { stackTraceLimit?: number };
    const limit = engine.stackTraceLimit;
    engine.stackTraceLimit = STACK_FRAMES;
    let outcome;
    try {
      const options = { args: argumentsOf(this.script), trace: this.#trace };
      outcome = runGuest(module, this.#kernel, options);
    } finally {
      if (limit !== undefined) engine.stackTraceLimit = limit;
    }
    const last = this.#moments.at(-1);
    if (this.#spins) this.#add({ kind: "stop", ...(last ? stateOf(last) : {}) });
    return {
      ...{ script: this.script, moments: this.#moments, outcome, spins: this.#spins },
      ...{ hash: this.#trace.digest(), calls: this.#trace.calls, now: this.#stage.world.now },
      inbound: this.#connections.map(({ inbound }) => copyOf(inbound, Infinity)),
      outbound: this.#connections.map(({ outbound }) => copyOf(outbound, Infinity)),
      log: this.#stage.stderr.text,
    };
  }

  #add(moment: Partial<Moment> & Pick<Moment, "kind">): void {
    const { world, listener, peers } = this.#stage;
    this.#moments.push({
      ...{ n: this.#moments.length, at: world.now, calls: this.#trace.calls, waits: this.#waits },
      ...{ hash: this.#trace.digest(), repeat: 1, asleep: this.#asleep, logged: this.#logged },
      counters: this.#connections.map((one, client) => one.counters(peers[client])),
      fds: this.#connections.map(({ fd }) => fd),
      queued: listener.waitingCount,
      open: this.#kernel.openFds,
      ...moment,
    });
  }

  #happened(what: Happening["what"], client: number, text = ""): void {
    this.#add({ kind: "world", happening: { what, client, text } });
  }

  #connected(client: number, end: StreamEnd): void {
    const connection = this.#connections[client];
    if (connection === undefined) return;
    connection.end = end;
    end.onArrival = () => this.#happened("arrived", client);
    // The peer is only known after it has connected, which happens after this callback.
    this.#stage.world.after(0, () => {
      const peer = this.#stage.peers[client];
      if (peer === undefined) return;
      const decoder = new TextDecoder();
      peer.onData = (bytes) => this.#happened("received", client, decoder.decode(bytes));
      peer.onEnd = () => this.#happened("ended", client);
    });
  }

  #acted({ does, client, text }: Act): void {
    const connection = this.#connections[client];
    if (does === "write" && connection !== undefined) {
      const bytes = new TextEncoder().encode(text);
      connection.inbound.push(bytes);
      connection.written += bytes.length;
    }
    this.#happened(does, does === "console" ? -1 : client, text);
  }

  #sleeps(): void {
    this.#asleep = true;
    const call = structuredClone(this.#kernel.notes.call);
    this.#add({ kind: "sleep", call, role: "wait", frames: this.#frames("sleep") });
  }

  #returned(errno: number): void {
    const { call } = this.#kernel.notes;
    this.#asleep = false;
    this.#follow(call);
    const role = roleOf(call, this.#role);
    this.#role = role;
    const last = this.#moments.at(-1);
    const isAgain =
      last?.kind === "call" &&
      (samePoll(last, call, errno) ||
        (isIdleAsk(last.call, last.errno) && role === "other") ||
        (isIdleAsk(last.call, last.errno) && isIdleAsk(call, errno)));
    if (role === "wait") this.#waits++;
    if (!isAgain) {
      this.#add({ kind: "call", call, errno, role, frames: this.#frames("call") });
    } else {
      if (role !== "other") last.repeat++;
      const [calls, hash] = [this.#trace.calls, this.#trace.digest()];
      Object.assign(last, { calls, hash, waits: this.#waits, at: this.#stage.world.now });
    }
    this.#stopIfIdle(call);
  }

  /** Adds the bytes that a call has moved to its connection. */
  #follow(call: Call): void {
    const { name, fd = -1, moved, peeks, bytes } = call;
    if (name === "sock_accept" && moved > 0) {
      const end = this.#kernel.behind(moved);
      const accepted = this.#connections.find((one) => one.end === end);
      if (accepted !== undefined) accepted.fd = moved;
      return;
    }
    const connection = this.#connections.find((one) => one.fd === fd);
    if (connection === undefined) return;
    if (name === "fd_close") connection.fd = -1;
    if (name === "sock_recv" && !peeks) connection.read += moved;
    if (name === "sock_send") connection.sent += moved;
    if (name === "sock_send" && bytes !== undefined) connection.outbound.push(bytes);
  }

  #stopIfIdle(call: Call): void {
    const works = call.moved > 0 && call.name.startsWith("sock_");
    const waits = (call.poll?.waited ?? 0) > 0 || this.#stage.world.nextAt !== Infinity;
    this.#idle = works || waits ? 0 : this.#idle + 1;
    if (this.#idle < IDLE_CALLS_MOST) return;
    this.#spins = true;
    this.#kernel.kill("out of time", "it spins");
  }

  #frames(kind: Moment["kind"]): Frame[] {
    const { frames } = this.options;
    if (frames === undefined) return [];
    const known = this.#known.get(kind + this.#trace.digest());
    return known ?? frames.read(new Error().stack ?? "");
  }
}

/** Returns the state to keep at a stop: by then the kernel has closed everything. */
function stateOf({ fds, open, counters, queued }: Moment): Partial<Moment> {
  return { fds, open, counters, queued };
}
