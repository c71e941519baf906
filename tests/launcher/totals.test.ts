import { expect, test } from "vitest";
import { counter, type Family, gauge } from "../../host/launcher/metrics/families.js";
import { Totals } from "../../host/launcher/metrics/totals.js";

function counters(lines: number, left: number): Family[] {
  return [
    gauge("people", "", 7),
    counter("lines_total", "", lines),
    {
      ...{ name: "closed_total", help: "", type: "counter" },
      values: [{ labels: { reason: "left" }, value: left }],
    },
  ];
}

function values(totals: Totals): number[] {
  return totals.families.flatMap((family) => family.values.map(({ value }) => value));
}

test("counters go on over a new guest, and gauges are not theirs", () => {
  const totals = new Totals();
  expect(values(totals)).toEqual([]);
  totals.update(1, counters(10, 2));
  expect(values(totals)).toEqual([10, 2]);
  totals.update(1, counters(15, 3));
  expect(values(totals)).toEqual([15, 3]);
  totals.update(2, counters(1, 0));
  expect(values(totals)).toEqual([16, 3]);
  totals.update(4, counters(0, 1));
  expect(values(totals)).toEqual([16, 4]);
  totals.update(4, counters(5, 1));
  expect(values(totals)).toEqual([21, 4]);
});
