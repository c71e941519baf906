/**
 * Each built file belongs to one platform (preview1 or WASI 0.3), as the imports of its core module
 * show.
 */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { corePath, modulePath, PROGRAMS } from "../../../host/bootstrap/programs.mjs";
import { root } from "../../../scripts/lib/root.mjs";

/** The interfaces of WASI 0.2 that a component may use: none with which it could wait. */
const OF_0_2 =
  /^wasi:(cli\/(environment|exit|stdout|stderr)|clocks\/(monotonic|wall)-clock|filesystem\/(types|preopens)|io\/(error|streams)|random\/random)@0\.2\.0$/;
const OF_0_3 = /^wasi:(cli\/stdin|clocks\/monotonic-clock|sockets\/types)@0\.3\.0$/;
/** The module of the component model's own functions. */
const CANONICAL = "$root";
const SOCKETS = "wasi:sockets/types@0.3.0";

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

  test("the component waits by WASI 0.3 alone: no sockets and no polls of 0.2", () => {
    const imported = importsOf(corePath(program));
    expect(imported).toContain(SOCKETS);
    expect(imported).toContain(CANONICAL);
    const others = imported.filter(
      (name) => name !== CANONICAL && !OF_0_2.test(name) && !OF_0_3.test(name),
    );
    expect(others).toEqual([]);
  });
});
