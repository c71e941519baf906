/**
 * The built site, visited in a real Chromium: by the keyboard, by typing, by a link; dark, narrow,
 * without a script. Where there is no Chromium, it says so and is left out.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import type http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { serve } from "../../../site/serve.mjs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "./support/playwright.js";
import { play } from "./support/programs.js";

const BASE = "/pollcast/";
const CHROMIUMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-sync",
];
/** Gzipped bytes of a page with a stage, until it can be used. */
const FIRST_VIEW_BYTES = 200_000;
const ANSWER_MS = 100;
const PAGES = fs
  .readdirSync(inRoot("site/pages"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, "").replace("index", ""));

const chromium = CHROMIUMS.flatMap((name) =>
  (process.env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, name)),
).find((file) => fs.existsSync(file));

if (chromium === undefined)
  process.stderr.write("site: there is no Chromium on this machine, so the site is not visited\n");

describe.runIf(chromium !== undefined)("the site", () => {
  let server: http.Server;
  let browser: Browser;
  let origin: string;
  const strangers: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    const words = ["site/build.mjs", "--no-serve", "--base", BASE];
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: inRoot("."),
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    server = await serve(inRoot("site/dist"), { base: BASE, port: 0 });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = inRoot("site/node_modules/playwright-core/index.mjs");
    const playwright = (await import(file)) as {
      chromium: { launch(options: object): Promise<Browser> };
    };
    browser = await playwright.chromium.launch({ executablePath: chromium, args: QUIET });
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const size = { viewport: { width: 1280, height: 900 } };
    return browser.newContext({ ...size, reducedMotion: "reduce", ...options });
  }

  async function visit(name: string, where: BrowserContext, hash = ""): Promise<Page> {
    const page = await where.newPage();
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== origin) strangers.push(request.url());
    });
    page.on("pageerror", (error) => errors.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${name}: ${message.text()}`);
    });
    await page.goto(`${origin}${BASE}${name}${hash}`);
    return page;
  }

  const ready = (page: Page) => page.waitForSelector("poll-stage[data-ready]");
  const stage = (page: Page, name: string) => page.getAttribute("poll-stage", `data-${name}`);

  test("is stepped through by the keyboard alone, to the line that copies", async () => {
    const page = await visit("one-wait", await context());
    await ready(page);
    await page.locator(".stage").focus();
    await page.keyboard.press("Home");
    const sentence = () => page.locator(".sentence").textContent();
    for (let step = 0; step < 60 && !/Phase 2/.test((await sentence()) ?? ""); step++)
      await page.keyboard.press("ArrowRight");
    expect(await sentence()).toMatch(/^onRead calls sock_recv\(4\): 6 bytes are copied/);
    expect(await page.locator(".ln.now").textContent()).toContain("recv(fd, buffer, RECV_BYTES)");
    await page.context().close();
  });

  test("answers what is typed, in the time of a keystroke; a link plays it again, here and in Node", async () => {
    const page = await visit("one-wait", await context());
    await ready(page);
    await page.locator(".stage").focus();
    await page.keyboard.press("End");
    const times: number[] = [];
    for (const text of ["one", "two", "hi there"]) {
      await page.getByLabel("What client 2 says").fill(text);
      await page.keyboard.press("Enter");
      const seam = (await page.locator(".seam").textContent()) ?? "";
      times.push(Number(/ran again in (\d+) ms/.exec(seam)?.[1]));
    }
    expect(await page.locator('form[data-client="1"] .screen').textContent()).toContain(
      "Your msg is hi there",
    );
    expect(Math.min(...times)).toBeLessThan(ANSWER_MS);
    const [hash, link] = [await stage(page, "hash"), (await stage(page, "link")) ?? ""];
    expect(play(link).hash).toBe(hash);
    const again = await visit("one-wait", page.context(), `#run=${link}`);
    await ready(again);
    expect(await stage(again, "hash")).toBe(hash);
    await page.context().close();
  });

  test("keeps the past of one who goes back and says something else", async () => {
    const page = await visit("one-wait", await context());
    await ready(page);
    const moment = await stage(page, "moment");
    const cursor = await stage(page, "cursor");
    await page.getByLabel("What client 1 says").fill("another past");
    await page.keyboard.press("Enter");
    expect(await page.locator('form[data-client="0"] .screen').textContent()).toContain(
      "Your msg is another past",
    );
    await page.locator(".scrub").fill(cursor ?? "0");
    expect(await stage(page, "moment")).toBe(moment);
    expect(await page.locator(".seam").textContent()).toMatch(
      /ran again in \d+ ms, \d+ moments as before/,
    );
    await page.context().close();
  });

  test("is light enough for a first view", async () => {
    const page = await (await context()).newPage();
    const sizes: Promise<number>[] = [];
    page.on("response", (response) =>
      sizes.push(
        response.body().then(
          (body) => gzipSync(body).length,
          () => 0,
        ),
      ),
    );
    await page.goto(`${origin}${BASE}one-wait`);
    await ready(page);
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    process.stderr.write(`site: a first view is ${total} bytes, gzipped\n`);
    expect(total).toBeLessThan(FIRST_VIEW_BYTES);
    await page.context().close();
  });

  test("has its prose, code and pictures without a script", async () => {
    const page = await visit("zh/one-wait", await context({ javaScriptEnabled: false }));
    expect(await page.locator("poll-stage img").getAttribute("alt")).toMatch(/poll_oneoff/);
    const picture = (await page.locator("poll-stage img").getAttribute("src")) ?? "";
    expect((await page.request.get(`${origin}${picture}`)).status()).toBe(200);
    expect(await page.locator("poll-bet ol").textContent()).toContain("一次");
    await page.context().close();
  });

  test.each([
    ["light, in English", "", { colorScheme: "light" }],
    ["dark, in Chinese", "zh/", { colorScheme: "dark" }],
    ["on a telephone", "", { viewport: { width: 390, height: 844 } }],
  ] as const)(
    "shows each page %s, and axe finds nothing",
    async (_, folder, options) => {
      const axe = fs.readFileSync(inRoot("site/node_modules/axe-core/axe.min.js"), "utf8");
      const where = await context(options);
      const found: string[] = [];
      for (const name of PAGES) {
        const page = await visit(`${folder}${name}`, where);
        await page.waitForFunction(FIGURES_READY, undefined, { timeout: 60_000 });
        expect(await page.evaluate("document.documentElement.scrollWidth > innerWidth"), name).toBe(
          false,
        );
        await page.evaluate(axe);
        const violations = await page.evaluate<string[]>(AXE);
        found.push(...violations.map((one) => `${folder}${name}: ${one}`));
        await page.close();
      }
      expect(found).toEqual([]);
      await where.close();
    },
    300_000,
  );

  test("asks nobody else for anything, and reports no error", () => {
    expect(strangers).toEqual([]);
    expect(errors).toEqual([]);
  });
});

/** Charts run when they are seen: here they are called for. */
const FIGURES_READY = `(() => {
  const all = [...document.querySelectorAll("poll-stage, poll-race, poll-bet, poll-spin, poll-scale")];
  const late = all.find((one) => one.dataset.ready === undefined);
  late?.scrollIntoView();
  return late === undefined;
})()`;
const AXE = `axe.run({ exclude: [".DocSearch"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, any }) => id + " " + target + " " + (any[0]?.message ?? ""))))`;
