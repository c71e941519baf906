/** Makes the reference pages of the site: copies of docs/, in the same folders. */
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../scripts/lib/root.mjs";

const FROM = inRoot("docs");
const TO = inRoot("site/pages/_docs");
/** The reference is in English only: its pages offer no other language. */
const FRONT = "---\npageClass: reference\n---\n\n";

/** Copies docs/ to the pages. Links to files outside of docs/ become plain text. */
export function copyReference() {
  fs.rmSync(TO, { recursive: true, force: true });
  for (const file of referencePages()) {
    const text = fs.readFileSync(path.join(FROM, file), "utf8");
    const to = path.join(TO, file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, `${FRONT}${withinDocs(text, path.dirname(file))}`);
  }
}

/** @returns {string[]} the pages, relative to docs/; those directly in docs/ come first */
export function referencePages() {
  return fs
    .readdirSync(FROM, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .sort((one, other) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1));
}

/** @param {string} file */
function depthOf(file) {
  return file.split(path.sep).length;
}

/**
 * Returns a page's title, which is its first heading.
 * @param {string} file
 */
export function titleOf(file) {
  const text = fs.readFileSync(path.join(FROM, file), "utf8");
  return (/^# (.+)$/m.exec(text)?.[1] ?? file).replaceAll("`", "");
}

/**
 * @param {string} text
 * @param {string} folder
 */
function withinDocs(text, folder) {
  return text.replaceAll(
    /\[([^\]]+)\]\(([^)#\s]+)(#[^)]*)?\)/g,
    (/** @type {string[]} */ ...found) => {
      const [whole = "", label = "", target = ""] = found;
      if (/^[a-z]+:/.test(target)) return whole;
      const file = path.join(FROM, folder, target);
      const isInside = file.startsWith(FROM) && target.endsWith(".md") && fs.existsSync(file);
      return isInside ? whole : label;
    },
  );
}
