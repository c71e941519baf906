/** The committed tables of characters equal the output of their script. */
import fs from "node:fs";
import { expect, test } from "vitest";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { unicodeTables } from "../../../scripts/lib/unicode_tables.mjs";

const CLASSES = "assembly/text/unicode_classes.ts";
const committed = /UNICODE: f64 = (\S+);/.exec(fs.readFileSync(inRoot(CLASSES), "utf8"))?.[1];

test("the tables have a version", () => {
  expect(committed).toMatch(/^\d+\.\d+$/);
});

// Another Node may know another Unicode.
test.skipIf(process.versions["unicode"] !== committed)("the tables are up to date", () => {
  for (const [file, text] of Object.entries(unicodeTables())) {
    expect(fs.readFileSync(inRoot(file), "utf8") === text, file).toBe(true);
  }
});
