/**
 * The output of `config check`: the effective options as a configuration file, each with its source
 * as a comment.
 */
import { type Chosen, type Configuration, ONE_PLACE } from "./resolve.js";

/** The options whose values are passwords: people show this output to others. */
const SECRETS = ["irc-oper", "irc-password"];

/** Returns the text of `config check`. */
export function showConfiguration({ chosen }: Configuration): string {
  const isElsewhere = chosen.has("listen") || chosen.has("listen-proxy");
  const used = [...chosen.values()].filter(
    ({ setting }) => !(isElsewhere && ONE_PLACE.includes(setting.name)),
  );
  const lines = used.map((one) => ({ text: lineOf(one), where: one.where }));
  const width = Math.max(...lines.map(({ text }) => text.length));
  return lines.map(({ text, where }) => `${text.padEnd(width)}  # ${where}\n`).join("");
}

function lineOf({ setting: { name, kind }, texts }: Chosen): string {
  if (SECRETS.includes(name) && texts.some((text) => text !== "")) return `# ${name} is set`;
  if (kind === "list") return `${name} = [${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
  const [text = ""] = texts;
  if (kind === "number") return `${name} = ${Number(text)}`;
  return `${name} = ${kind === "flag" ? text : JSON.stringify(text)}`;
}
