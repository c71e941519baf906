/** Which of a component's looks at the clock is taken for the beginning of a tick. */
import { expect, test } from "vitest";
import { WakeClock } from "../../host/sim/wake_clock.js";
import { Eventtype } from "../../host/wasi/abi.js";
import type { Subscription } from "../../host/wasi/kernel.js";

/** What is left of a timer when the wait for it begins. */
function timer(left: bigint): Subscription {
  return { type: Eventtype.CLOCK, clockId: 1, timeout: left, absolute: false };
}

function waited(nanoseconds: number, left: bigint, due: number): WakeClock {
  const clock = new WakeClock();
  clock.read(100);
  clock.timerIsSet(nanoseconds);
  clock.waitsUntil([timer(left)], due);
  clock.wokeWith(false, 0);
  return clock;
}

test("a time that is up before it is waited for is looked up all the same", () => {
  const clock = waited(1, 0n, Infinity);
  expect(clock.read(120)).toBe(false);
  expect(clock.read(140)).toBe(true);
});

test("no time is not looked up", () => {
  expect(waited(0, 0n, Infinity).read(120)).toBe(true);
});

test("nobody is ready and it is not time yet: the wait goes on", () => {
  const clock = waited(100, 80n, Infinity);
  expect(clock.read(150)).toBe(false);
  expect(clock.read(200)).toBe(false);
  expect(clock.read(220)).toBe(true);
});

test("a wait that is over for something else goes on as well", () => {
  const clock = waited(50, 30n, 150);
  expect(clock.read(170)).toBe(false);
  expect(clock.read(190)).toBe(false);
});
