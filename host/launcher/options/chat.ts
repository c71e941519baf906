/**
 * The chat's own options. The build asks the module for them, and stores the answer. The module
 * implements them; here their values are checked before anything is started.
 */
import fs from "node:fs";
import path from "node:path";
import { CHAT_OPTIONS_FILE } from "../../bootstrap/programs.mjs";
import { notBuilt } from "../base/errors.js";
import { packageRoot } from "../base/programs.js";
import * as kinds from "./kinds.js";
import { type Setting, Unfit } from "./kinds.js";

/** One option, as the module describes it. */
interface Described {
  /** The name without hyphens in front. */
  name: string;
  type: "number" | "choice" | "shape" | "text" | "flag";
  /** The placeholder of the value in the help; empty for a flag. */
  placeholder: string;
  default: string;
  help: string;
  /**
   * The source of the value. `host`: the program that starts the module. `start`: the user, at
   * start. `live`: the user, also while the server runs.
   */
  reach: "host" | "start" | "live";
  /** The least allowed number. */
  least?: number;
  /** The greatest allowed number. */
  most?: number;
  /** The allowed words of a choice. */
  choices?: readonly string[];
  /** The format of the value, in words. */
  shape?: string;
  /** The same format as a regular expression for the whole text. */
  pattern?: string;
  /** True for a password. */
  secret?: boolean;
}

const file = path.join(packageRoot, CHAT_OPTIONS_FILE);
let known: readonly Setting[] | undefined;

/**
 * Returns the options that users set. Reads the file once.
 *
 * @throws UserError if the chat is not built
 */
export function chatSettings(): readonly Setting[] {
  if (!isBuilt()) throw notBuilt(CHAT_OPTIONS_FILE);
  known ??= (JSON.parse(fs.readFileSync(file, "utf8")) as Described[])
    .filter(({ reach }) => reach !== "host")
    .map(setting);
  return known;
}

/** Returns true if the chat's options are in memory or can be read. */
export function isBuilt(): boolean {
  return known !== undefined || fs.existsSync(file);
}

function setting(option: Described): Setting {
  const { name, type, placeholder, default: fallback, help, reach } = option;
  const { least = 0, most = 0, choices = [], secret } = option;
  return {
    ...(secret === true ? { isSecret: true } : {}),
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
