/** The draw of worlds: of a few hundred, some have each of the features that must be tested. */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import type { WorldSpec } from "../../../lab/sim/spec.js";

const worlds = [...Array(200).keys()].map((seed) => drawWorld(seed));

/** Returns true if a client or the console types such text. */
function says({ events }: WorldSpec, text: RegExp): boolean {
  return events.some((event) => {
    const said = "bytes" in event ? event.bytes.toString() : "text" in event ? event.text : "";
    return text.test(said);
  });
}

describe("of two hundred worlds, ten or more have", () => {
  test.each<[string, (spec: WorldSpec) => boolean]>([
    ["a disk", ({ data }) => data !== "none"],
    [
      "a life that ends at a byte of what it writes to its disk, and another one after it",
      ({ data, kills }) => data !== "none" && kills.slice(0, -1).some(({ at }) => at === "byte"),
    ],
    [
      "a life that ends after a send, with a disk",
      ({ data, kills }) => data !== "none" && kills.some(({ at }) => at === "send"),
    ],
    ["somebody sent away by the name it has", (spec) => says(spec, /^ban (mallory|oscar|trudy)/)],
    ["somebody ignored who talks", (spec) => says(spec, /^\/ignore (mallory|oscar|trudy)/)],
    ["half lines without end", (spec) => says(spec, /^, ended\nbegun$/)],
    ["first lines of other protocols", (spec) => says(spec, /^[A-Z]+ .*\nhello\n$/)],
    ["a rate limit that is lowered", (spec) => says(spec, /^set rate \d+\nset burst \d+\n$/)],
    ["a client that does not read, and leaves or is kicked", (spec) => says(spec, /peggy/)],
    ["a flood from one address, on a slow host", ({ callNs = 0 }) => callNs > 10_000],
  ])("%s", (_what, fits) => {
    expect(worlds.filter(fits).length).toBeGreaterThanOrEqual(10);
  });
});

test("plain worlds have none of it", () => {
  for (let seed = 0; seed < 50; seed++) {
    const spec = drawWorld(seed, { plain: true });
    expect(spec.data).toBe("none");
    expect(spec.callNs).toBeUndefined();
    expect(says(spec, /mallory|oscar|trudy|peggy/)).toBe(false);
  }
});
