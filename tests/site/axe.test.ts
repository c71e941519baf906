/** Each page in a real Chromium: axe-core finds nothing, nothing is cut off, no figure fails. */
import fs from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/lib/root.mjs";
import { CHAPTERS } from "./support/pages.js";
import { Visitor } from "./support/visit.js";

const TELEPHONE = { width: 390, height: 844 };
const REFERENCE = ["reference/tutorial", "reference/reference/selectors"];
const axe = fs.readFileSync(inRoot("site/node_modules/axe-core/axe.min.js"), "utf8");

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.start();
});

afterAll(() => visitor.end());

describe.each([
  ["light, in English", "", { colorScheme: "light" }],
  ["dark, in English", "", { colorScheme: "dark" }],
  ["dark, in Chinese", "zh/", { colorScheme: "dark" }],
  ["on a telephone", "", { viewport: TELEPHONE }],
  ["on a telephone, in Chinese", "zh/", { viewport: TELEPHONE }],
] as const)("axe finds nothing, and nothing scrolls sideways, %s:", (_, folder, how) => {
  const chapters = CHAPTERS.map((name) => `${folder}${name}`);
  test.each(folder === "" ? [...chapters, ...REFERENCE] : chapters)("/%s", async (name) => {
    const page = await visitor.open(name, await visitor.context(how));
    await page.waitForFunction(FIGURES_READY, undefined, { timeout: 60_000 });
    expect(await page.evaluate(SCROLLS_SIDEWAYS)).toBe(false);
    await page.evaluate(axe);
    expect(await page.evaluate<string[]>(AXE)).toEqual([]);
    await page.context().close();
  });
});

test("no page has asked another host for anything, or reported an error", () => {
  expect(visitor.strangers).toEqual([]);
  expect(visitor.errors).toEqual([]);
});

/** Figures begin when they are seen, and calls are counted when it is asked for. */
const FIGURES_READY = `(() => {
  const all = [...document.querySelectorAll("poll-stage, poll-race, poll-bet, poll-spin, poll-scale")];
  const late = all.find(({ dataset }) => dataset.ready === undefined);
  late?.scrollIntoView();
  for (const { shadowRoot } of all) shadowRoot?.querySelector("button.count:enabled")?.click();
  return late === undefined && all.every(({ localName, dataset }) =>
    localName !== "poll-spin" || dataset.counted !== undefined);
})()`;
const SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth";
const AXE = `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, any }) => id + " " + target + " " + (any[0]?.message ?? ""))))`;
