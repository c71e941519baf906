/** The parts of `pollcast connect` alone. */
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { Backoff, LASTING_MS, WAIT_MOST_MS } from "../../host/launcher/connect/backoff.js";
import { CatchUp } from "../../host/launcher/connect/catch_up.js";
import { InputLines } from "../../host/launcher/connect/input_lines.js";
import { COMMANDS, KnownWords } from "../../host/launcher/connect/known_words.js";
import {
  BURST_LINES,
  LineQueue,
  RATE_LINES,
  WAITING_LINES_MOST,
} from "../../host/launcher/connect/line_queue.js";
import { parsePlace } from "../../host/launcher/connect/place.js";
import type { Session } from "../../host/launcher/connect/session.js";
import {
  PlainView,
  WAITING_LINES_MOST as WAITING_INPUT_MOST,
} from "../../host/launcher/connect/view.js";
import type { UserEnd } from "../../host/launcher/control/console.js";
import { ConsoleOutput } from "../../host/launcher/guest/console.js";
import { render } from "../../host/launcher/connect/render.js";

test.each([
  ["chat.example:7000", { host: "chat.example", port: 7000 }],
  ["chat.example", { host: "chat.example", port: 9999 }],
  [":7000", { host: "127.0.0.1", port: 7000 }],
  ["[::1]:7000", { host: "::1", port: 7000 }],
  ["[::1]", { host: "::1", port: 9999 }],
  ["::1", { host: "::1", port: 9999 }],
  ["2001:db8::1", { host: "2001:db8::1", port: 9999 }],
])("%s is a server", (text, address) => {
  expect(parsePlace(text)).toEqual(address);
});

test.each(["", ":", ":0", ":65536", ":http", "host:", "host:0", "host:x", "a b", "[::1]:0"])(
  "%j is none",
  (text) => expect(() => parsePlace(text)).toThrow(/is no server: HOST:PORT, HOST or :PORT is/),
);

describe("the wait before another attempt", () => {
  test("doubles up to its bound, and is short again after a connection that lasted", () => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 8 }, () => backoff.next(0, 1));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000));
    expect(backoff.next(LASTING_MS - 1, 1)).toBe(WAIT_MOST_MS);
    expect(backoff.next(LASTING_MS, 1)).toBe(1_000);
    expect(backoff.next(0, 0)).toBe(1_000);
  });
});

describe("messages around a break", () => {
  const message = (id: number) => ({ type: "message", id });

  test("come by id, each once, and none that was shown", () => {
    const catchUp = new CatchUp(10);
    for (const id of [13, 11, 10, 9, 12, 13, 11]) catchUp.add(message(id));
    catchUp.add({ type: "join" });
    expect(catchUp.objects()).toEqual([message(11), message(12), message(13), { type: "join" }]);
  });

  test("are at most 20,000", () => {
    const catchUp = new CatchUp(0);
    for (let id = 1; id < 20_000; id++) catchUp.add(message(id));
    expect(catchUp.add(message(20_000))).toBe(true);
    expect(catchUp.add(message(20_001))).toBe(false);
  });
});

describe("lines on their way", () => {
  beforeEach(
    () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }),
  );
  afterEach(() => void vi.useRealTimers());

  test("go out at once up to a burst, then at a rate, and in order", () => {
    const sent: string[] = [];
    const queue = new LineQueue(
      (line) => sent.push(line),
      () => undefined,
    );
    const lines = Array.from({ length: BURST_LINES + 2 * RATE_LINES }, (_, at) => String(at));
    for (const line of lines) queue.add(line);
    expect(sent).toEqual([]);
    queue.open();
    expect(sent).toHaveLength(BURST_LINES);
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(BURST_LINES + RATE_LINES);
    queue.shut();
    vi.advanceTimersByTime(5_000);
    expect(sent).toHaveLength(BURST_LINES + RATE_LINES);
    queue.open();
    expect(sent).toEqual(lines);
  });

  test(`wait, ${WAITING_LINES_MOST} of them at most`, () => {
    const queue = new LineQueue(
      () => undefined,
      () => undefined,
    );
    for (let at = 1; at < WAITING_LINES_MOST; at++) queue.add("x");
    expect([queue.add("x"), queue.add("x")]).toEqual([true, false]);
  });
});

