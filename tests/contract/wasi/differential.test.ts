/**
 * Compares the virtual kernel's dialect `wasmtime-36` with wasmtime: the guest gives the same
 * answers in the same scenes. If a scene fails with another wasmtime, lab/world no longer matches
 * it.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { runGuest } from "../../../host/runtime/run.js";
import { VirtualKernel } from "../../../lab/world/kernel.js";
import type { InputKind } from "../../../lab/world/stdio.js";
import { SECOND_NS, World } from "../../../lab/world/world.js";
import { compileDriver } from "../selectors/driver.js";
import { wasmtimePath } from "../../support/wasmtime.js";
import { compileRawGuest } from "./support/compile.js";
import { RAW_SCENES, TRAPPING } from "./support/raw_scenes.js";
import { playReally } from "./support/real_stage.js";
import { SCENES } from "./support/scenes.js";
import { playVirtually } from "./support/virtual_stage.js";

let modulePath: string;
let module: WebAssembly.Module;
let rawPath: string;
let raw: WebAssembly.Module;

beforeAll(async () => {
  modulePath = await compileDriver();
  module = new WebAssembly.Module(fs.readFileSync(modulePath));
  rawPath = compileRawGuest();
  raw = new WebAssembly.Module(fs.readFileSync(rawPath));
});

describe("wasmtime 36 and the dialect agree on", () => {
  test.each(SCENES)("$name", async (scene) => {
    const virtual = playVirtually(scene, module);
    const real = await playReally(scene, modulePath);
    expect(virtual.transcript).toEqual(real);
    expect(virtual.ending).toBe("exit 0");
    // Twice the same, and to the last byte.
    expect(playVirtually(scene, module)).toEqual(virtual);
  });

  test.each(RAW_SCENES)("$name", async (scene) => {
    const virtual = playVirtually(scene, raw);
    expect(virtual.transcript).toEqual(await playReally(scene, rawPath));
    expect(virtual.ending).toBe("exit 0");
  });

  test.each(TRAPPING)("ending the guest at `%s`", (command) => {
    const input = `${command}\n`;
    const args = ["run", "-S", "preview2=n", rawPath];
    const real = spawnSync(wasmtimePath(), args, { encoding: "utf8", input });
    expect(real.stdout).toBe("");
    expect(real.status).not.toBe(0);
    const world = new World({ seed: 1 });
    const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
    stdin.write(input);
    stdin.end();
    const options = { dialect: "wasmtime-36", stdin, stdout, stderr } as const;
    expect(runGuest(raw, new VirtualKernel(world, options)).kind).toBe("trap");
    expect(stdout.text).toBe("");
  });
});

/** How a shell makes each kind of stdin; what follows it is typed into the virtual one. */
const STDINS: { kind: InputKind; shell: string; typed: string; ends: boolean }[] = [
  { kind: "null", shell: "RUN < /dev/null", typed: "", ends: true },
  { kind: "null", shell: "RUN <&-", typed: "", ends: true },
  { kind: "file", shell: "RUN < LICENSE", typed: fs.readFileSync("LICENSE", "utf8"), ends: true },
  { kind: "pipe", shell: ": | RUN", typed: "", ends: true },
  { kind: "pipe", shell: "printf '\\n' | RUN", typed: "\n", ends: true },
  { kind: "pipe", shell: "{ printf 'abc\\n'; sleep 0.3; } | RUN", typed: "abc\n", ends: false },
];

/** Asked in one go; reading stdin is asked alone, since it may trap. */
const ASKED = [
  ["filetype 0", "poll-one 0 w", "poll w0 c100000000", "poll w0 w1 c1000000000", "recv 0 9"],
  ["watchable-stdin", "set-nonblocking 0", "peek 0", "accept 0", "listeners"],
  ["poll-one 0 r"],
  ["poll r0 c100000000"],
  ["poll w1 r0"],
];

describe.each(STDINS)("wasmtime 36 and the dialect agree on a stdin that is $shell:", (stdin) => {
  test.each(ASKED)("%s ...", (...commands) => {
    // A shell's pipeline starts its parts side by side: what is typed must have had its time.
    const program = stdin.shell.replace("RUN", '"$0" run -S preview2=n "$@"');
    const script = program.replace(/\| (.*)/, "| { sleep 0.05; $1; }");
    const args = ["-c", script, wasmtimePath(), modulePath, ...commands];
    const real = spawnSync("/bin/sh", args, { encoding: "utf8" });

    const world = new World({ seed: 1 });
    const [input, stdout, stderr] = [world.input(stdin.kind), world.output(), world.output()];
    if (stdin.typed !== "") input.write(stdin.typed);
    if (stdin.ends) input.end();
    else world.after(SECOND_NS, () => input.end());
    const options = { dialect: "wasmtime-36", stdin: input, stdout, stderr } as const;
    const kernel = new VirtualKernel(world, options);
    const outcome = runGuest(module, kernel, { args: ["driver.wasm", ...commands] });
    const answers = (text: string): string[] => text.split("\n").slice(0, commands.length);
    expect(answers(stdout.text)).toEqual(answers(real.stdout));
    expect(outcome.kind === "trap").toBe(real.status !== 0);
    if (outcome.kind === "trap") expect(real.stderr).toContain(outcome.trap);
  });
});
