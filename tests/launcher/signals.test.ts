import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenForStop, SAME_REQUEST_MS } from "../../host/launcher/serve/signals.js";

class FakeProcess extends EventEmitter {
  ppid = 10;
  constructor(readonly env: NodeJS.ProcessEnv = {}) {
    super();
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
});
afterEach(() => void vi.useRealTimers());

test.each(["SIGINT", "SIGTERM", "SIGHUP"])("%s is a request to stop, not to hurry", (signal) => {
  const source = new FakeProcess();
  const { stop, hurry } = listenForStop(source);
  source.emit(signal);
  expect([stop.aborted, hurry.aborted]).toEqual([true, false]);
});

test("npm's copy of the same Ctrl-C does not hurry", () => {
  const source = new FakeProcess();
  const { hurry } = listenForStop(source);
  source.emit("SIGINT");
  vi.advanceTimersByTime(SAME_REQUEST_MS - 1);
  source.emit("SIGINT");
  expect(hurry.aborted).toBe(false);
});

test("a second Ctrl-C hurries", () => {
  const source = new FakeProcess();
  const { hurry } = listenForStop(source);
  source.emit("SIGINT");
  vi.advanceTimersByTime(SAME_REQUEST_MS);
  source.emit("SIGINT");
  expect(hurry.aborted).toBe(true);
});

test("disposing lets go of the signals", () => {
  const source = new FakeProcess();
  listenForStop(source).dispose();
  expect(source.eventNames()).toEqual([]);
});

test("started by npm, the loss of the parent is a request to stop, and one only", () => {
  const source = new FakeProcess({ npm_lifecycle_event: "npx" });
  const { stop, hurry } = listenForStop(source);
  vi.advanceTimersByTime(10_000);
  expect(stop.aborted).toBe(false);
  source.ppid = 1;
  vi.advanceTimersByTime(10_000);
  expect([stop.aborted, hurry.aborted]).toEqual([true, false]);
});

test("started otherwise, it may outlive its parent", () => {
  const source = new FakeProcess();
  const { stop } = listenForStop(source);
  source.ppid = 1;
  vi.advanceTimersByTime(10_000);
  expect(stop.aborted).toBe(false);
});

test("where SIGTERM drains first, the next one stops, and the third hurries", () => {
  const source = new FakeProcess();
  const requests = listenForStop(source);
  const aborted = (): boolean[] =>
    [requests.drain, requests.stop, requests.hurry].map((signal) => signal.aborted);
  requests.drainsFirst = true;
  source.emit("SIGTERM", "SIGTERM");
  source.emit("SIGTERM", "SIGTERM");
  expect(aborted()).toEqual([true, false, false]);
  vi.advanceTimersByTime(SAME_REQUEST_MS);
  source.emit("SIGTERM", "SIGTERM");
  expect(aborted()).toEqual([true, true, false]);
  vi.advanceTimersByTime(SAME_REQUEST_MS);
  source.emit("SIGINT", "SIGINT");
  expect(aborted()).toEqual([true, true, true]);
});

test("SIGINT does not drain, nor does a SIGTERM after it", () => {
  const source = new FakeProcess();
  const requests = listenForStop(source);
  requests.drainsFirst = true;
  source.emit("SIGINT", "SIGINT");
  vi.advanceTimersByTime(SAME_REQUEST_MS);
  source.emit("SIGTERM", "SIGTERM");
  const { drain, stop, hurry } = requests;
  expect([drain.aborted, stop.aborted, hurry.aborted]).toEqual([false, true, true]);
});

test("SIGHUP reloads as often as it comes, where there is something to reload", () => {
  const source = new FakeProcess();
  const requests = listenForStop(source);
  const reload = vi.fn();
  requests.reload = reload;
  source.emit("SIGHUP", "SIGHUP");
  source.emit("SIGHUP", "SIGHUP");
  expect(reload).toHaveBeenCalledTimes(2);
  expect(requests.stop.aborted).toBe(false);
});
