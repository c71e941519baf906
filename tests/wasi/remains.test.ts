/**
 * What remains of connections whose peers never read: a component counts it, against all and
 * against its address, until its host has given it back.
 */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { ComponentKernel } from "../../host/wasi/virtual/preview2/kernel.js";
import type { Line } from "../../host/wasi/virtual/preview2/line.js";
import { runComponent } from "../../host/wasi/virtual/preview2/run.js";
import { SECOND_NS, World } from "../../host/wasi/virtual/world.js";

const core = new WebAssembly.Module(fs.readFileSync("build/core/chat.wasm"));
const LINES: readonly Line[] = [36, 48];
const PLACE = "127.0.0.1:9001";
const DEAF = "203.0.113.7";
/** More than the kernel and the host hold for somebody, and a little more than may be owed. */
const WORDS = `${"x".repeat(3000)}\n`.repeat(30);
/** Last words have two seconds, and what remains has ten. */
const CLOSED_AT = 3;
const GONE_AT = 15;

interface Scene {
  line: Line;
  args: readonly string[];
  /** What a send buffer can be set to; 1: no larger than it is. */
  sendBufferMost?: number;
  /** Whether the one who does not read goes when it is over. */
  leavesAt?: number;
}

/**
 * Somebody never reads, and is closed for it. @param visits second and address of those who come
 * @returns what each of them hears, and what `stats` says three seconds after the beginning
 */
function play(scene: Scene, visits: readonly (readonly [number, string])[]) {
  const world = new World({ seed: 7 });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const { line, sendBufferMost } = scene;
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr, line, sendBufferMost },
  });
  const at = (seconds: number, action: () => void) => world.at(seconds * SECOND_NS, action);
  const deaf = world.connect(listener, { inboxBytes: 1000, outboxBytes: 1000 }, `${DEAF}:1`);
  deaf.pause();
  const speaker = world.connect(listener, {}, "198.51.100.1:1");
  at(0.1, () => {
    speaker.write(WORDS);
  });
  at(CLOSED_AT, () => {
    stdin.write("stats\n");
  });
  if (scene.leavesAt !== undefined)
    at(scene.leavesAt, () => {
      deaf.reset();
    });
  const heard = visits.map(([seconds, address], index) => {
    const visit = { text: "" };
    at(seconds, () => {
      const peer = world.connect(listener, {}, `${address}:${9 + index}`);
      peer.write("/who\n");
      world.after(SECOND_NS / 2, () => {
        visit.text = peer.text;
        peer.reset();
      });
    });
    return visit;
  });
  at(60, () => {
    stdin.write("quit\n");
  });
  const limits = ["--soft-limit", "2048", "--hard-limit", "4096", "--rate", "0"];
  const args = ["chat", "--listen", PLACE, ...limits, "--history", "0", ...scene.args];
  const outcome = runComponent(core, kernel, { args, places: [PLACE] });
  expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
  expect(stderr.text).toContain("too slow");
  return { heard: heard.map(({ text }) => text), stats: stdout.text };
}

describe.each(LINES)("as wasmtime %i", (line) => {
  test("what remains counts against its address until its time is up", () => {
    const { heard } = play({ line, args: ["--max-per-address", "1"] }, [
      [CLOSED_AT, DEAF],
      [CLOSED_AT + 1, "203.0.113.8"],
      [GONE_AT, DEAF],
    ]);
    expect(heard).toEqual([
      expect.stringContaining("too many have come from your address"),
      expect.stringContaining("lobby"),
      expect.stringContaining("lobby"),
    ]);
  });

  test("it counts against all, and who finds no place is told", () => {
    const { heard, stats } = play({ line, args: ["--max-clients", "2"] }, [
      [CLOSED_AT, "203.0.113.8"],
      [GONE_AT, "203.0.113.8"],
    ]);
    expect(heard).toEqual([expect.stringContaining("full"), expect.stringContaining("lobby")]);
    expect(stats).toContain("1 now, 2 accepted, 1 closed and not read to the end\n");
  });
});

test("where no buffer can be made larger, 48 keeps it until its peer goes, and it counts", () => {
  const scene: Scene = { line: 48, args: ["--max-per-address", "1"], sendBufferMost: 1 };
  const { heard } = play({ ...scene, leavesAt: 40 }, [
    [GONE_AT, DEAF],
    [30, DEAF],
    [42, DEAF],
  ]);
  const refused = expect.stringContaining("too many have come from your address") as string;
  expect(heard).toEqual([refused, refused, expect.stringContaining("lobby")]);
});
