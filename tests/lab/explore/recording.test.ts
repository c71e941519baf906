/** Recordings: recording changes nothing in a run, and shows what really happened. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { runGuest } from "../../../host/runtime/run.js";
import { TraceHash } from "../../../host/runtime/trace.js";
import { callbackOf } from "../../../lab/explore/words.js";
import { lineOf } from "../../../lab/explore/code.js";
import type { Moment } from "../../../lab/explore/moment.js";
import { argumentsOf, CALL_NS, stageOf } from "../../../lab/explore/play.js";
import { CALLS_MOST, record } from "../../../lab/explore/record.js";
import { scriptOf, type Act, type Script } from "../../../lab/explore/script.js";
import { VirtualKernel } from "../../../lab/world/kernel.js";
import { framesOf, linesOf, makeMaps, moduleOf, play } from "./support/programs.js";

const ACTS = "1000c0,1500c1,2000w0hello%0A,2600c2,2700w2two%0A,3000p1,3500w0x%0A,4000r1,5000e0";
const PROGRAMS = [
  ...["echo", "chat_v0", "chat_v1", "chat_v2", "chat_v3"],
  ...["blocking", "nonblocking", "multiplexed", "asynchronous"].map((one) => `io_models:${one}`),
];
const HOSTS = ["exact", "wasmtime-36"] as const;
const RUNS = PROGRAMS.flatMap((program) => HOSTS.map((host) => `${program}@${host},${ACTS}`));

/** The same without a recorder, for at most so many calls. */
function plain(script: Script, callsMost: number): { hash: string; calls: number } {
  const { world, listener, stdin, stdout, stderr } = stageOf(script);
  const kernel = new VirtualKernel(world, {
    ...{ dialect: script.host, listeners: [listener], stdin, stdout, stderr },
    ...{ callNs: CALL_NS, callsMost },
  });
  const trace = new TraceHash();
  runGuest(moduleOf(script.program), kernel, { args: argumentsOf(script), trace });
  return { hash: trace.digest(), calls: trace.calls };
}

beforeAll(makeMaps);

describe.each(RUNS)("%s", (link) => {
  test("has the same hash with the recorder and without", () => {
    const recording = play(link);
    // One that spins is stopped by the recorder: after as many calls the other is stopped, too.
    const callsMost = recording.spins ? recording.calls : CALLS_MOST;
    const { hash, calls } = plain(recording.script, callsMost);
    expect(calls).toBe(recording.calls);
    expect(hash).toBe(recording.hash);
    expect(recording.outcome.kind).toBe("stopped");
  });

  test("counts bytes in the order in which they move", () => {
    const { moments } = play(link);
    for (const { counters } of moments)
      for (const { written, arrived, read, sent, received } of counters) {
        expect(written).toBeGreaterThanOrEqual(arrived);
        expect(arrived).toBeGreaterThanOrEqual(read);
        expect(sent).toBeGreaterThanOrEqual(received);
      }
  });

  test("shows each call of the program at a line that has it", () => {
    const { moments, script } = play(link);
    const { main } = framesOf(script.program).map;
    const lines = linesOf(script.program);
    const verbs: Record<string, RegExp> = {
      sock_accept: /accept|turn|runOnce/,
      sock_recv: /recv|peek|copyFrom|turn|runOnce|select/,
      sock_send: /send|answer|turn|runOnce/,
      fd_close: /close|turn|runOnce/,
      poll_oneoff: /select|turn|runOnce/,
    };
    for (const moment of moments) {
      const isShown = moment.kind === "sleep" || (moment.kind === "call" && moment.role !== "log");
      if (!isShown || moment.role === "other") continue;
      const line = lines[lineOf(moment, main, lines)] ?? "";
      expect(`${moment.n} ${line}`).toMatch(verbs[moment.call?.name ?? ""] ?? /./);
    }
  });

  test("tells what a call is for as the stack does", () => {
    for (const { kind, role, frames = [] } of play(link).moments) {
      if (kind !== "call") continue;
      const names = frames.map(({ name }) => name).join(" ");
      if (role === "wait") expect(names).toMatch(/select|turn|runOnce|waitInHalves/);
      if (role === "verify") expect(names).toMatch(/#select|#verify|blocking|peek/);
      if (role === "log")
        expect(names).toMatch(/writeIfRoom|writeText|hostReadiness|detach|chat_v0/);
      if (role === "work") expect(names).not.toMatch(/hostReadiness/);
    }
  });
});

test("a run that goes on keeps its past", () => {
  const what = fc.constantFrom("connect", "write", "end", "pause", "resume") satisfies fc.Arbitrary<
    Act["does"]
  >;
  const act = fc.record({ does: what, client: fc.nat(2), text: fc.string({ maxLength: 12 }) });
  const drawn = fc.tuple(fc.array(act, { maxLength: 8 }), act, fc.constantFrom(...PROGRAMS));
  fc.assert(
    fc.property(drawn, ([acts, last, program]) => {
      const script = scriptOf(program);
      const all = [...acts, last].map((one, at) => ({ ...one, at: (at + 1) * 1000 }));
      const before = record(moduleOf(script.program), { ...script, acts: all.slice(0, -1) });
      const after = record(moduleOf(script.program), { ...script, acts: all });
      const next = all.length * 1_000_000;
      // One that spins was stopped, and its last moment, which stands for several calls, grows.
      const past = before.moments.filter(({ at }) => at < next).slice(0, -2);
      const seen = ({ kind, at, hash }: Moment) => `${kind} ${at} ${hash}`;
      expect(after.moments.slice(0, past.length).map(seen)).toEqual(past.map(seen));
    }),
    { numRuns: 40 },
  );
});

test("frames that are known are taken over, and are the same", () => {
  const first = play("echo,1000c0,2000w0one%0A");
  const script = scriptOf("echo,1000c0,2000w0one%0A,3000w0two%0A");
  const second = record(moduleOf("echo"), script, { frames: framesOf("echo"), known: first });
  expect(second.moments).toEqual(play("echo,1000c0,2000w0one%0A,3000w0two%0A").moments);
});

test("the callback that runs is told from the stack", () => {
  const { moments } = play("echo,1000c0,2000w0one%0A,3000k0list%0A");
  const by = (name: string) =>
    moments.find(({ kind, call }) => kind === "call" && call?.name === name);
  expect(callbackOf(by("sock_accept") ?? fail())).toBe("onAccept");
  expect(callbackOf(by("sock_send") ?? fail())).toBe("onRead");
  expect(callbackOf(by("fd_read") ?? fail())).toBe("onConsole");
});

function fail(): never {
  throw new Error("no such call");
}
