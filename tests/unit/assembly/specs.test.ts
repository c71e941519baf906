/**
 * Runs the specs of assembly/. Each exported function of specs/*.spec.ts is a case of that name. It
 * runs twice in a fresh instance: as it is, and with a garbage collection at each step and during
 * each call of the host.
 */
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "vitest";
import { root } from "../../../scripts/lib/root.mjs";
import { compileSpec } from "./support/compile.js";
import { runCase } from "./support/instance.js";

const FOLDER = "tests/unit/assembly/specs";
const isCase = (one: WebAssembly.ModuleExportDescriptor) =>
  one.kind === "function" && !one.name.startsWith("_");

const { SPECS } = process.env;
const isWanted = (name: string) =>
  name.endsWith(".spec.ts") && (SPECS?.split(",").includes(name.slice(0, -8)) ?? true);

const files = fs.readdirSync(path.join(root, FOLDER)).filter(isWanted);
for (const file of files.sort()) {
  const spec = await compileSpec(`${FOLDER}/${file}`);
  describe(path.basename(file, ".spec.ts"), () => {
    for (const { name } of WebAssembly.Module.exports(spec.module).filter(isCase)) {
      const sentence = name.replaceAll("_", " ");
      test(sentence, () => runCase(spec, name, false));
      test(`${sentence} (collecting)`, () => runCase(spec, name, true));
    }
  });
}
