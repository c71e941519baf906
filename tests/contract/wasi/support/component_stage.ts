/** Plays scenes on the virtual host of WASI 0.3. */
import { TraceHash } from "../../../../host/runtime/trace.js";
import { ComponentKernel } from "../../../../lab/world/preview3/kernel.js";
import { runComponent } from "../../../../lab/world/preview3/run.js";
import type { Input } from "../../../../lab/world/stdio.js";
import { World } from "../../../../lab/world/world.js";
import type { Scene } from "./scene.js";
import { type Played, VirtualStage } from "./virtual_stage.js";

const PLACE = "127.0.0.1:9001";
const ARGS = ["guest.wasm", `listen ${PLACE}`];
const STDIN = 0;
/**
 * Buffers so small that the last write to a peer that does not read is incomplete, as with real
 * sockets.
 */
const STREAMS = { inboxBytes: 80_000, outboxBytes: 80_000 };

/** A component waits for its commands as for everything else: what it found wanting tells. */
class StagedKernel extends ComponentKernel {
  stdin: Input | undefined;
  #wantsCommand = false;

  override isReady(fd: number, direction: "read" | "write"): boolean {
    const isReady = super.isReady(fd, direction);
    if (fd === STDIN) this.#wantsCommand = !isReady;
    return isReady;
  }

  override waitUntil(look: () => boolean, deadline: number): void {
    const lookAndAsk = () => {
      if (look()) return true;
      if (!this.#wantsCommand) return false;
      this.stdin?.onWait?.();
      return look();
    };
    super.waitUntil(lookAndAsk, deadline);
  }
}

/** @param core the component's core module */
export function playComponent(scene: Scene, core: WebAssembly.Module): Played {
  const stage = new VirtualStage(scene, STREAMS);
  const { world, listener, stdin, stdout, stderr } = stage;
  const kernel = new StagedKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr },
  });
  kernel.stdin = stdin;
  const trace = new TraceHash();
  const outcome = runComponent(core, kernel, { args: ARGS, places: [PLACE], trace });
  const ending = outcome.kind === "exit" ? `exit ${outcome.exitCode}` : outcome.kind;
  const trap = outcome.kind === "trap" ? outcome.trap : "";
  return { transcript: stage.transcript, ending, trap, hash: trace.digest() };
}

/** @returns how the virtual host ends a component that is given these commands and no peer */
export function endingOf(core: WebAssembly.Module, commands: readonly string[]) {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  stdin.write(`${commands.join("\n")}\n`);
  stdin.end();
  const listeners = [world.listen()];
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners, stdin, stdout, stderr },
  });
  const outcome = runComponent(core, kernel, { args: ARGS, places: [PLACE] });
  return { outcome, answers: stdout.text };
}
