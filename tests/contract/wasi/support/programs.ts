/** Runs the shipped modules in a virtual world. */
import fs from "node:fs";
import { modulePath, PROGRAMS } from "../../../../host/bootstrap/programs.mjs";
import { runGuest } from "../../../../host/runtime/run.js";
import { TraceHash } from "../../../../host/runtime/trace.js";
import { VirtualKernel, type VirtualKernelOptions } from "../../../../lab/world/kernel.js";
import { World } from "../../../../lab/world/world.js";

const modules = new Map<string, WebAssembly.Module>();

export function moduleOf(name: string): WebAssembly.Module {
  const program = PROGRAMS.find((one) => one.name === name);
  if (program === undefined) throw new Error(`there is no program ${name}`);
  const known = modules.get(name);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(fs.readFileSync(modulePath(program)));
  modules.set(name, module);
  return module;
}

/** A world with one listener and a console, in which programs run, one after another. */
export class Stage {
  readonly world: World;
  readonly listener;
  readonly stdin;
  readonly stdout;
  readonly stderr;

  constructor(seed = 1) {
    this.world = new World({ seed });
    this.listener = this.world.listen();
    this.stdin = this.world.input("pipe");
    this.stdout = this.world.output();
    this.stderr = this.world.output();
  }

  kernel(options: Partial<VirtualKernelOptions> = {}): VirtualKernel {
    const { world, listener, stdin, stdout, stderr } = this;
    const all = { dialect: "exact", listeners: [listener], stdin, stdout, stderr } as const;
    return new VirtualKernel(world, { ...all, ...options });
  }

  run(kernel: VirtualKernel, name: string, args: readonly string[] = []) {
    const trace = new TraceHash();
    const outcome = runGuest(moduleOf(name), kernel, { args: [name, ...args], trace });
    return { outcome, hash: trace.digest(), calls: trace.calls };
  }
}
