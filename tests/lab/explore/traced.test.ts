/** `--trace` counts the equal waits of a program, also if the program checks the host's events. */
import { expect, test } from "vitest";
import type { Event, Kernel, Subscription } from "../../../host/runtime/kernel.js";
import { traced } from "../../../lab/explore/traced.js";

const WRITE: Subscription = { type: 2, fd: 4 };
const CLOCK: Subscription = { type: 0, clockId: 1, timeout: 0n, absolute: false };
const READY: Event = { index: 0, error: 0, type: 2, nbytes: 1, flags: 0 };

test("equal waits with equal checks are counted, and work between them is told", () => {
  const lines: string[] = [];
  const host = { enter: () => undefined, poll: () => [READY], send: () => 1 };
  const { kernel, trace } = traced(
    host as unknown as Kernel,
    (line) => void lines.push(line),
    "en",
  );
  const call = (name: string, act: () => unknown): void => {
    kernel.enter(name);
    act();
    trace.end(name, 0);
  };
  const spin = (times: number): void => {
    for (let count = 0; count < times; count++) {
      call("poll_oneoff", () => kernel.poll([WRITE]));
      call("poll_oneoff", () => kernel.poll([WRITE, CLOCK]));
    }
  };
  spin(20);
  call("sock_send", () => kernel.send(4, [Buffer.from("x")]));
  spin(1);
  const text = lines.join("\n");
  expect(text.match(/poll_oneoff returns/g)).toHaveLength(2);
  expect(text.match(/does not take the host's word/g)).toHaveLength(2);
  const counts = [...text.matchAll(/It is called again and returns the same, (\d+) times/g)];
  expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(19);
});
