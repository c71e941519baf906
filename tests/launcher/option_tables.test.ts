/** The tables of options in docs/ are made from the options, and up to date. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { chatSettings } from "../../host/launcher/options/chat.js";
import { servingSettings } from "../../host/launcher/options/launcher.js";
import { optionTables, withTables } from "../../host/launcher/options/tables.js";
import { packageRoot } from "../../host/launcher/base/programs.js";

const page = fs.readFileSync(path.join(packageRoot, "docs", "reference", "options.md"), "utf8");

test("the page of options is what npm run docs would write", () => {
  expect(page).toBe(withTables(page));
});

test("every option has its row, with its bounds and default", () => {
  for (const { name, bounds, default: fallback } of [...servingSettings, ...chatSettings()]) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`--${name} `)) ?? "";
    expect(row, name).toContain(bounds);
    expect(row, name).toContain(fallback);
  }
});

test("a stale table is written anew, and the rest of the page is left alone", () => {
  const stale = "before\n<!-- options chat -->\nnothing\n<!-- end -->\nafter\n";
  const table = optionTables().get("chat") ?? "";
  expect(withTables(stale)).toBe(
    `before\n<!-- options chat -->\n\n${table}\n<!-- end -->\nafter\n`,
  );
  expect(() => withTables(stale.replace("chat", "colours"))).toThrow("colours");
});
