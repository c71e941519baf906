/** The Markdown pages: each link and anchor has a target, and each file that they name exists. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { anchorsOf, linksOf, pages, pathsOf } from "./support/page.js";

const DECISIONS = "docs/decisions";

test("there are pages, and the README is one", () => {
  expect(pages()).toContain("README.md");
  expect(pages().length).toBeGreaterThan(20);
});

describe("a page", () => {
  test("that is linked to is there, and has the anchor", () => {
    const lost = pages().flatMap((page) =>
      linksOf(page)
        .filter(({ file, anchor }) => !leads(file, anchor))
        .map(({ text }) => `${page}: ${text}`),
    );
    expect(lost).toEqual([]);
  });

  test("names only files that are there", () => {
    const lost = pages().flatMap((page) =>
      pathsOf(page)
        .filter((file) => !fs.existsSync(path.join(root, file)))
        .map((file) => `${page}: ${file}`),
    );
    expect(lost).toEqual([]);
  });
});

test("the comparison names tests that are there", () => {
  const rows = fs.readFileSync(path.join(root, "docs/notes/comparison.md"), "utf8").split("\n");
  const named = rows.flatMap((row) => (row.split("|")[3] ?? "").match(/[\w/]+\/\w+/g) ?? []);
  const files = named.map((name) => `${name}.${name.includes("/specs/") ? "spec" : "test"}.ts`);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !fs.existsSync(path.join(root, "tests", file)))).toEqual([]);
});

test("each decision is in the index", () => {
  const linked = linksOf(`${DECISIONS}/README.md`).map(({ file }) => path.posix.basename(file));
  const files = fs.readdirSync(path.join(root, DECISIONS)).filter((name) => name !== "README.md");
  expect(files.filter((name) => !linked.includes(name))).toEqual([]);
});

test("the README has at most 110 lines, DESIGN.md at most 3,000 words", () => {
  const text = (page: string): string => fs.readFileSync(path.join(root, page), "utf8");
  expect(text("README.md").split("\n").length - 1).toBeLessThanOrEqual(110);
  expect(text("DESIGN.md").split(/\s+/).length).toBeLessThanOrEqual(3000);
});

function leads(file: string, anchor: string): boolean {
  if (!fs.existsSync(path.join(root, file))) return false;
  return anchor === "" || anchorsOf(file).includes(anchor);
}
