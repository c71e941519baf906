/** The pages of the built site, and the path under which it was built. */
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../../../scripts/lib/root.mjs";

export const BASE = process.env["SITE_BASE"] ?? "/";
export const DIST = inRoot("site/dist");

/** The chapters by name, for an address; the first page's is empty. */
export const CHAPTERS = fs
  .readdirSync(inRoot("site/pages"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, "").replace(/^index$/, ""));

/** Every built page, relative to the site. */
export function htmlFiles(): string[] {
  return fs
    .readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.split(path.sep).join("/"));
}

export function htmlOf(file: string): string {
  return fs.readFileSync(path.join(DIST, file), "utf8");
}
