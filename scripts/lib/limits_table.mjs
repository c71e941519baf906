/**
 * The table of limits in docs/, made from the constants whose comment ends with `@limit UNIT`. The
 * limits that are options have tables of their own (host/launcher/options/tables.ts).
 */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { inRoot } from "./root.mjs";
import { markdownTable } from "./markdown_table.mjs";

/** The folders of the product; a folder that does not exist is skipped. */
const FOLDERS = ["assembly", "host"];
const KIB = 1024;
/** The units of time that constants have, in seconds. */
const SECONDS = new Map([
  ["seconds", 1],
  ["milliseconds", 1e-3],
  ["nanoseconds", 1e-9],
]);
/** The units of time that the table has, in seconds. */
const SCALES = [
  { seconds: 1, unit: "s" },
  { seconds: 1e-3, unit: "ms" },
  { seconds: 1e-6, unit: "us" },
];

/**
 * @typedef {{ name: string, value: ts.Expression, unit: string, what: string, file: string }}
 * Constant unit is empty for a constant that is no limit
 */

/** @returns {string} a table in Markdown, a row for each limit, sorted by file */
export function limitsTable() {
  const constants = FOLDERS.flatMap(sources).flatMap(constantsIn);
  const rows = constants
    .filter(({ unit }) => unit !== "")
    .map((one) => {
      const amount = amountOf(evaluate(one.value, one.file, constants), one.unit);
      return [firstSentence(one.what), amount, `\`${one.name}\``, `\`${one.file}\``];
    });
  return markdownTable([["limit", "value", "constant", "file"], ...rows]);
}

/** @param {string} folder @returns {string[]} its sources, relative to the repository */
function sources(folder) {
  return fs
    .readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.posix.join(folder, name.replaceAll("\\", "/")))
    .sort();
}

/** @param {string} file @returns {Constant[]} the constants of its top level */
function constantsIn(file) {
  const text = fs.readFileSync(inRoot(file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return tree.statements.filter(ts.isVariableStatement).flatMap((statement) =>
    statement.declarationList.declarations.flatMap(({ name, initializer: value }) => {
      if (value === undefined) return [];
      const comment = ts.getJSDocCommentsAndTags(statement).find(ts.isJSDoc)?.getText() ?? "";
      const [words = "", unit = ""] = comment.split("@limit").map(plain);
      return [{ name: name.getText(), value, unit, what: words, file }];
    }),
  );
}

/** @param {string} comment @returns {string} its words, without stars and line breaks */
function plain(comment) {
  const text = comment.replaceAll(/\/\*\*|\*\//g, "").replaceAll(/^\s*\*/gm, "");
  return text.replaceAll(/\s+/g, " ").trim();
}

/** @param {string} text */
function firstSentence(text) {
  return text.split(/(?<=\.) /)[0] ?? "";
}

/**
 * @param {ts.Expression} node
 * @param {string} file the file of the expression
 * @param {Constant[]} constants
 * @returns {number} the value of the expression
 * @throws {Error} if it contains anything but numbers, constants and operators
 */
function evaluate(node, file, constants) {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return evaluate(node.expression, file, constants);
  if (ts.isBinaryExpression(node)) {
    const left = evaluate(node.left, file, constants);
    const right = evaluate(node.right, file, constants);
    if (node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) return left * right;
    if (node.operatorToken.kind === ts.SyntaxKind.SlashToken) return left / right;
    if (node.operatorToken.kind === ts.SyntaxKind.PlusToken) return left + right;
  }
  const same = constants.filter(({ name }) => ts.isIdentifier(node) && name === node.text);
  const found = same.find((one) => one.file === file) ?? same[0];
  if (found === undefined) throw new Error(`${file}: cannot evaluate ${node.getText()}`);
  return evaluate(found.value, found.file, constants);
}

/** @param {number} value @param {string} unit @returns {string} */
function amountOf(value, unit) {
  if (unit === "bytes" && value % (KIB * KIB) === 0) return `${value / (KIB * KIB)} MiB`;
  if (unit === "bytes" && value % KIB === 0) return `${value / KIB} KiB`;
  const seconds = value * (SECONDS.get(unit) ?? NaN);
  const scale = SCALES.find((one) => seconds >= one.seconds);
  if (scale !== undefined) return `${spell(seconds / scale.seconds)} ${scale.unit}`;
  return `${spell(value)} ${value === 1 ? singular(unit) : unit}`;
}

/** @param {string} unit a plural: rooms, entries, addresses @returns {string} its singular */
function singular(unit) {
  return unit.replace(/ies$/, "y").replace(/(?<=ss)es$|s$/, "");
}

/** @param {number} value */
function spell(value) {
  return value.toLocaleString("en");
}
