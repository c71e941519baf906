/**
 * Compares the Node runtime's kernel with the exact virtual kernel in the scenes of the
 * differential test: the guest gives the same answers, except where this file says otherwise.
 */
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { compileDriver } from "../selectors/driver.js";
import { useRuntime } from "../../support/runtime.js";
import { compileRawGuest } from "../wasi/support/compile.js";
import { RAW_SCENES } from "../wasi/support/raw_scenes.js";
import { playReally } from "../wasi/support/real_stage.js";
import { ask, type Scene } from "../wasi/support/scene.js";
import { SCENES } from "../wasi/support/scenes.js";
import { playVirtually } from "../wasi/support/virtual_stage.js";

useRuntime("node");

/** The scenes that differ, with the reasons. */
const DIFFERENT = new Map([
  ["numbers are not given twice", "here they are not, as in wasmtime; virtually they are"],
  ["a peer that does not read", "what the kernel takes is far more than the first window"],
  ["a full socket whose peer is reset", "the same"],
  ["a peer that has gone for good", "after an end, Node hears of a reset only when it sends"],
  ["a reset after the end", "the same"],
  ["stdin, stdout and stderr", "stdin is a pipe here and a socket there"],
  ["who it is and what time it is", "there are no variables here"],
]);

let driverPath: string;
let driver: WebAssembly.Module;
let rawPath: string;
let raw: WebAssembly.Module;

beforeAll(async () => {
  driverPath = await compileDriver();
  driver = new WebAssembly.Module(fs.readFileSync(driverPath));
  rawPath = compileRawGuest();
  raw = new WebAssembly.Module(fs.readFileSync(rawPath));
});

const alike = ({ name }: Scene) => !DIFFERENT.has(name);

/** After a question, so that the guest is up before anybody connects. */
function started(scene: Scene): Scene {
  return {
    ...scene,
    *script() {
      yield ask("wake up");
      yield* scene.script();
    },
  };
}

/** How much room there is for a write is each kernel's affair. */
function comparable(transcript: readonly string[]): string[] {
  return transcript.map((line) => line.replaceAll(/(:2:0:|:0:2:)\d{5,}/g, "$1ROOM"));
}

async function comparison(scene: Scene, path: string, module: WebAssembly.Module) {
  const [real, virtual] = [started(scene), started(scene)];
  return {
    real: comparable(await playReally(real, path)),
    virtual: comparable(playVirtually(virtual, module, "exact").transcript),
  };
}

describe("Node's sockets and the virtual ones agree on", () => {
  test.each(SCENES.filter(alike))("$name", async (scene) => {
    const { real, virtual } = await comparison(scene, driverPath, driver);
    expect(real).toEqual(virtual);
  });

  test.each(RAW_SCENES.filter(alike))("$name", async (scene) => {
    const { real, virtual } = await comparison(scene, rawPath, raw);
    expect(real).toEqual(virtual);
  });
});

test("every difference is that of a scene", () => {
  const names = [...SCENES, ...RAW_SCENES].map(({ name }) => name);
  expect([...DIFFERENT.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
