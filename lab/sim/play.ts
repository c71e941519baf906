/** Plays one world to its end, with all oracles. */
import { type RunOptions, runGuest } from "../../host/runtime/run.js";
import type { Outcome } from "../../host/runtime/outcome.js";
import { FutureEnd } from "../world/preview3/copying.js";
import { type Held, HandleTable } from "../world/preview3/handles.js";
import { Subtask } from "../world/preview3/subtask.js";
import { runComponent } from "../world/preview3/run.js";
import type { TraceHash } from "../../host/runtime/trace.js";
import { Random } from "../world/random.js";
import { Disk } from "../world/disk.js";
import { SECOND_NS, type World } from "../world/world.js";
import type { Output } from "../world/stdio.js";
import type { WasmMemory, WasmModule } from "../../host/runtime/webassembly.js";
import type { ObservedListener } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import type { FaultPlan } from "./fault_plan.js";
import { Guest } from "./guest.js";
import { PlayingIrc } from "./irc/play_irc.js";
import { Liveness } from "./liveness.js";
import { JournalContents } from "./model/journal.js";
import { Undecided } from "./model/names.js";
import { argumentsOf } from "./model/settings.js";
import { ObservedComponent } from "./observed_component.js";
import { type Hazards, ObservedKernel } from "./observed_kernel.js";
import type { Played, Watching } from "./played.js";
import { probeImports } from "./probes.js";
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
} from "./set_up.js";
import type { Workload } from "./workload.js";
import { DATA, dataArguments, isComponent, type WorldSpec } from "./spec.js";

/** The README promises a stop within a second; this allows twice as much. */
const STOP_NS = 2 * SECOND_NS;
const MEMORY_BASE_BYTES = 16 * 2 ** 20;

export function play(spec: WorldSpec, module: WasmModule, watching: Watching = {}): Played {
  const Kind = spec.irc === undefined ? Playing : PlayingIrc;
  const playing = new Kind(spec, module, watching);
  let failure: OracleFailure | undefined;
  let undecided: string | undefined;
  try {
    playing.run();
  } catch (error) {
    if (error instanceof OracleFailure) failure = error;
    else if (error instanceof Undecided) undecided = error.message;
    else throw error;
  }
  return { failure, undecided, ...playing.figures };
}

class Playing {
  readonly #world: World;
  readonly #listeners: ObservedListener[];
  readonly #workload: Workload;
  readonly #plan: FaultPlan;
  readonly #trace: TraceHash;
  readonly #guests: Guest[] = [];
  #guest: Guest | undefined;
  #kernel: ObservedKernel | undefined;
  #checked = false;
  #isOver = false;
  /** True if the guest was stopped by a kill, because stdin had ended. */
  #wasSignalled = false;
  readonly #liveness = new Liveness();
  /** The disk, which survives the guest. */
  #disk: Disk | undefined;
  /** The contents of the disk when the present life of the guest began. */
  #kept: JournalContents | undefined;
  readonly #losses: Random;

