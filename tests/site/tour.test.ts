/** A reader uses a stage in a real Chromium: by keyboard, by typing, by a link. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { say } from "../../scripts/lib/run.mjs";
import { play } from "../lab/explore/support/programs.js";
import { BASE, CHAPTERS } from "./support/pages.js";
import type { Page } from "./support/playwright.js";
import { Visitor } from "./support/visit.js";

/** Gzipped bytes of a page, until its stage can be used. */
const FIRST_VIEW_BYTES = 200_000;
/** Milliseconds from Enter to the new picture. On a busy machine, the fastest line tells. */
const ANSWER_MS = 100;
const LINES = 40;
/** A page's own calls of the guest for one line of echo: what its answer costs at least. */
const STEPS_MOST = 80;

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.start();
});

afterAll(() => visitor.end());

const fact = (page: Page, name: string) => page.getAttribute("poll-stage", `data-${name}`);
const sentenceOf = (page: Page) => page.locator(".sentence").textContent();
const screenOf = (page: Page, client: number) =>
  page.locator(`form[data-client="${client}"] .screen`).textContent();

async function say1(page: Page, client: number, text: string): Promise<void> {
  await page.getByLabel(`What client ${client} says`).fill(text);
  await page.keyboard.press("Enter");
}

test("by keyboard alone: to the stage, through the run, to the line that copies, and to a line of one's own", async () => {
  const page = await visitor.stage("one-wait");
  const focused = () => page.evaluate<string>(FOCUSED);
  for (let press = 0; press < 60 && (await focused()) !== "stage"; press++)
    await page.keyboard.press("Tab");
  expect(await focused()).toBe("stage");
  await page.keyboard.press("Home");
  for (let step = 0; step < STEPS_MOST && !/Phase 2/.test((await sentenceOf(page)) ?? ""); step++)
    await page.keyboard.press("ArrowRight");
  expect(await sentenceOf(page)).toMatch(/^onRead calls sock_recv\(4\): 6 bytes are copied/);
  expect(await page.locator(".ln.now").textContent()).toContain("recv(fd, buffer, RECV_BYTES)");
  await page.keyboard.press("w");
  expect(await sentenceOf(page)).toMatch(/^select\(\) has called poll_oneoff/);
  await page.keyboard.press("End");
  for (let press = 0; press < 40 && (await focused()) !== "What client 2 says"; press++)
    await page.keyboard.press("Tab");
  await page.keyboard.type("typed blind");
  await page.keyboard.press("Enter");
  expect(await screenOf(page, 1)).toContain("Your msg is typed blind");
  await page.context().close();
});

test("a typed line is answered by the guest, and the run is the same in Node and from its link", async () => {
  const page = await visitor.stage("one-wait");
  await page.locator(".stage").focus();
  await page.keyboard.press("End");
  await say1(page, 2, "hi there");
  expect(await screenOf(page, 1)).toContain("Your msg is hi there");
  const [hash, link] = [await fact(page, "hash"), (await fact(page, "link")) ?? ""];
  say(`the same run in Chromium and in Node: ${hash ?? ""} ${play(link).hash}`);
  expect(play(link).hash).toBe(hash);
  // What a reader sees at the end is what `pollcast replay` prints.
  expect(await page.locator(".facts .hash").textContent()).toBe(hash);
  await page.locator('[data-do="link"]').click();
  const address = await page.evaluate<string>("location.href");
  expect(address).toContain(`#run=${link}`);
  const again = await visitor.stage(
    `one-wait#${address.slice(address.indexOf("#") + 1)}`,
    page.context(),
  );
  expect(await fact(again, "hash")).toBe(hash);
  await page.context().close();
});

test.each([
  "chat_v1@wasmtime-36,1000c0,2000c1,4000w0hello%0A",
  "chat_v2,1000c0,1050c1,1300w0hello%0A",
  "io_models:asynchronous,1000c0,1500c1,3000w1hello%0A",
])("%s has the same trace in Chromium and in Node", async (link) => {
  const page = await visitor.stage(`one-wait#run=${link}`);
  expect(await fact(page, "hash")).toBe(play(link).hash);
  await page.context().close();
});

