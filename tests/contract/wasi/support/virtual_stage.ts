/** Plays a scene on the virtual kernel: the world advances while the guest waits for a command. */
import { runGuest } from "../../../../host/runtime/run.js";
import { TraceHash } from "../../../../host/runtime/trace.js";
import { Disk } from "../../../../lab/world/disk.js";
import { VirtualKernel } from "../../../../lab/world/kernel.js";
import type { Listener } from "../../../../lab/world/listener.js";
import type { Peer } from "../../../../lab/world/peer.js";
import type { Dialect } from "../../../../host/runtime/table/readiness.js";
import type { StreamOptions } from "../../../../lab/world/stream.js";
import { MILLISECOND_NS, World } from "../../../../lab/world/world.js";
import { Playing, type PeerAct, type Scene, type Step } from "./scene.js";

/** Asking again is for real kernels; here a second answer is as good as a hundredth. */
const ASK_TIMES = 3;
const SETTLE_NS = 10 * MILLISECOND_NS;

export interface Played {
  transcript: string[];
  ending: string;
  /** The trap that ended the guest, if a component's host ended it. */
  trap?: string;
  hash: string;
}

export class VirtualStage {
  readonly world = new World({ seed: 1 });
  readonly listener: Listener = this.world.listen();
  readonly stdin = this.world.input("socket");
  readonly stdout = this.world.output();
  readonly stderr = this.world.output();
  readonly #playing: Playing;
  readonly #peers = new Map<string, Peer>();
  #asked: { command: string; until: (answer: string) => boolean; times: number } | undefined;
  #heardLines = 0;

  constructor(
    scene: Scene,
    private readonly streams: Partial<StreamOptions> = {},
  ) {
    this.#playing = new Playing(scene);
    this.stdin.onWait = () => this.#guestWaits();
  }

  get transcript(): string[] {
    return this.#playing.transcript;
  }

  #guestWaits(): void {
    let answer = "";
    if (this.#asked !== undefined) {
      const { command, until, times } = this.#asked;
      answer = this.#lastLine(command);
      if (!until(answer) && times < ASK_TIMES) {
        this.#ask(command, until, times + 1);
        return;
      }
      answer = this.#playing.saw(command, answer);
      this.#asked = undefined;
    }
    for (;;) {
      const step = this.#playing.next(answer);
      if (step === undefined) {
        this.stdin.end();
        return;
      }
      if (step.step === "ask") {
        this.#ask(step.command, step.until ?? (() => true), 1);
        return;
      }
      answer = this.#play(step);
      this.world.advanceTo(this.world.now + SETTLE_NS);
    }
  }

  #ask(command: string, until: (answer: string) => boolean, times: number): void {
    this.#asked = { command, until, times };
    this.stdin.write(`${command}\n`);
  }

  #lastLine(command: string): string {
    const lines = this.stdout.text.split("\n").slice(0, -1);
    const line = lines[this.#heardLines];
    this.#heardLines++;
    if (line === undefined) throw new Error(`the guest did not answer "${command}"`);
    return line;
  }

  #play(step: Exclude<Step, { step: "ask" }>): string {
    if (step.step === "connect") {
      const peer = this.world.connect(this.listener, this.streams);
      peer.endsWithGuest = false;
      this.#peers.set(step.peer, peer);
      return "";
    }
    const peer = this.#peers.get(step.peer);
    if (peer === undefined) throw new Error(`there is no peer ${step.peer}`);
    if (step.step === "act") {
      const run = () => act(peer, step.act, step.text);
      if (step.afterMs === 0) run();
      else this.world.after(step.afterMs * MILLISECOND_NS + SETTLE_NS, run);
      return "";
    }
    if (step.step === "heard") {
      const enough = peer.receivedBytes >= step.bytes;
      if (!enough) throw new Error(`${step.peer} heard ${peer.receivedBytes} bytes only`);
      return this.#playing.saw(`heard ${step.peer}`, peer.text.slice(0, 100));
    }
    const ending = peer.wasReset ? "reset" : peer.ended ? "end" : "not over";
    return this.#playing.saw(`over ${step.peer}`, ending);
  }
}

function act(peer: Peer, what: PeerAct, text: string): void {
  if (what === "write") peer.write(text);
  else peer[what]();
}

export function playVirtually(
  scene: Scene,
  module: WebAssembly.Module,
  dialect: Dialect = "wasmtime-36",
): Played {
  const stage = new VirtualStage(scene);
  const { world, listener, stdin, stdout, stderr } = stage;
  const kernel = new VirtualKernel(world, {
    ...{ dialect, listeners: [listener], stdin, stdout, stderr },
    ...(scene.directory === true ? { directories: { data: new Disk() } } : {}),
  });
  const trace = new TraceHash();
  // wasmtime tells its guest of the listeners as it was told itself.
  const env = { LISTEN_FDS: "1" };
  const outcome = runGuest(module, kernel, { args: ["driver.wasm"], env, trace });
  const ending = outcome.kind === "exit" ? `exit ${outcome.exitCode}` : outcome.kind;
  return { transcript: stage.transcript, ending, hash: trace.digest() };
}
