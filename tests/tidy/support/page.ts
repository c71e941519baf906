/** The pages in Markdown as the tidy checks see them: links, anchors, and files that they name. */
import fs from "node:fs";
import path from "node:path";
import { root } from "../../../scripts/lib/root.mjs";

/** Folders whose paths in backticks are files of the repository. */
const PATH = /`((?:assembly|host|lab|scripts|docs|tests|library)\/[\w./-]*)`/g;
const IGNORED = new Set(["_docs", ".git", "build", "dist", "node_modules"]);

export interface Link {
  /** As the page has it. */
  text: string;
  /** Relative to the repository. */
  file: string;
  /** Empty for the page itself. */
  anchor: string;
}

/** @returns each page, relative to the repository */
export function pages(folder = ""): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : pages(name);
    return name.endsWith(".md") ? [name] : [];
  });
}

/** @returns the relative links of a page, its examples of code left out */
export function linksOf(page: string): Link[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, text = ""]) => text)
    .filter((text) => !/^[a-z]+:/.test(text))
    .map((text) => {
      const [file = "", anchor = ""] = text.split("#");
      const target = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
      return { text, file: target, anchor };
    });
}

/** @returns the anchors of the headings of a page, as GitHub makes them */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** @returns the files and folders that a page names in backticks */
export function pathsOf(page: string): string[] {
  return [...proseOf(page).matchAll(PATH)].map(([, file = ""]) => file);
}

function proseOf(page: string): string {
  const text = fs.readFileSync(path.join(root, page), "utf8");
  return text.replaceAll(/^```[^]*?^```$/gm, "");
}
