/**
 * The expected text on stdout and stderr while they are not read: what is kept, dropped and
 * counted.
 */
import { expect, test } from "vitest";
import { ExpectedOutput } from "../../../lab/sim/model/expected_output.js";

const KEPT = 65_536;
const LINE = `${"x".repeat(1023)}\n`;
const notice = (lines: number) =>
  lines === 1
    ? "(1 line was not written: nobody read it in time)\n"
    : `(${lines} lines were not written: nobody read them in time)\n`;

/** `count` lines are said, the first `kept` of them written, then the rest of the text. */
function output(count: number, kept: number, rest: string): ExpectedOutput {
  const expected = new ExpectedOutput("log");
  for (let said = 0; said < count; said++) expected.say(LINE);
  expected.wrote(Buffer.from(LINE.repeat(kept) + rest));
  return expected;
}

test.each([
  ["all that was said", 3, 3, ""],
  ["what was kept, and how many were dropped", 80, 64, notice(16)],
])("%s is well", (_what, count, kept, rest) => {
  const expected = output(count, kept, rest);
  expected.compareLines();
  expect(() => expected.finish(false)).not.toThrow();
});

test.each([
  ["another line", 1, 0, "y\n", /expected "x+.*written "y/],
  ["a line too many", 1, 1, "y\n", /expected "nothing"/],
  ["a line that is missing", 2, 1, "", /never written/],
  ["a count that is too low", 80, 64, notice(15), /never written/],
  ["a count that is too high", 80, 64, notice(17), /more were dropped than said/],
  ["a drop without need", 3, 1, notice(2), /though there was room/],
  ["more kept than may be", 80, KEPT / LINE.length + 1, notice(15), /more than 65536 bytes/],
])("%s is seen", (_what, count, kept, rest, message) => {
  const expected = output(count, kept, rest);
  expect(() => {
    expected.compareLines();
    expected.finish(false);
  }).toThrow(message);
});

test("what nobody reads at the end may be lacking", () => {
  const expected = output(2, 1, "xxx");
  expect(() => expected.finish(true)).not.toThrow();
});