describe("an input", () => {
  test("is cut into lines, and a line past the bound is left out as a whole", () => {
    const long = "x".repeat(11);
    const text = Buffer.from(`one\r\n\n${long}\n0123456789\n${long}${long}\ntwo`);
    for (let size = 1; size <= text.length; size++) {
      const input = new InputLines(10);
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size)
        lines.push(...input.take(text.subarray(at, at + size)));
      lines.push(...input.rest());
      expect([lines, input.takeTooLong()]).toEqual([["one", "0123456789", "two"], 2]);
    }
  });

  test("of more lines than may wait is added as these are sent, and then is at its end", async () => {
    const input = new PassThrough();
    const output = new ConsoleOutput(new PassThrough());
    const added: string[] = [];
    const session = {
      waitingLines: 0,
      add(line: string) {
        added.push(line);
        return ++session.waitingLines <= WAITING_INPUT_MOST;
      },
      finish: vi.fn(),
    };
    const user = { input, output, errors: output } as unknown as UserEnd;
    const view = new PlainView(user);
    view.open(session as unknown as Session);
    const lines = Array.from({ length: 3 * WAITING_INPUT_MOST }, (_, at) => String(at));
    input.end(lines.join("\n"));
    await vi.waitFor(() => expect(added).toHaveLength(WAITING_INPUT_MOST));
    while (added.length < lines.length) {
      expect(session.finish).not.toHaveBeenCalled();
      session.waitingLines -= 100;
      view.onSent();
      await new Promise(setImmediate);
    }
    await vi.waitFor(() => expect(session.finish).toHaveBeenCalled());
    expect(added).toEqual(lines);
  });
});

describe("completion", () => {
  test("knows the commands of the page, but for /style", () => {
    const page = fs.readFileSync(path.join(packageRoot, "docs/reference/commands.md"), "utf8");
    const cells = [...page.matchAll(/^\| (`\/.*?) \|/gm)].map(([, cell = ""]) => cell);
    const commands = cells.flatMap((cell) => cell.match(/(?<=`)\/\w+/g) ?? []);
    expect(new Set(commands)).toEqual(new Set([...COMMANDS, "/style"]));
  });

  test("has names of those who speak, come and are listed, and not of those who left", () => {
    const words = new KnownWords();
    words.hear({ type: "message", from: "ann", room: "tea" });
    words.hear({ type: "join", from: "Anton" });
    words.hear({ type: "names", names: ["anna", "an\u001b[2J", "bob"] });
    words.hear({ type: "nick", from: "bob", to: "antje" });
    words.hear({ type: "leave", from: "anna" });
    expect(words.complete("an")).toEqual(["Anton: ", "ann: ", "antje: "]);
    expect(words.complete("hello AN")).toEqual(["Anton ", "ann ", "antje "]);
    expect(words.complete("/msg ant")).toEqual(["Anton ", "antje "]);
    expect(words.complete("/join t")).toEqual(["tea "]);
    expect(words.complete("/nick a")).toEqual([]);
    expect(words.complete("/no")).toEqual([]);
    expect(words.complete("")).toEqual([]);
  });

  test("keeps 1,000 names, the latest", () => {
    const words = new KnownWords();
    for (let at = 0; at <= 1_000; at++) words.hear({ type: "join", from: `n${at}` });
    expect(words.complete("n0")).toEqual([]);
    expect(words.complete("n1000")).toEqual(["n1000: "]);
  });
});

test("a message of another day has its day", () => {
  const now = new Date(2026, 10, 30, 15, 20, 30);
  const look = { hasColour: false, you: "me", now };
  const at = (date: Date) =>
    render({ type: "message", time: date.getTime() / 1_000, from: "ann", text: "hi" }, look);
  expect(at(now)).toBe("15:20:30 ann: hi\n");
  expect(at(new Date(2026, 10, 29, 3, 4, 5))).toBe("2026/11/29 03:04:05 ann: hi\n");
});

test("a notice is shown as the line protocol shows it", () => {
  const now = new Date(2026, 10, 30, 15, 20, 31);
  const time = new Date(2026, 10, 30, 15, 20, 30).getTime() / 1_000;
  const shown = (notice: unknown): string =>
    render(
      { type: "message", time, from: "fay", text: "hi", notice },
      { hasColour: false, you: "ann", now },
    );
  expect(shown(true)).toBe("15:20:30 -fay- hi\n");
  expect(shown("true")).toBe("15:20:30 fay: hi\n");
  expect(shown(undefined)).toBe("15:20:30 fay: hi\n");
});
