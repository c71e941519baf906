/**
 * The command `pollcast replay LINK`: prints a run of the tutorial's pages as text. The lab's code
 * plays it, and is loaded only for this command.
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

/** The exports of lab/explore/replay.ts. */
interface Player {
  replay(link: string, moduleOf: (program: string) => WasmModule, language: Language): string[];
}

/**
 * Plays a run.
 *
 * @returns the lines to print
 * @throws UserError if the link is not valid
 */
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

/**
 * Compiles a program of the tutorial.
 *
 * @param target the name in links: `chat_v1`
 * @throws UserError
 */
function moduleOf(target: string): WasmModule {
  const tutorial = PROGRAMS.filter(({ entry }) => entry.startsWith("assembly/tutorial/"));
  const program = tutorial.find((one) => one.target === target);
  if (program === undefined) {
    const names = tutorial.map((one) => one.target).join(", ");
    throw usage(`there is no program ${JSON.stringify(target)} to replay, there are ${names}`);
  }
  return new Wasm.Module(fs.readFileSync(findModule(program)));
}
