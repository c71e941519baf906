/**
 * `pollcast replay LINK`: a run that a page of the tutorial shows, as text. What plays it is the
 * lab's, and is loaded for this alone.
 */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Wasm, type WasmModule } from "../runtime/webassembly.js";
import { PROGRAMS } from "../bootstrap/programs.mjs";
import { usage } from "./base/errors.js";
import { findModule, packageRoot } from "./base/programs.js";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What lab/explore/replay.ts exports. */
interface Player {
  replay(link: string, moduleOf: (program: string) => WasmModule, language: Language): string[];
}

/** @returns lines. @throws UserError if the link is none */
export async function replay(link: string, language: Language): Promise<string[]> {
  const file = path.join(packageRoot, "dist/lab/explore/replay.js");
  const player = (await import(pathToFileURL(file).href)) as Player;
  try {
    return player.replay(link, moduleOf, language);
  } catch (error) {
    if (error instanceof Error && error.name === "BadLink") throw usage(error.message);
    throw error;
  }
}

/** @param target as links name programs: `chat_v1` */
function moduleOf(target: string): WasmModule {
  const tutorial = PROGRAMS.filter(({ entry }) => entry.startsWith("assembly/tutorial/"));
  const program = tutorial.find((one) => one.target === target);
  if (program === undefined) {
    const names = tutorial.map((one) => one.target).join(", ");
    throw usage(`there is no program ${JSON.stringify(target)} to replay, there are ${names}`);
  }
  return new Wasm.Module(fs.readFileSync(findModule(program)));
}
