/**
 * npm pack ./library: copies the licence, and into library/assembly the sources that the library's
 * files import, directly or not. `--remove` removes them again, so that no copy becomes stale.
 */
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "./lib/root.mjs";

const LIBRARY = "library";
const COPY = path.join(LIBRARY, "assembly");
const LICENSE = path.join(LIBRARY, "LICENSE");
const WORLD = "assembly/wasi/preview3/world.wit";
/**
 * `from "./x"`, `import "./x"`, and an import by the package's name, as in a component's entry
 * file.
 */
const IMPORTED =
  /^(?:import|export|\}).*"(\.{1,2}\/[^"]+|pollcast-selectors\/assembly\/[^"]+)";$/gm;

/** @param {string} file @param {Set<string>} found relative to the repository */
function reach(file, found) {
  if (found.has(file)) return;
  found.add(file);
  const text = fs.readFileSync(inRoot(file), "utf8");
  for (const [, name = ""] of text.matchAll(IMPORTED)) reach(resolved(file, name), found);
}

/** @param {string} file @param {string} name */
function resolved(file, name) {
  const at = name.startsWith(".")
    ? path.join(path.dirname(file), name)
    : name.replace("pollcast-selectors", LIBRARY);
  const source = at.replace(/^library\/assembly/, "assembly");
  const candidates = [`${source}.ts`, `${source}/index.ts`];
  const there = candidates.find((one) => fs.existsSync(inRoot(one)));
  if (there === undefined) throw new Error(`${file} imports ${name}, which is not there`);
  return there;
}

function remove() {
  fs.rmSync(inRoot(COPY), { recursive: true, force: true });
  fs.rmSync(inRoot(LICENSE), { force: true });
}

remove();
if (!process.argv.includes("--remove")) {
  /** @type {Set<string>} */
  const found = new Set();
  const own = fs.readdirSync(inRoot(LIBRARY)).filter((name) => name.endsWith(".ts"));
  for (const name of own) reach(path.join(LIBRARY, name), found);
  const sources = [...found].filter((file) => file.startsWith("assembly/"));
  for (const file of [...sources, WORLD]) fs.cpSync(inRoot(file), inRoot(path.join(LIBRARY, file)));
  fs.copyFileSync(inRoot("LICENSE"), inRoot(LICENSE));
}