test("to go back and say something else leaves the past as it was", async () => {
  const page = await visitor.stage("one-wait");
  const [moment, cursor] = [await fact(page, "moment"), (await fact(page, "cursor")) ?? "0"];
  await say1(page, 1, "another past");
  expect(await screenOf(page, 0)).toContain("Your msg is another past");
  expect(await screenOf(page, 1)).toBe("");
  await page.locator(".scrub").fill(cursor);
  expect(await fact(page, "moment")).toBe(moment);
  expect(await page.locator(".seam").textContent()).toMatch(/ran again .*, \d+ moments as before/);
  await page.context().close();
});

test(`a typed line is answered within ${ANSWER_MS} ms, and no line costs more than the one before`, async () => {
  const page = await visitor.stage("one-wait");
  const { times, steps } = await page.evaluate<{ times: number[]; steps: number[] }>(TYPE_LINES);
  const sorted = [...times].sort((one, other) => one - other);
  const [fastest = Infinity, median = Infinity] = [sorted[0], sorted[LINES / 2]];
  say(
    `of ${LINES} typed lines, the fastest is answered and drawn in ${fastest.toFixed(1)} ms, ` +
      `the middle one in ${median.toFixed(1)} ms`,
  );
  expect(fastest).toBeLessThan(ANSWER_MS);
  expect(new Set(steps).size).toBe(1);
  expect(steps[0]).toBeLessThan(STEPS_MOST);
  await page.context().close();
});

test.each([...CHAPTERS, "zh/chat-v1"])(
  `a first view of /%s is at most ${FIRST_VIEW_BYTES / 1000} KB`,
  async (name) => {
    const page = await (await visitor.context()).newPage();
    const sizes: Promise<number>[] = [];
    page.on("response", (response) =>
      sizes.push(response.body().then((body) => gzipSync(body).length)),
    );
    await page.goto(`${visitor.origin}${BASE}${name}`, { waitUntil: "networkidle" });
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    say(`a first view of /${name}: ${total} bytes, gzipped`);
    expect(total).toBeLessThan(FIRST_VIEW_BYTES);
    await page.context().close();
  },
);

test("without a script, a page has its prose, its code and its pictures", async () => {
  const page = await visitor.open("echo", await visitor.context({ javaScriptEnabled: false }));
  const picture = page.locator("poll-stage img");
  expect(await picture.getAttribute("alt")).toMatch(/poll_oneoff/);
  const { width } = (await picture.boundingBox()) ?? { width: 0 };
  expect(width).toBeGreaterThan(300);
  expect(await page.locator("poll-bet ol").textContent()).toContain("It returns at once");
  await page.context().close();
});

test("a page that lacks a module says so, and keeps its picture", async () => {
  const context = await visitor.context();
  const page = await context.newPage();
  await page.route("**/echo.wasm", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${visitor.origin}${BASE}one-wait`);
  await page.waitForSelector("poll-stage[data-failed]");
  expect(await page.locator("poll-stage [role=alert]").textContent()).toMatch(/echo\.wasm: 404/);
  expect((await page.locator("poll-stage img").boundingBox())?.width).toBeGreaterThan(300);
  await context.close();
});

test("no page has asked another host for anything, or reported an error", () => {
  expect(visitor.strangers).toEqual([]);
  expect(visitor.errors).toEqual([]);
});

/** The class or the label of the innermost element that has the focus. */
const FOCUSED = `(() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found?.className === "stage" ? "stage" : (found?.getAttribute("aria-label") ?? "");
})()`;

/** Lines typed into client 2, each timed until it is drawn; with the calls that each has added. */
const TYPE_LINES = `(() => {
  const stage = document.querySelector("poll-stage");
  const form = stage.shadowRoot.querySelector('form[data-client="1"]');
  const calls = () => stage.session.recording.calls;
  stage.seek(Infinity);
  const times = [], steps = [];
  for (let line = 10; line < 10 + ${LINES}; line++) {
    form.querySelector("input").value = "line " + line;
    const before = calls(), began = performance.now();
    form.requestSubmit();
    times.push(performance.now() - began);
    steps.push(calls() - before);
  }
  return { times, steps };
})()`;
