/** Each artefact belongs to one world, as the imports of its core module show. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { corePath, modulePath, PROGRAMS } from "../../host/bare/programs.mjs";
import { root } from "../../scripts/lib/root.mjs";

function importsOf(file: string): string[] {
  const module = new WebAssembly.Module(fs.readFileSync(path.join(root, file)));
  return [...new Set(WebAssembly.Module.imports(module).map((one) => one.module))];
}

describe.each([...PROGRAMS])("$name", (program) => {
  test("the module imports preview1 alone", () => {
    for (const debug of [false, true]) {
      expect(importsOf(modulePath(program, debug))).toEqual(["wasi_snapshot_preview1"]);
    }
  });

  test("the component imports interfaces of WASI 0.2 alone", () => {
    const others = importsOf(corePath(program)).filter((name) => !/^wasi:.*@0\.2\.0$/.test(name));
    expect(others).toEqual([]);
  });
});
