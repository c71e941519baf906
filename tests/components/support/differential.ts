/**
 * The virtual host of WASI 0.2 beside the wasmtime that it stands for: the same scenes, and the
 * guest must not see a difference. Where it does with another wasmtime, host/wasi/virtual/preview2
 * is wrong now.
 */
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../../host/programs.js";
import { componentOf, EXPORT_TRANSFORM } from "../../../scripts/lib/component.mjs";
import { type ComponentLine, componentWasmtime } from "../../support/component.js";
import { useComponents } from "../../support/runtime.js";
import { COMPONENT_SCENES, COMPONENT_TRAPS } from "../../wasi/support/component_scenes.js";
import { endingOf, playComponent } from "../../wasi/support/component_stage.js";
import { playReally } from "../../wasi/support/real_stage.js";

const GUEST = "tests/wasi/guest/raw_component.ts";

/** @returns the paths of the core module and of the component */
async function compileGuest(): Promise<{ core: string; component: string }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-raw-"));
  process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  const core = path.join(directory, "core.wasm");
  const asc = path.join(packageRoot, "node_modules", "assemblyscript", "bin", "asc.js");
  const flags = ["--target", "echo", "--transform", `./${EXPORT_TRANSFORM}`];
  execFileSync(process.execPath, [asc, GUEST, ...flags, "--outFile", core], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const component = path.join(directory, "component.wasm");
  fs.writeFileSync(component, await componentOf(fs.readFileSync(core)));
  return { core, component };
}

export function differential(line: ComponentLine): void {
  const isThere = useComponents(line);
  let component: string;
  let core: WebAssembly.Module;

  beforeAll(async () => {
    if (!isThere) return;
    const compiled = await compileGuest();
    component = compiled.component;
    core = new WebAssembly.Module(fs.readFileSync(compiled.core));
  });

  describe.runIf(isThere)(`wasmtime ${line} and the virtual host agree on`, () => {
    test.each(COMPONENT_SCENES)("$name", async (scene) => {
      const virtual = playComponent(scene, core, line);
      expect(virtual.transcript).toEqual(await playReally(scene, component));
      expect(virtual.ending).toBe("exit 0");
      // Twice the same, and to the last byte.
      expect(playComponent(scene, core, line)).toEqual(virtual);
    });

    test.each(COMPONENT_TRAPS)("ending the guest at: $words", ({ words }) => {
      const real = spawnSync(componentWasmtime(line) ?? "", ["run", component], {
        encoding: "utf8",
        input: `${words.join("\n")}\n`,
        env: { RUST_BACKTRACE: "0" },
      });
      const { outcome, answers } = endingOf(core, line, words);
      expect(answers).toBe(real.stdout);
      expect(real.status).not.toBe(0);
      expect(outcome.kind).toBe("trap");
      // Behind a colon there is more of it here, and of which number it speaks depends.
      const trap = outcome.kind === "trap" ? outcome.trap : "";
      expect(real.stderr).toContain(trap.replace(/(?::.*| \d+)$/, ""));
    });
  });
}
