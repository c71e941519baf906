/** Compiles guest/raw.ts as the programs are compiled. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../../../host/launcher/base/programs.js";

/** @returns the module's path */
export function compileRawGuest(): string {
  const module = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-raw-")), "raw.wasm");
  const asc = path.join(packageRoot, "node_modules", "assemblyscript", "bin", "asc.js");
  const source = "tests/contract/wasi/guest/raw.ts";
  // The target's flags, another entry and another output.
  const args = [asc, source, "--target", "echo", "--outFile", module];
  execFileSync(process.execPath, args, { cwd: packageRoot, stdio: ["ignore", "ignore", "pipe"] });
  return module;
}
