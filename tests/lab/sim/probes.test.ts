/** Probes change nothing: the chat with probes makes the same calls as the shipped one. */
import { expect, test } from "vitest";
import { runGuest } from "../../../host/runtime/run.js";
import { probeImports } from "../../../lab/sim/probes.js";
import { type Abi, ABIS } from "../../../lab/sim/spec.js";
import { TraceHash } from "../../../host/runtime/trace.js";
import { ComponentKernel } from "../../../lab/world/preview3/kernel.js";
import { DrawnPace } from "../../../lab/world/preview3/pace.js";
import { runComponent } from "../../../lab/world/preview3/run.js";
import { Random } from "../../../lab/world/random.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../../../lab/world/world.js";
import type { WasmModule } from "../../../host/runtime/webassembly.js";
import { probed, probedCore, shipped, shippedCore } from "./support/probed.js";

const PLACE = "127.0.0.1:9001";

/** Returns the hash of all host calls of a chat in a small world without a model. */
function traceOf(abi: Abi, module: WasmModule, seed: number, hasProbes: boolean): string {
  const world = new World({ seed });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr },
  });
  kernel.pace = new DrawnPace(new Random(seed), true);
  for (let client = 0; client < 5; client++) {
    const peer = world.connect(listener, { inboxBytes: 1000, outboxBytes: 1000 });
    for (let line = 0; line < 20; line++) {
      const text = `${line} ${"x".repeat(10 * client)}\n`;
      world.at((line + 1) * 10 * MILLISECOND_NS + client, () => {
        peer.write(text);
      });
    }
  }
  world.at(10 * SECOND_NS, () => {
    stdin.write("quit\n");
  });
  const trace = new TraceHash();
  const args = ["chat", "--style", "line"];
  const imports = hasProbes ? probeImports(module, {}) : {};
  const outcome =
    abi === "p1"
      ? runGuest(module, kernel, { args, trace, imports })
      : runComponent(module, kernel, {
          ...{ args: [...args, "--listen", PLACE], places: [PLACE], trace, imports },
        });
  expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
  expect(trace.calls).toBeGreaterThan(300);
  return trace.digest();
}

test.each(ABIS)("probes change no call of the shipped chat, as %s", (abi) => {
  const [withProbes, without] = abi === "p1" ? [probed, shipped] : [probedCore, shippedCore];
  for (let seed = 1; seed <= 5; seed++) {
    const calls = traceOf(abi, withProbes, seed, true);
    expect(calls).toBe(traceOf(abi, without, seed, false));
  }
});
