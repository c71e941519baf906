/**
 * Makes maps from the bytes of shipped modules to lines of their sources.
 *
 * asc compiles each program once more, with a source map and with the names of its functions. The
 * result must equal the shipped module, except for the custom section that names the map.
 * Otherwise the build fails, since the page would point at wrong lines.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { lock } from "../host/bootstrap/lock.mjs";
import { PROGRAMS, modulePath } from "../host/bootstrap/programs.mjs";
import { staleness, writeStamp, writeWhole } from "../host/bootstrap/stamp.mjs";
import { versionOf } from "../scripts/lib/build.mjs";
import { Compilers } from "../scripts/lib/compilers.mjs";
import { inRoot, root } from "../scripts/lib/root.mjs";
import { Failed, say } from "../scripts/lib/run.mjs";

/** The folder of the maps, relative to the package. */
export const MAPS = "build/maps";
const CUSTOM_SECTION = 0;

/** The programs that a page shows. */
export const SHOWN = PROGRAMS.filter(({ entry }) => entry.startsWith("assembly/tutorial/"));

/** Makes the maps that are not up to date. Waits for another process that makes maps. */
export async function buildMaps() {
  const unlock = await lock(inRoot("build/.maps.lock"), {
    onWait: (owner) => say(`waiting for process ${owner.pid}, which is making the maps`),
  });
  const compilers = new Compilers();
  try {
    await Promise.all(SHOWN.map((program) => buildMap(program, compilers)));
  } finally {
    await compilers.close();
    unlock();
  }
}

/**
 * @param {import("../host/bootstrap/programs.mjs").Program} program
 * @param {Compilers} compilers
 */
async function buildMap(program, compilers) {
  const { target, entry } = program;
  const stamp = inRoot(`build/.stamps/${target}-map.json`);
  const key = versionOf("assemblyscript");
  if (staleness(root, stamp, key) === undefined) return;
  say(`mapping ${modulePath(program)} to its source`);
  const [wasm, text] = [`${MAPS}/${target}.wasm`, `${MAPS}/${target}.wat`];
  const flags = ["--outFile", wasm, "--textFile", text, "--sourceMap"];
  const compiled = await compilers.compile([entry, "--target", target, ...flags]);
  if (compiled.error !== undefined) throw new Failed(`${entry}: ${compiled.error}`);
  const shipped = fs.readFileSync(inRoot(modulePath(program)));
  if (!sameSections(shipped, fs.readFileSync(inRoot(wasm))))
    throw new Failed(`${target}: compiled again, it is not the module in build/: npm run build`);
  /** @type {{ mappings: string, sources: string[] }} */
  const sourceMap = JSON.parse(fs.readFileSync(inRoot(`${wasm}.map`), "utf8"));
  const map = mapOf(sourceMap, {
    main: entry,
    names: functionNames(fs.readFileSync(inRoot(text), "utf8")),
    shipped,
  });
  writeWhole(inRoot(`${MAPS}/${target}.json`), JSON.stringify(map));
  for (const file of [wasm, `${wasm}.map`, text]) fs.rmSync(inRoot(file));
  const inputs = [...compiled.inputs, modulePath(program), "site/maps.mjs"];
  writeStamp(root, stamp, { outputs: [`${MAPS}/${target}.json`], inputs, key });
}

/**
 * Returns true if two modules differ in custom sections at most.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function sameSections(one, other) {
  return sectionsOf(one).join() === sectionsOf(other).join();
}

/** @param {Uint8Array} module */
function sectionsOf(module) {
  const sections = [];
  for (let at = 8; at < module.length;) {
    const id = module[at++] ?? 0;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (id !== CUSTOM_SECTION) sections.push(`${id}:${sha256(module.subarray(at, at + size))}`);
    at += size;
  }
  return sections;
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Returns the names of a module's functions by number, from its text form.
 * @param {string} text
 */
function functionNames(text) {
  return [...text.matchAll(/^ \((?:import [^\n]*\()?func \$(\S+)/gm)].map(([, name = ""]) => name);
}

/**
 * @param {{ mappings: string, sources: string[] }} sourceMap
 * @param {{ main: string, names: string[], shipped: Uint8Array }} about
 * @returns {import("../lab/explore/frames.js").GuestMap}
 */
function mapOf({ mappings, sources }, { main, names, shipped }) {
  /** @type {string[]} */
  const files = [];
  /** @type {number[]} */
  const table = [];
  let lastOffset = 0;
  let lastPlace = "";
  for (const { offset, source, line } of segmentsOf(mappings)) {
    const file = sources[source] ?? "";
    if (!files.includes(file)) files.push(file);
    const place = `${file}:${line}`;
    if (place === lastPlace) continue;
    lastPlace = place;
    table.push(offset - lastOffset, files.indexOf(file), line);
    lastOffset = offset;
  }
  return { main, sha256: sha256(shipped), bytes: shipped.length, files, names, table };
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Yields the segments of a module's source map, which has one line.
 * @param {string} mappings
 */
function* segmentsOf(mappings) {
  let [offset, source, line] = [0, 0, 0];
  for (const segment of mappings.split(/[,;]/)) {
    if (segment === "") continue;
    const [bytes = 0, sources, lines = 0] = numbersOf(segment);
    offset += bytes;
    if (sources === undefined) {
      yield { offset, source: -1, line: 0 };
      continue;
    }
    source += sources;
    line += lines;
    yield { offset, source, line };
  }
}

/**
 * Decodes Base64 VLQ: a digit has five bits, the lowest first; the lowest bit of all is the sign.
 * @param {string} segment
 */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/**
 * Returns the source that a page shows.
 * @param {string} file
 */
export function sourceOf(file) {
  return fs.readFileSync(path.join(root, file), "utf8");
}
