#!/usr/bin/env node
/** pollcast-component CORE COMPONENT: wraps a core module as a component of WASI 0.3. */
import fs from "node:fs";
import { componentOf, NotWrapped } from "../component.mjs";

const USAGE = 64;
const FAILED = 1;
const HELP = `usage: pollcast-component CORE.wasm COMPONENT.wasm

Makes a component of WASI 0.3 out of a core module, which is compiled with
  npx asc main.ts --config node_modules/pollcast-selectors/asconfig.component.json -o CORE.wasm
`;

const words = process.argv.slice(2);
const [core, component] = words;
if (words.includes("--help") || words.includes("-h")) {
  process.stdout.write(HELP);
} else if (core === undefined || component === undefined || words.length > 2) {
  process.stderr.write(HELP);
  process.exitCode = USAGE;
} else {
  try {
    fs.writeFileSync(component, await componentOf(fs.readFileSync(core)));
  } catch (error) {
    // Errors of the file system have a code, and name the file.
    const isKnown = error instanceof NotWrapped || (error instanceof Error && "code" in error);
    if (!isKnown) throw error;
    const where = error instanceof NotWrapped ? `${core}: ` : "";
    process.stderr.write(`pollcast-component: ${where}${error.message}\n`);
    process.exitCode = FAILED;
  }
}
