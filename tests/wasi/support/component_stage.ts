/** Plays scenes on the virtual host of WASI 0.2, as a line of wasmtime. */
import { Eventtype } from "../../../host/wasi/abi.js";
import type { Event, Subscription } from "../../../host/wasi/kernel.js";
import { TraceHash } from "../../../host/wasi/trace.js";
import { ComponentKernel } from "../../../host/wasi/virtual/preview2/kernel.js";
import type { Line } from "../../../host/wasi/virtual/preview2/line.js";
import { runComponent } from "../../../host/wasi/virtual/preview2/run.js";
import type { Input } from "../../../host/wasi/virtual/stdio.js";
import { World } from "../../../host/wasi/virtual/world.js";
import type { Scene } from "./scene.js";
import { type Played, VirtualStage } from "./virtual_stage.js";

const PLACE = "127.0.0.1:9001";
const STDIN = 0;
/** What is written last to one that does not read is not through, as with real buffers. */
const STREAMS = { inboxBytes: 80_000, outboxBytes: 80_000 };

/** A component waits for its commands with `poll`. */
class StagedKernel extends ComponentKernel {
  stdin: Input | undefined;

  override poll(subscriptions: Subscription[]): Event[] | number {
    const stdin = this.stdin;
    const isAsked = subscriptions.some((one) => one.type === Eventtype.FD_READ && one.fd === STDIN);
    if (isAsked && stdin?.queue.length === 0 && !stdin.ended) {
      stdin.onWait?.();
      // Elsewhere it takes a while until somebody types.
      this.budget.renew();
    }
    return super.poll(subscriptions);
  }
}

/** @param core the component's core module */
export function playComponent(scene: Scene, core: WebAssembly.Module, line: Line): Played {
  const stage = new VirtualStage(scene, STREAMS);
  const { world, listener, stdin, stdout, stderr } = stage;
  const kernel = new StagedKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr, line },
  });
  kernel.stdin = stdin;
  const trace = new TraceHash();
  const args = ["guest.wasm", `listen ${PLACE}`];
  const outcome = runComponent(core, kernel, { args, places: [PLACE], trace });
  const ending = outcome.kind === "exit" ? `exit ${outcome.exitCode}` : outcome.kind;
  return { transcript: stage.transcript, ending, hash: trace.digest() };
}

/** @returns how the virtual host ends a component that is given these commands and nobody else */
export function endingOf(core: WebAssembly.Module, line: Line, commands: readonly string[]) {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  stdin.write(`${commands.join("\n")}\n`);
  stdin.end();
  const kernel = new ComponentKernel(world, { dialect: "exact", stdin, stdout, stderr, line });
  const outcome = runComponent(core, kernel, { places: [] });
  return { outcome, answers: stdout.text };
}
