/** Seeded worlds around the chat's component, on the virtual host of WASI 0.3. */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../host/sim/draw.js";
import { DEFAULTS } from "../../host/sim/model/settings.js";
import { play } from "../../host/sim/play.js";
import { FAULT_NAMES, NOBODY, type WorldSpec } from "../../host/sim/spec.js";
import { TraceHash } from "../../host/wasi/trace.js";
import { ComponentKernel } from "../../host/wasi/virtual/preview3/kernel.js";
import { DrawnPace } from "../../host/wasi/virtual/preview3/pace.js";
import { runComponent } from "../../host/wasi/virtual/preview3/run.js";
import { Random } from "../../host/wasi/virtual/random.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../../host/wasi/virtual/world.js";
import type { WasmModule } from "../../host/wasi/webassembly.js";
import { probed, shippedCore } from "./support/probed.js";

// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const WORLDS = 10;
const abi = "p3";
/** What befalls a component, too: whoever does not read what it prints stops it. */
const FAULTS = FAULT_NAMES.filter((name) => name !== "stdio");

function quiet(changes: Partial<WorldSpec>): WorldSpec {
  const plain = drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true });
  return { ...plain, ...changes };
}

/** More come than there are descriptors for, again and again. */
function failsToAccept(rate: number): WorldSpec {
  const clients = Array.from({ length: 130 }, (_, client) => client);
  const bytes = Buffer.from("a\n".repeat(300));
  return quiet({
    settings: { ...DEFAULTS, style: "line", rate: 20, burst: 4 },
    streams: clients.map(() => ({ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 })),
    faults: { accept: rate },
    calmAt: 14 * SECOND_NS,
    events: clients.flatMap((client) => {
      const [come, speak] = [client * MILLISECOND_NS, (1000 + 17 * client) * MILLISECOND_NS];
      const connect = { act: "connect" as const, at: come, client };
      return client < 3 ? [connect, { act: "write" as const, at: speak, client, bytes }] : connect;
    }),
  });
}

/** stdin has ended, and the component waits for a client's time when it is ended. */
const endsWaiting = quiet({
  settings: { ...DEFAULTS, style: "line", idleSeconds: 3600 },
  streams: [{ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 }],
  calmAt: 3 * SECOND_NS,
  events: [
    { act: "connect", at: SECOND_NS, client: 0 },
    { act: "eof", at: 2 * SECOND_NS, client: NOBODY },
  ],
});

describe("the component does well", () => {
  test.each([120, 130, 140])(
    `in ${WORLDS} worlds from seed %i`,
    (first) => {
      let messages = 0;
      for (let seed = first; seed < first + WORLDS; seed++) {
        const played = play(drawWorld(seed, { abi }), probed);
        expect(played.failure, `seed ${seed}`).toBeUndefined();
        messages += played.messages;
      }
      expect(messages).toBeGreaterThan(1000);
    },
    MOST_MS,
  );

  test.each(FAULTS)("where worlds have %s", { timeout: MOST_MS }, (fault) => {
    const has = (seed: number) => fault in drawWorld(seed, { abi }).faults;
    const seeds = Array.from({ length: 200 }, (_, seed) => seed).filter(has);
    for (const seed of seeds.slice(0, 2)) {
      const spec = drawWorld(seed, { abi, faults: [fault] });
      expect(play(spec, probed).failure, `seed ${seed}`).toBeUndefined();
    }
    expect(seeds.length).toBeGreaterThan(1);
  });

  test("where an accept fails now and then", () => {
    expect(play(failsToAccept(0.3), probed).failure).toBeUndefined();
  });

  test("where none can be accepted for long: it rests meanwhile", () => {
    const { failure, calls } = play(failsToAccept(1), probed);
    expect(failure).toBeUndefined();
    // Each rest takes some calls, and there is at least one rest in a second.
    expect(calls).toBeLessThan(20_000);
  });

  test("where it is ended in a wait", () => {
    expect(play(endsWaiting, probed).failure).toBeUndefined();
  });
});

test("a seed is a world, twice the same", () => {
  const spec = drawWorld(4, { abi });
  expect(play(spec, probed)).toEqual(play(spec, probed));
  expect(drawWorld(4, { abi })).toEqual(spec);
});

/** What a core module does with its host, in a small world without a model. */
function traceOf(module: WasmModule, seed: number): string {
  const world = new World({ seed });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr },
  });
  kernel.pace = new DrawnPace(new Random(seed), true);
  for (let client = 0; client < 5; client++) {
    const peer = world.connect(listener, { inboxBytes: 1000, outboxBytes: 1000 });
    for (let line = 0; line < 20; line++) {
      const text = `${line} ${"x".repeat(10 * client)}\n`;
      world.at((line + 1) * 10 * MILLISECOND_NS + client, () => {
        peer.write(text);
      });
    }
  }
  world.at(10 * SECOND_NS, () => {
    stdin.write("quit\n");
  });
  const trace = new TraceHash();
  const place = "127.0.0.1:9001";
  const args = ["chat", "--style", "line", "--listen", place];
  const outcome = runComponent(module, kernel, { args, places: [place], trace });
  expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
  expect(trace.calls).toBeGreaterThan(300);
  return trace.digest();
}

test("probes change nothing of what the shipped component does", () => {
  for (let seed = 1; seed <= 5; seed++) {
    expect(traceOf(probed, seed)).toBe(traceOf(shippedCore, seed));
  }
});
