/** Runs one life of the shipped chat on a kernel and a disk in memory, with one client. */
import fs from "node:fs";
import { expect } from "vitest";
import { findModule, findProgram } from "../../../../host/launcher/base/programs.js";
import { runGuest } from "../../../../host/runtime/run.js";
import type { Disk } from "../../../../lab/world/disk.js";
import type { Faults } from "../../../../lab/world/faults.js";
import { VirtualKernel } from "../../../../lab/world/kernel.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../../../../lab/world/world.js";
import { ProtocolCheck } from "../../../support/protocol.js";

const module = new WebAssembly.Module(fs.readFileSync(findModule(findProgram("chat"))));
export interface Heard {
  type: string;
  id: number;
  text: string;
  room: string;
  from: string;
  time: number;
  ms: number;
}

export interface Played {
  /** Messages that came back to their author, and so are acknowledged. */
  heard: Heard[];
  /** The epoch of the server, as its author was told. */
  epoch: number;
  calls: number;
  log: string;
}

export interface Play {
  disk: Disk;
  seed: number;
  sync: string;
  say: readonly string[];
  /** It is killed before its next call. */
  callsMost?: number;
  faults?: Faults;
}

/** One life of the chat: somebody comes, says lines, one at a time, and leaves. */
export function play({ disk, seed, sync, say, callsMost = 1e6, faults = {} }: Play): Played {
  const world = new World({ seed });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const kernel = new VirtualKernel(world, {
    ...{ dialect: "wasmtime-36", listeners: [listener], stdin, stdout, stderr, callsMost, faults },
    directories: { data: disk },
  });
  const peer = world.connect(listener);
  say.forEach((line, index) =>
    world.after((index + 1) * 10 * MILLISECOND_NS, () => peer.write(`${line}\n`)),
  );
  // Long enough for a sync of `interval`.
  world.after(3 * SECOND_NS, () => stdin.end());
  const words = ["--style", "json", "--stop-at-eof", "--data", "data", "--data-size", "1"];
  const args = ["chat.wasm", ...words, "--sync", sync];
  const outcome = runGuest(module, kernel, { args });
  world.settle(10 * SECOND_NS);
  if (outcome.kind === "trap") throw new Error(outcome.trap);
  const protocol = new ProtocolCheck();
  protocol.take(Buffer.from(peer.text));
  expect(protocol.mistakes).toEqual([]);
  const lines = peer.text.split("\n").filter((line) => line.endsWith("}"));
  const objects = lines.map((line) => JSON.parse(line) as Heard & { epoch: number });
  const heard = objects.filter(({ type }) => type === "message" || type === "action");
  const epoch = objects.find(({ type }) => type === "welcome")?.epoch ?? 0;
  return { heard, epoch, calls: kernel.calls, log: stderr.text };
}