  constructor(
    private readonly spec: WorldSpec,
    private readonly module: WasmModule,
    private readonly watching: Watching,
  ) {
    const { world, listeners, trace, plan, workload } = setUp(spec, watching, () => this.#kernel);
    this.#world = world;
    this.#listeners = listeners;
    this.#trace = trace;
    this.#plan = plan;
    this.#workload = workload;
    if (spec.data !== "none") this.#disk = new Disk();
    this.#losses = new Random(spec.seed, 6);
    world.at(spec.calmAt + PROGRESS_NS, () => this.#endOfWorld());
  }

  get figures(): Omit<Played, "failure" | "undecided"> {
    const sum = (of: (guest: Guest) => number) =>
      this.#guests.reduce((total, guest) => total + of(guest), 0);
    return {
      hash: this.#trace.digest(),
      calls: this.#trace.calls,
      messages: sum((guest) => guest.model.server.lines),
      deliveries: sum((guest) => guest.model.server.deliveries),
      guests: this.#guests.length,
      faults: this.#plan.struck,
      virtualNs: this.#world.now,
    };
  }

  run(): void {
    while (this.#runOne()) {
      // The guest was killed: the next guest gets the same listeners.
    }
    this.#isOver = true;
    this.#world.advanceTo(this.#world.now + SETTLE_NS);
    this.#workload.checkArrived();
    const [guest, another] = this.#guests;
    if (another === undefined) this.#workload.checkBots(guest?.model.server.lobbyMessageIds ?? []);
    else if (this.#kept !== undefined) this.#workload.checkBots(this.#lobbyMessageIds(this.#kept));
    // Checks the disk as if another life began.
    this.#next();
  }

  /** Plays one life of the guest. @returns true if another life must follow */
  #runOne(): boolean {
    const { spec } = this;
    const { stdin, stdout, stderr } = this.#workload.stdio();
    const guest = this.#next();
    const dialect = isComponent(spec) ? "exact" : spec.dialect;
    const directories = this.#disk === undefined ? {} : { [DATA]: this.#disk };
    const listeners = this.#listeners;
    const host = { faults: this.#plan, callNs: spec.callNs, callsMost: CALLS_MOST };
    const options = { dialect, listeners, directories, stdin, stdout, stderr, ...host };
    const Kernel = isComponent(spec) ? ObservedComponent : ObservedKernel;
    const kernel = new Kernel(this.#world, options, guest, this.#hazards());
    this.#guest = guest;
    this.#guests.push(guest);
    this.#kernel = kernel;
    let memory: WasmMemory | undefined;
    const running = {
      args: ["chat.wasm", ...argumentsOf(spec.settings, spec.listeners), ...dataArguments(spec)],
      trace: this.#trace,
      imports: probeImports(this.module, kernel.probes),
      onStart: (started: WasmMemory) => {
        memory = started;
        kernel.attach(started);
        this.watching.onStart?.(started);
      },
    };
    const outcome =
      kernel instanceof ObservedComponent
        ? this.#runComponent(guest, kernel, running)
        : runGuest(this.module, kernel, running);
    this.#checkMemory(guest, memory?.buffer.byteLength ?? 0);
    if (wasEnded(outcome)) {
      if (spec.data === "power") this.#disk = this.#disk?.afterPowerLoss(this.#losses);
      return !this.#wasSignalled;
    }
    if (outcome.kind !== "exit" || outcome.exitCode !== 0) {
      throw exitFailure(outcome, stderr);
    }
    if (guest.model.stoppingSince === undefined) {
      throw new OracleFailure("exit", "it ended, and nobody had asked it to");
    }
    guest.console.shown.finish(isStuck(stdout));
    guest.model.log.written.finish(isStuck(stderr));
    if (this.#checked && kernel.leftOpen.length > STANDARD_FDS + Object.keys(directories).length) {
      throw new OracleFailure("descriptor", `open at the end: ${kernel.leftOpen.join(", ")}`);
    }
    return false;
  }

  /** Creates the next life from the disk. Its journal must be whole and hold what was promised. */
  #next(): Guest {
    const { settings } = this.spec;
    const kept = this.#disk && new JournalContents(this.#disk.files);
    kept?.checkWhole();
    const guest = new Guest(this.#world, this.#listeners, settings, isComponent(this.spec), kept);
    if (kept !== undefined) this.#guest?.model.server.durability.check(kept, guest.model.server);
    this.#kept = kept;
    return guest;
  }

  /** Returns the ids of the lobby's messages in the journal and in the last life. */
  #lobbyMessageIds(kept: JournalContents): number[] {
    const lines = kept.lines.filter(({ room }) => room === "lobby").map(({ id }) => Number(id));
    return [...lines, ...(this.#guest?.model.server.lobbyMessageIds ?? [])];
  }

  /** Runs a component, which opens its own listeners. It must drop all futures and ended timers. */
  #runComponent(guest: Guest, kernel: ObservedComponent, running: RunOptions): Outcome {
    const { places } = guest;
    const args = [...(running.args ?? []), ...listenArguments(places)];
    kernel.pace = drawnPace(this.spec, this.#guests.length);
    const handles = new HandleTable();
    const onStart = (memory: WasmMemory) => {
      running.onStart?.(memory);
    };
    const how = { ...running, args, places, handles, onStart };
    const outcome = runComponent(this.module, kernel, how);
    const isKept = (one: Held) =>
      one instanceof FutureEnd || (one instanceof Subtask && one.isDelivered);
    const kept = handles.all.filter(isKept);
    if (this.#checked && outcome.kind === "exit" && kept.length > 0) {
      throw new OracleFailure("descriptor", `${kept.length} handles were never given back`);
    }
    return outcome;
  }

  #hazards(): Hazards {
    const { dialect, kills, calmAt, abi = "p1" } = this.spec;
    return {
      kill: kills[this.#guests.length],
      killBefore: calmAt,
      onEvents: (events) => {
        // wasmtime reports events in a fixed order, which its dialect keeps.
        if (dialect === "exact" && abi === "p1") this.#plan.onEvents(events);
      },
    };
  }

  #checkMemory(guest: Guest, bytes: number): void {
    const { hardLimit, maxLine } = guest.model.server.limits.most;
    const each = 2 * (hardLimit + 4 * maxLine) + 8192;
    // Memory grows by doubling.
    const most = 2 * (MEMORY_BASE_BYTES + guest.connectionsMost * each);
    if (bytes > most) throw new OracleFailure("memory", `${bytes} bytes, ${most} at most`);
  }

  /**
   * Ends the world once nothing is in flight: output that is still due at that time never arrives.
   * The console quits.
   */
  #endOfWorld(): void {
    const guest = this.#guest;
    if (guest === undefined || this.#isOver) return;
    if (this.#liveness.isMoving(guest.model.sessions.values())) {
      this.#world.after(PROGRESS_NS, () => this.#endOfWorld());
      return;
    }
    const waiting = this.#listeners.reduce((sum, { unseen }) => sum + unseen, 0);
    const isStopping = guest.model.stoppingSince !== undefined;
    if (waiting > 0 && !isStopping)
      throw new OracleFailure("liveness", `${waiting} were never accepted`);
    this.#checked = true;
    const kernel = this.#kernel;
    if (!this.#workload.quit()) {
      this.#wasSignalled = true;
      kernel?.kill();
      return;
    }
    this.#world.after(STOP_NS, () => kernel?.kill("out of time", "it does not stop"));
  }
}

/** Returns true if the output is not read, so that the last text may be missing. */
function isStuck(output: Output): boolean {
  return output.isClosed || !output.isReady;
}
