/** Makes the tables of options in docs/ from the options. */
import { chatSettings } from "./chat.js";
import { flagOf, type Setting } from "./kinds.js";
import { listeningSettings, servingSettings } from "./launcher.js";

/**
 * Returns the tables by name. A page has a table between `<!-- options NAME -->` and `<!-- end
 * -->`.
 */
export function optionTables(): ReadonlyMap<string, string> {
  return new Map([
    ["launcher", table([...listeningSettings, ...servingSettings])],
    ["chat", table(chatSettings())],
  ]);
}

/**
 * Returns the page with each table replaced by the current one.
 *
 * @throws if a table's name is unknown
 */
export function withTables(page: string): string {
  const tables = optionTables();
  return page.replaceAll(
    /(<!-- options (\S+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const found = tables.get(name);
      if (found === undefined) throw new Error(`there is no table of options ${name}`);
      return `${start}\n${found}\n${end}`;
    },
  );
}

function table(settings: readonly Setting[]): string {
  const head = ["option", "default", "bounds", "live", "what it does"];
  const rows = settings.map((setting) => [
    code([flagOf(setting), setting.placeholder].join(" ").trim()),
    setting.kind === "flag" ? "" : code(setting.default),
    setting.bounds.replaceAll("|", "\\|"),
    setting.live ? "yes" : "",
    setting.help.replaceAll("|", "\\|"),
  ]);
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |\n`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
