/** The pages of docs/ that have generated tables, as they are and as they should be. */
import fs from "node:fs";
import { decisionIndex } from "./decision_index.mjs";
import { inRoot } from "./root.mjs";

/** @returns {Promise<{ file: string, is: string, shouldBe: string }[]>} */
export async function generatedPages() {
  // Imported late: it needs a package that `npm test` installs after it has imported this file.
  const { limitsTable } = await import("./limits_table.mjs");
  const { withTables } = /** @type {typeof import("../../host/launcher/options/tables.js")} */ (
    await import(String(new URL("../../dist/host/launcher/options/tables.js", import.meta.url)))
  );
  return [
    page("docs/reference/options.md", withTables),
    page("docs/reference/limits.md", (text) => between(text, "limits", limitsTable())),
    page("docs/decisions/README.md", (text) => between(text, "decisions", decisionIndex())),
  ];
}

/** @param {string} file @param {(text: string) => string} write */
function page(file, write) {
  const is = fs.readFileSync(inRoot(file), "utf8");
  return { file, is, shouldBe: write(is) };
}

/** @param {string} text @param {string} name @param {string} table */
function between(text, name, table) {
  const start = `<!-- ${name} -->\n`;
  const [before, after] = [text.indexOf(start), text.indexOf("<!-- end -->")];
  if (before < 0 || after < 0) throw new Error(`there is no place for the table of ${name}`);
  return `${text.slice(0, before)}${start}\n${table}\n${text.slice(after)}`;
}
