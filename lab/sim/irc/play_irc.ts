/**
 * Plays a world in which clients speak IRC. It has no model of each byte: it checks invariants of
 * what each client hears, alone and beside the other clients.
 */
import { runGuest } from "../../../host/runtime/run.js";
import type { Outcome } from "../../../host/runtime/outcome.js";
import { TraceHash } from "../../../host/runtime/trace.js";
import type { WasmMemory, WasmModule } from "../../../host/runtime/webassembly.js";
import { DrawnPace } from "../../world/preview3/pace.js";
import { runComponent } from "../../world/preview3/run.js";
import { Random } from "../../world/random.js";
import { SECOND_NS, World } from "../../world/world.js";
import { ObservedListener } from "../client_connection.js";
import { OracleFailure } from "../failure.js";
import { FaultPlan, TRAP } from "../fault_plan.js";
import { argumentsOf } from "../model/settings.js";
import { type Played, tracing, type Watching } from "../played.js";
import { probeImports } from "../probes.js";
import { isComponent, type WorldSpec } from "../spec.js";
import { Workload } from "../workload.js";
import { Clients } from "./clients.js";
import { IrcKernel } from "./kernel.js";

/** The time after the last fault in which all answers must come, and then between two checks. */
const REST_NS = 15 * SECOND_NS;
const STOP_NS = 3 * SECOND_NS;
const SETTLE_NS = 60 * SECOND_NS;
const CALLS_MOST = 20_000_000;
const MEMORY_BYTES_MOST = 64 * 2 ** 20;
const STANDARD_FDS = 3;
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
    const world = new World({ seed: spec.seed });
    this.#world = world;
    this.#listeners = Array.from({ length: spec.listeners }, () => new ObservedListener());
    this.#trace = tracing(world, watching.tell);
    this.#plan = new FaultPlan(spec.faults, new Random(spec.seed, 2), world, (fd) => {
      const connection = this.#kernel?.connectionOf(fd);
      if (connection !== undefined) connection.broken = true;
    });
    this.#clients = new Clients(spec);
    this.#workload = new Workload(
      world,
      this.#listeners,
      spec,
      () => this.#kernel?.kill(),
      this.#clients,
    );
    this.#workload.schedule();
    world.at(spec.calmAt, () => {
      this.#plan.calmDown();
      this.#workload.resumeAll();
    });
    world.at(spec.calmAt + REST_NS, () => this.#rest(-1));
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
      // The guest was killed: the next one takes over the listeners.
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
    const said = stderr.text.split("\n").slice(-3).join(" ");
    if (outcome.kind !== "exit" || outcome.exitCode !== 0 || !this.#wasAsked) {
      throw new OracleFailure("exit", `${JSON.stringify(outcome)} ${said}`);
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
    const { seed, faults } = this.spec;
    kernel.pace = new DrawnPace(new Random(seed, 8 + this.#guests), faults.order === undefined);
    const args = [...running.args, ...places.flatMap((place) => ["--listen", place])];
    return runComponent(this.module, kernel, { ...running, args, places });
  }

  /** Ends the world once nothing moves any more. @param moved the bytes moved at the last look */
  #rest(moved: number): void {
    if (this.#isOver) return;
    const now = this.#clients.moved;
    if (now !== moved) {
      this.#world.after(REST_NS, () => this.#rest(now));
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

function wasEnded(outcome: Outcome): boolean {
  if (outcome.kind === "trap") return outcome.trap === TRAP;
  return outcome.kind === "stopped" && outcome.reason === "killed";
}
