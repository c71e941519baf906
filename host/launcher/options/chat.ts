/**
 * The chat's own options, as its module describes them: the build asks it, and keeps the answer.
 * What an option does is the module's affair; what may be said is checked here, before anything is
 * started.
 */
import fs from "node:fs";
import path from "node:path";
import { CHAT_OPTIONS_FILE } from "../../bootstrap/programs.mjs";
import { notBuilt } from "../base/errors.js";
import { packageRoot } from "../base/programs.js";
import * as kinds from "./kinds.js";
import { type Setting, Unfit } from "./kinds.js";

/** What the module says of one. */
interface Described {
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

const file = path.join(packageRoot, CHAT_OPTIONS_FILE);
let known: readonly Setting[] | undefined;

/** Those that people give. */
export function chatSettings(): readonly Setting[] {
  if (!isBuilt()) throw notBuilt(CHAT_OPTIONS_FILE);
  known ??= (JSON.parse(fs.readFileSync(file, "utf8")) as Described[])
    .filter(({ reach }) => reach !== "host")
    .map(setting);
  return known;
}

/** Whether they are known, or can be read. */
export function isBuilt(): boolean {
  return known !== undefined || fs.existsSync(file);
}

function setting(option: Described): Setting {
  const { name, type, placeholder, default: fallback, help, reach } = option;
  const { least = 0, most = 0, choices = [] } = option;
  return {
    ...{ name, placeholder, help, default: fallback, live: reach === "live", forChat: true },
    kind: type === "number" || type === "flag" ? type : "text",
    bounds: type === "number" ? `${least} to ${most}` : wordsOf(choices),
    read: readerOf(option),
  };
}

function readerOf(option: Described): (text: string) => unknown {
  const { type, least = 0, most = 0, choices = [], shape = "", pattern = "" } = option;
  switch (type) {
    case "number":
      return kinds.wholeNumber(least, most);
    case "choice":
      return kinds.oneOf(choices);
    case "shape":
      return (text) => {
        if (!new RegExp(`^(${pattern})$`).test(text)) throw new Unfit(shape);
        return text;
      };
    case "text":
      return kinds.anyText;
    case "flag":
      return kinds.flag;
  }
}

function wordsOf(choices: readonly string[]): string {
  return choices.join(", ").replace(/, ([^,]*)$/, " or $1");
}
