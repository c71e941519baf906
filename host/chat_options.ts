/**
 * The chat's own options, as its module describes them: the build asks it, and keeps the answer.
 * What an option does is the module's affair; what may be said is checked here, before anything is
 * started.
 */
import fs from "node:fs";
import path from "node:path";
import { CHAT_OPTIONS_FILE } from "./bare/programs.mjs";
import { notBuilt } from "./errors.js";
import { packageRoot } from "./programs.js";

export interface ChatOption {
  /** Without its hyphens. */
  name: string;
  type: "number" | "choice" | "shape" | "text" | "flag";
  /** What stands for its value in the help; empty for a flag. */
  placeholder: string;
  default: string;
  help: string;
  /** Who gives it: whoever starts the module; people at start; people also while it serves. */
  reach: "host" | "start" | "live";
  /** Bounds of a number. */
  least?: number;
  most?: number;
  /** Words of a choice. */
  choices?: readonly string[];
  /** What a shape looks like, in words and as a regular expression. */
  shape?: string;
  pattern?: string;
}

let known: readonly ChatOption[] | undefined;

/** Those that people give. */
export function chatOptions(): readonly ChatOption[] {
  known ??= read().filter(({ reach }) => reach !== "host");
  return known;
}

export function isBuilt(): boolean {
  return fs.existsSync(path.join(packageRoot, CHAT_OPTIONS_FILE));
}

/** @returns what it takes, if the text is not that */
export function wantedInstead(option: ChatOption, text: string): string | undefined {
  switch (option.type) {
    case "number": {
      const { least = 0, most = Infinity } = option;
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= least && value <= most
        ? undefined
        : `a whole number from ${least} to ${most}`;
    }
    case "choice":
      return option.choices?.includes(text) ? undefined : oneOf(option.choices ?? []);
    case "shape":
      return new RegExp(`^(${option.pattern ?? ""})$`).test(text) ? undefined : option.shape;
    case "text":
    case "flag":
      return undefined;
  }
}

/** The bounds and the default, for its help. */
export function boundsOf(option: ChatOption): string {
  const { type, least = 0, most = 0, choices = [], default: fallback } = option;
  const bounds = type === "number" ? `${least} to ${most}` : oneOf(choices);
  const otherwise = fallback === "" ? "" : `default ${fallback}`;
  return [bounds, otherwise].filter((part) => part !== "").join(", ");
}

function oneOf(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}

function read(): ChatOption[] {
  if (!isBuilt()) throw notBuilt(CHAT_OPTIONS_FILE);
  const text = fs.readFileSync(path.join(packageRoot, CHAT_OPTIONS_FILE), "utf8");
  return JSON.parse(text) as ChatOption[];
}
