import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenForStop, SAME_REQUEST_MS } from "../../host/signals.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test.each(["SIGINT", "SIGTERM", "SIGHUP"])("%s is a request to stop, not to hurry", (signal) => {
  const source = new EventEmitter();
  const { stop, hurry } = listenForStop(source);
  source.emit(signal);
  expect([stop.aborted, hurry.aborted]).toEqual([true, false]);
});

test("npm's copy of the same Ctrl-C does not hurry", () => {
  const source = new EventEmitter();
  const { hurry } = listenForStop(source);
  source.emit("SIGINT");
  vi.advanceTimersByTime(SAME_REQUEST_MS - 1);
  source.emit("SIGINT");
  expect(hurry.aborted).toBe(false);
});

test("a second Ctrl-C hurries", () => {
  const source = new EventEmitter();
  const { hurry } = listenForStop(source);
  source.emit("SIGINT");
  vi.advanceTimersByTime(SAME_REQUEST_MS);
  source.emit("SIGINT");
  expect(hurry.aborted).toBe(true);
});

test("disposing lets go of the signals", () => {
  const source = new EventEmitter();
  listenForStop(source).dispose();
  expect(source.eventNames()).toEqual([]);
});
