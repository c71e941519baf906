import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { staleness, writeStamp } from "../../../host/bootstrap/stamp.mjs";
import { temporaryDirectory } from "../../support/temporary.js";

function built(): { root: string; stamp: string; why: (key?: string) => string | undefined } {
  const root = temporaryDirectory();
  const stamp = path.join(root, "stamp.json");
  fs.writeFileSync(path.join(root, "in.ts"), "1");
  fs.writeFileSync(path.join(root, "out.wasm"), "2");
  writeStamp(root, stamp, { outputs: ["out.wasm"], inputs: ["in.ts", "absent.ts"], key: "v1" });
  return { root, stamp, why: (key = "v1") => staleness(root, stamp, key) };
}

test("what was just built is up to date", () => {
  expect(built().why()).toBeUndefined();
});

test("a touched input with the same content changes nothing", () => {
  const { root, why } = built();
  fs.writeFileSync(path.join(root, "in.ts"), "1");
  expect(why()).toBeUndefined();
});

test("a changed input makes it stale", () => {
  const { root, why } = built();
  fs.writeFileSync(path.join(root, "in.ts"), "changed");
  expect(why()).toBe("in.ts changed");
});

test("an input that was not there and now is makes it stale", () => {
  const { root, why } = built();
  fs.writeFileSync(path.join(root, "absent.ts"), "");
  expect(why()).toBe("absent.ts changed");
});

test("a missing output makes it stale", () => {
  const { root, why } = built();
  fs.rmSync(path.join(root, "out.wasm"));
  expect(why()).toBe("out.wasm is missing");
});

test("another compiler makes it stale", () => {
  expect(built().why("v2")).toBe("built with v1");
});

test("a damaged stamp counts as not built", () => {
  const { stamp, why } = built();
  fs.writeFileSync(stamp, "{");
  expect(why()).toBe("not built");
});
