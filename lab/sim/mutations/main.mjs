/**
 * npm run lab -- mutations [WORD...]: breaks the chat in each of these ways, or in those whose
 * names have one of the words, and shows that the simulator sees it, within so many worlds.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  PROGRAMS,
  componentEntry,
  corePath,
  modulePath,
} from "../../../host/bootstrap/programs.mjs";
import { EXPORT_TRANSFORM } from "../../../scripts/lib/component.mjs";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { Failed, mustRun } from "../../../scripts/lib/run.mjs";
import { PROBE_TRANSFORM } from "../probed.mjs";
import { CHAT_MUTATIONS } from "./chat.mjs";
import { COMPONENT_MUTATIONS } from "./component.mjs";
import { KEPT_MUTATIONS } from "./kept.mjs";
import { LIMIT_MUTATIONS } from "./limits.mjs";
import { NET_MUTATIONS } from "./net.mjs";

const MUTATIONS = [
  ...[...NET_MUTATIONS, ...CHAT_MUTATIONS, ...LIMIT_MUTATIONS, ...KEPT_MUTATIONS],
  ...COMPONENT_MUTATIONS,
];

/** @param {import("./net.mjs").Mutation} mutation @param {string} folder */
async function compile(mutation, folder) {
  fs.cpSync(inRoot("assembly"), path.join(folder, "assembly"), { recursive: true });
  const file = path.join(folder, "assembly", mutation.file);
  const text = fs.readFileSync(file, "utf8");
  if (text.split(mutation.from).length !== 2) {
    throw new Failed(`${mutation.file}: "${mutation.from}" is not there once`);
  }
  fs.writeFileSync(file, text.replace(mutation.from, mutation.to));
  const asc = inRoot("node_modules/assemblyscript/bin/asc.js");
  const [chat] = PROGRAMS.filter(({ name }) => name === "chat");
  if (chat === undefined) throw new Failed("there is no chat");
  const isComponent = mutation.abi !== undefined;
  const out = isComponent ? corePath(chat) : modulePath(chat);
  const entry = [isComponent ? componentEntry(chat) : chat.entry, "--config", "asconfig.json"];
  const how = ["--target", chat.target, "--outFile", out];
  const isProbed = mutation.in !== "shortage";
  const transforms = [
    ...(isComponent ? [EXPORT_TRANSFORM] : []),
    ...(isProbed ? [PROBE_TRANSFORM] : []),
  ];
  for (const transform of transforms) how.push("--transform", inRoot(transform));
  await mustRun(process.execPath, [asc, ...entry, ...how, "--baseDir", folder]);
  return path.join(folder, out);
}

/** @param {readonly string[]} words */
export async function main(words) {
  const load = (/** @type {string} */ name) =>
    import(String(new URL(`../../../dist/lab/sim/${name}.js`, import.meta.url)));
  const { drawWorld } = /** @type {typeof import("../draw.js")} */ (await load("draw"));
  const { play } = /** @type {typeof import("../play.js")} */ (await load("play"));
  const { playShortage } = /** @type {typeof import("../shortage.js")} */ (await load("shortage"));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-mutations-"));
  const isWanted = (/** @type {string} */ name) =>
    words.length === 0 || words.some((word) => name.includes(word));
  let missed = 0;
  try {
    fs.copyFileSync(inRoot("asconfig.json"), path.join(folder, "asconfig.json"));
    fs.symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"));
    for (const mutation of MUTATIONS.filter(({ name }) => isWanted(name))) {
      const file = await compile(mutation, folder);
      const module = new WebAssembly.Module(fs.readFileSync(file));
      let verdict = `NOT caught in ${mutation.within} worlds`;
      for (let seed = 1; seed <= mutation.within; seed++) {
        const { abi, in: kind } = mutation;
        const { failure } =
          kind === "shortage" ? playShortage(seed, module) : play(drawWorld(seed, { abi }), module);
        if (failure === undefined) continue;
        const worlds = seed === 1 ? "1 world" : `${seed} worlds`;
        verdict = `caught after ${worlds} by "${failure.oracle}": ${failure.message.slice(0, 80)}`;
        break;
      }
      if (verdict.startsWith("NOT")) missed++;
      process.stdout.write(`${mutation.name.padEnd(36)} ${verdict}\n`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  if (missed > 0) throw new Failed(`${missed} of ${MUTATIONS.length} were not caught`);
}
