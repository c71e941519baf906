/**
 * Compares the virtual host of WASI 0.3 with wasmtime: the guest gives the same answers in the same
 * scenes. A difference is an error in lab/world/preview3.
 */
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { componentOf, EXPORT_TRANSFORM } from "../../../scripts/lib/component.mjs";
import { componentWasmtime, freePorts } from "../../support/component.js";
import { useComponents } from "../../support/runtime.js";
import {
  COMPONENT_ENDS,
  COMPONENT_SCENES,
  COMPONENT_TRAPS,
} from "../wasi/support/component_scenes.js";
import { endingOf, playComponent } from "../wasi/support/component_stage.js";
import { playReally } from "../wasi/support/real_stage.js";

const GUEST = "tests/contract/wasi/guest/raw_component.ts";
/** 48 is what components are served with; the others are tried where they are named. */
const LINES = [46, 48, 49] as const;

let component: string;
let core: WebAssembly.Module;

beforeAll(async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-raw-"));
  process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, "core.wasm");
  const asc = path.join(packageRoot, "node_modules", "assemblyscript", "bin", "asc.js");
  const flags = ["--target", "echo", "--transform", `./${EXPORT_TRANSFORM}`];
  execFileSync(process.execPath, [asc, GUEST, ...flags, "--outFile", file], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe"],
  });
  component = path.join(directory, "component.wasm");
  fs.writeFileSync(component, await componentOf(fs.readFileSync(file)));
  core = new WebAssembly.Module(fs.readFileSync(file));
});

describe.each(LINES.filter((line) => componentWasmtime(line) !== undefined))(
  "wasmtime %i and the virtual host agree on",
  (line) => {
    beforeAll(() => void useComponents(line));

    test.each(COMPONENT_SCENES)("$name", async (scene) => {
      const virtual = playComponent(scene, core);
      expect(virtual.transcript).toEqual(await playReally(scene, component));
      expect(virtual.ending).toBe("exit 0");
      // Twice the same, and to the last byte.
      expect(playComponent(scene, core)).toEqual(virtual);
    });

    const traps = COMPONENT_TRAPS.filter(({ since = 46 }) => line >= since);
    test.each(traps)("ending the guest at: $words", async ({ words }) => {
      const [port = 0] = await freePorts(1);
      const flags = ["run", "-S", "inherit-network", component, `listen 127.0.0.1:${port}`];
      const real = spawnSync(componentWasmtime(line) ?? "", flags, {
        encoding: "utf8",
        input: `${words.join("\n")}\n`,
        env: { RUST_BACKTRACE: "0" },
      });
      const { outcome, answers } = endingOf(core, words);
      expect(answers).toBe(real.stdout);
      expect(real.status).not.toBe(0);
      expect(real.stderr).toContain(outcome.kind === "trap" ? outcome.trap : "a trap");
    });

    test.each(COMPONENT_ENDS)("ending it at $name", async (scene) => {
      const { trap = "" } = playComponent(scene, core);
      expect(trap).not.toBe("");
      await expect(playReally(scene, component)).rejects.toThrow(trap);
    });
  },
);
