/**
 * Worlds as files: a written world is read back the same, and an invalid file gives one line of
 * error.
 */
import fs from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { specFromJson, specToJson } from "../../../lab/sim/spec_file.js";
import { PROBED_CORE, PROBED_MODULE } from "../../../lab/sim/probed.mjs";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { temporaryDirectory } from "../../support/temporary.js";
import { tamperedBytes } from "./support/tampered.js";

// As built: a thread cannot be started from its source.
const { main } = (await import(
  inRoot("dist/lab/sim/command.js")
)) as typeof import("../../../lab/sim/command.js");

const PROBED = { module: PROBED_MODULE, core: PROBED_CORE };

afterEach(() => {
  vi.restoreAllMocks();
});

/** @returns the exit code, and what was written on both outputs */
async function sim(folder: string, ...argv: string[]) {
  let text = "";
  const keep = (part: unknown) => {
    text += String(part);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
  const code = await main(argv, PROBED, folder);
  vi.restoreAllMocks();
  return { code, text };
}

test("what is written is read again, byte by byte", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const spec = drawWorld(seed);
    expect(isDeepStrictEqual(specFromJson(specToJson(spec)), spec), `seed ${seed}`).toBe(true);
  }
});

test("a failure leaves a world that fails in the same way, with the same calls", async () => {
  const folder = temporaryDirectory();
  const wasm = path.join(folder, "tampered.wasm");
  fs.writeFileSync(wasm, tamperedBytes(" joined (", " joinee ("));
  const only = ["--seed", "4", "--worlds", "1", "--jobs", "1", "--irc", "none"];
  const drawn = await sim(folder, ...only, "--wasm", wasm);
  expect(drawn.code).toBe(1);
  const [, file = "", rest] = /^replay: npm run sim -- --spec (\S+)(.*)$/m.exec(drawn.text) ?? [];
  expect(path.resolve(file)).toBe(path.join(folder, "seed-4.json"));
  expect(rest).toBe(` --wasm ${wasm}`);
  const replayed = await sim(folder, "--spec", file, "--wasm", wasm);
  expect(replayed.code).toBe(1);
  const [hash = "no hash"] = /^hash [0-9a-f]{16}$/m.exec(drawn.text) ?? [];
  const [failure = "no failure"] = /^oracle .*$/m.exec(replayed.text) ?? [];
  expect(replayed.text).toContain(`FAILED: seed 4, ${hash}\n`);
  expect(drawn.text.split(failure).length).toBeGreaterThan(1);
});

describe("a file that is none is refused in one line", () => {
  const good = specToJson(drawWorld(4));
  test.each([
    ["not JSON", "{", "the file is not JSON"],
    ["another thing", "[]", "the file is not an object"],
    ["nothing in it", "{}", "world is not an object"],
    ["a bad dialect", good.replace(/"dialect":"[^"]*"/, '"dialect":"klingon"'), "dialect is none"],
    ["an unknown fault", good.replace('"faults":{', '"faults":{"flood":1,'), "faults is none of"],
    ["no seed", good.replace('"seed":4', '"seed":"4"'), "seed is not a whole number from 0"],
    ["half a nanosecond", good.replace(/"at":\d+/, '"at":0.5'), "events[0].at is not a whole"],
    ["an unknown act", good.replace(/"act":"\w+"/, '"act":"sing"'), "events[0].act is none of"],
  ])("%s", async (_what, text, message) => {
    const file = path.join(temporaryDirectory(), "world.json");
    fs.writeFileSync(file, text);
    const { code, text: said } = await sim("nowhere", "--spec", file);
    expect(code).toBe(64);
    expect(said.startsWith(`sim: --spec ${file}: ${message}`)).toBe(true);
    expect(said.match(/\n/g)).toHaveLength(1);
  });

  test("no file", async () => {
    expect(await sim("nowhere", "--spec", "nowhere/world.json")).toMatchObject({ code: 64 });
  });
});
