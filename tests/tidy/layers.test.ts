/** The layers of DESIGN.md: imports point down its table of folders, without cycles. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { circlesOf, edgesOf } from "./support/graph.js";
import { importsOf, sourcesIn } from "./support/source.js";

/** The folders of the table, the highest first. */
const layers = [...tableOf("## The folders").matchAll(/^\| `([\w/]+\/)` +\|/gm)].map(
  ([, folder = ""]) => folder,
);
const sources = sourcesIn(...new Set(layers.map((folder) => folder.split("/")[0] ?? "")));
const edges = sources.flatMap(edgesOf);

function tableOf(title: string): string {
  const design = fs.readFileSync(path.join(root, "DESIGN.md"), "utf8");
  return design.split(`${title}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** The longest folder of the table that a file lies in. */
function layerOf(file: string): string | undefined {
  const around = layers.filter((folder) => file.startsWith(folder));
  return around.sort((one, two) => two.length - one.length)[0];
}

/** The circles of the imports in some folders. */
function circlesIn(...folders: string[]): string[][] {
  const inside = (file: string) => folders.some((folder) => file.startsWith(folder));
  return circlesOf(
    edges.filter(({ from, to, isTypeOnly }) => !isTypeOnly && inside(from) && inside(to)),
  );
}

test("every folder with code is in the table, and every folder of the table is there", () => {
  const withCode = fs
    .readdirSync(root, { withFileTypes: true })
    .filter((one) => one.isDirectory() && !/^(\.|node_modules$|build$|dist$|docs$)/.test(one.name))
    .map(({ name }) => `${name}/`)
    .filter((folder) => sourcesIn(folder).some(({ file }) => layerOf(file) === undefined));
  expect(withCode).toEqual([]);
  expect(layers.filter((folder) => !fs.existsSync(path.join(root, folder)))).toEqual([]);
  expect(new Set(layers).size).toBe(layers.length);
});

test("imports point down the table", () => {
  const height = (file: string) => layers.indexOf(layerOf(file) ?? "");
  const up = edges.filter(({ from, to }) => layerOf(to) !== undefined && height(to) < height(from));
  expect(up.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test("imports of values go in no circle", () => {
  expect(circlesIn("assembly/", "host/", "lab/", "scripts/")).toEqual([]);
});

test("what runs before the packages are installed imports none", () => {
  const files = new Map(
    sourcesIn("scripts", "lab", "library", "host/bootstrap").map((one) => [one.file, one]),
  );
  const entries = [...files.keys()].filter((file) => /^(scripts\/\w+|lab\/main)\.mjs$/.test(file));
  const reached = new Set(entries);
  const packages: string[] = [];
  for (const file of reached) {
    const one = files.get(file);
    if (one === undefined) continue;
    for (const { from } of importsOf(one)) {
      if (/^[\w.]+\//.test(from) && files.has(from)) reached.add(from);
      else if (!from.startsWith("node:")) packages.push(`${file} imports ${from}`);
    }
  }
  expect(reached.size).toBeGreaterThan(entries.length);
  expect(packages).toEqual([]);
});
