/**
 * Plays a world in which clients speak IRC. It has no model of each byte. It checks invariants of
 * the lines that each client receives, and compares the clients with each other.
 */
import { runGuest } from "../../../host/runtime/run.js";
import type { Outcome } from "../../../host/runtime/outcome.js";
import type { TraceHash } from "../../../host/runtime/trace.js";
import type { WasmMemory, WasmModule } from "../../../host/runtime/webassembly.js";
import { runComponent } from "../../world/preview3/run.js";
import { SECOND_NS, type World } from "../../world/world.js";
import type { ObservedListener } from "../client_connection.js";
import { OracleFailure } from "../failure.js";
import type { FaultPlan } from "../fault_plan.js";
import { argumentsOf } from "../model/settings.js";
import type { Played, Watching } from "../played.js";
import { probeImports } from "../probes.js";
import { isComponent, type WorldSpec } from "../spec.js";
import {
  CALLS_MOST,
  drawnPace,
  exitFailure,
  listenArguments,
  PROGRESS_NS,
  SETTLE_NS,
  setUp,
  STANDARD_FDS,
  wasEnded,
} from "../set_up.js";
import type { Workload } from "../workload.js";
import { Clients } from "./clients.js";
import { IrcKernel } from "./kernel.js";

const STOP_NS = 3 * SECOND_NS;
const MEMORY_BYTES_MOST = 64 * 2 ** 20;
const FIRST_PORT = 9001;

type Figures = Omit<Played, "failure" | "undecided">;

export class PlayingIrc {
  readonly #world: World;
  readonly #listeners: ObservedListener[];
  readonly #workload: Workload;
  readonly #clients: Clients;
  readonly #plan: FaultPlan;
  readonly #trace: TraceHash;
  #kernel: IrcKernel | undefined;
  #guests = 0;
  #isOver = false;
  #wasAsked = false;

  constructor(
    private readonly spec: WorldSpec,
    private readonly module: WasmModule,
    private readonly watching: Watching,
  ) {
    this.#clients = new Clients(spec);
    const parts = setUp(spec, watching, () => this.#kernel, this.#clients);
    const { world, listeners, trace, plan, workload } = parts;
    this.#world = world;
    this.#listeners = listeners;
    this.#trace = trace;
    this.#plan = plan;
    this.#workload = workload;
    world.at(spec.calmAt + PROGRESS_NS, () => this.#rest(-1));
  }

  get figures(): Figures {
    return {
      ...{ hash: this.#trace.digest(), calls: this.#trace.calls, guests: this.#guests },
      ...{ messages: this.#clients.messages, deliveries: this.#clients.deliveries },
      ...{ faults: this.#plan.struck, virtualNs: this.#world.now },
    };
  }

  run(): void {
    while (this.#runOne()) {
      // The guest was killed: the next guest gets the same listeners.
    }
    this.#isOver = true;
    this.#world.advanceTo(this.#world.now + SETTLE_NS);
    this.#clients.check(false);
  }

  /** Plays one life of the guest. @returns true if another life must follow */
  #runOne(): boolean {
    const { spec, module } = this;
    const { stdin, stdout, stderr } = this.#workload.stdio();
    this.#clients.begin();
    const kernel = new IrcKernel(this.#world, {
      dialect: isComponent(spec) ? "exact" : spec.dialect,
      listeners: this.#listeners,
      ...{ stdin, stdout, stderr, faults: this.#plan, callNs: spec.callNs, callsMost: CALLS_MOST },
      ...{ kill: spec.kills[this.#guests], killBefore: spec.calmAt },
      onAccept: (connection) => {
        this.#clients.accepted(connection);
      },
    });
    this.#kernel = kernel;
    this.#guests++;
    let memory: WasmMemory | undefined;
    const running = {
      args: ["chat.wasm", ...argumentsOf(spec.settings, spec.listeners), ...ircArguments(spec)],
      trace: this.#trace,
      imports: probeImports(module, {}),
      onStart: (started: WasmMemory) => {
        memory = started;
        this.watching.onStart?.(started);
      },
    };
    const outcome = isComponent(spec)
      ? this.#runComponent(kernel, running)
      : runGuest(module, kernel, running);
    if (wasEnded(outcome)) return true;
    if (outcome.kind !== "exit" || outcome.exitCode !== 0 || !this.#wasAsked) {
      throw exitFailure(outcome, stderr);
    }
    if (kernel.leftOpen.length > STANDARD_FDS) {
      throw new OracleFailure("descriptor", `open at the end: ${kernel.leftOpen.join(", ")}`);
    }
    const bytes = memory?.buffer.byteLength ?? 0;
    if (bytes > MEMORY_BYTES_MOST) throw new OracleFailure("memory", `${bytes} bytes`);
    return false;
  }

  #runComponent(
    kernel: IrcKernel,
    running: Parameters<typeof runGuest>[2] & { args: string[] },
  ): Outcome {
    const places = this.#listeners.map((_, at) => `127.0.0.1:${FIRST_PORT + at}`);
    kernel.pace = drawnPace(this.spec, this.#guests);
    const args = [...running.args, ...listenArguments(places)];
    return runComponent(this.module, kernel, { ...running, args, places });
  }

  /** Ends the world once nothing moves any more. @param moved the bytes moved at the last look */
  #rest(moved: number): void {
    if (this.#isOver) return;
    const now = this.#clients.moved;
    if (now !== moved) {
      this.#world.after(PROGRESS_NS, () => this.#rest(now));
      return;
    }
    this.#clients.check(true);
    this.#wasAsked = true;
    const kernel = this.#kernel;
    if (!this.#workload.quit()) throw new Error("stdin has ended");
    this.#world.after(STOP_NS, () => kernel?.kill("out of time", "it does not stop"));
  }
}

function ircArguments({ irc = 0, listeners }: WorldSpec): string[] {
  const numbers = [...Array(listeners).keys()].filter((one) => ((irc >> one) & 1) === 1);
  return numbers.length === 0 ? [] : ["--irc", numbers.map((one) => one + 1).join(",")];
}
