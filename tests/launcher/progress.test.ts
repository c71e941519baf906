import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "../../host/launcher/wasmtime/progress.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

function output(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY });
}

test("on a terminal one line is rewritten, and gone at the end", () => {
  const terminal = output(true);
  const progress = new Progress(terminal);
  progress.update("1 of 2");
  vi.advanceTimersByTime(100);
  progress.update("2 of 2");
  progress.done();
  expect(terminal.read()).toBe("\r\x1b[Kpollcast: 1 of 2\r\x1b[Kpollcast: 2 of 2\r\x1b[K");
});

test("in a file there is a line now and then, and no control characters", () => {
  const file = output(false);
  const progress = new Progress(file);
  for (let second = 0; second <= 20; second++) {
    progress.update(`${second} s`);
    vi.advanceTimersByTime(1_000);
  }
  progress.done();
  expect(file.read()).toBe("pollcast: 0 s\npollcast: 15 s\n");
});

test("lines that stay are not written into the one that is rewritten", () => {
  const terminal = output(true);
  const progress = new Progress(terminal);
  progress.update("half way");
  progress.print(["it failed"]);
  expect(terminal.read()).toBe("\r\x1b[Kpollcast: half way\r\x1b[Kit failed\n");
});
