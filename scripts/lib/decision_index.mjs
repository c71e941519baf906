/** The index of docs/decisions/: a row for each file, made from its title and its date. */
import fs from "node:fs";
import { markdownTable } from "./markdown_table.mjs";
import { inRoot } from "./root.mjs";

const FOLDER = "docs/decisions";
const FILE = /^(\d{4})-[a-z0-9-]+\.md$/;
const HEAD = /^# (\d+)\. (.+)\n\n(\d{4}-\d\d-\d\d)\n/;

/** @returns {string} a table in Markdown; throws where a file does not begin as a decision does */
export function decisionIndex() {
  const files = fs.readdirSync(inRoot(FOLDER)).filter((name) => FILE.test(name));
  const rows = files.sort().map((file) => {
    const [, number = "", title = "", date = ""] =
      HEAD.exec(fs.readFileSync(inRoot(`${FOLDER}/${file}`), "utf8")) ?? [];
    if (Number(number) !== Number(file.slice(0, 4)))
      throw new Error(`${FOLDER}/${file} does not begin with "# NUMBER. TITLE" and its date`);
    return [number, `[${title}](${file})`, date];
  });
  return markdownTable([["number", "decision", "date"], ...rows]);
}
