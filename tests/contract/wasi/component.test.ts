/** The virtual host of WASI 0.3: what it reports to a component, and in which random orders. */
import fs from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { Errno } from "../../../host/runtime/abi.js";
import { TraceHash } from "../../../host/runtime/trace.js";
import type { Faults } from "../../../lab/world/faults.js";
import type { Peer } from "../../../lab/world/peer.js";
import { Canonical } from "../../../lab/world/preview3/canonical.js";
import { Connection, Receiving, Sending } from "../../../lab/world/preview3/connection.js";
import { BLOCKED, Outcome, StreamEnd } from "../../../lab/world/preview3/copying.js";
import { HandleTable } from "../../../lab/world/preview3/handles.js";
import { ComponentKernel } from "../../../lab/world/preview3/kernel.js";
import { DrawnPace } from "../../../lab/world/preview3/pace.js";
import { Progress } from "../../../lab/world/preview3/progress.js";
import { runComponent } from "../../../lab/world/preview3/run.js";
import { Subtask } from "../../../lab/world/preview3/subtask.js";
import { EventCode, WaitableSet } from "../../../lab/world/preview3/waitable.js";
import { Random } from "../../../lab/world/random.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../../../lab/world/world.js";

const core = new WebAssembly.Module(fs.readFileSync("build/core/chat.wasm"));
const LISTENER = 3;
const NONBLOCK = 4;
const AT = 1024;
const PLACE = "127.0.0.1:9001";

/** A host without connections. */
function hostOf(faults: Faults = {}) {
  const world = new World({ seed: 1 });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr, faults },
  });
  return { world, listener, stdin, stdout, stderr, kernel };
}

/** The streams of a new connection, as a component without code would hold them. */
function joined(faults: Faults = {}, options = {}) {
  const { world, listener, kernel } = hostOf(faults);
  const peer: Peer = world.connect(listener, options);
  const memory = new Canonical();
  memory.attach(new WebAssembly.Memory({ initial: 1 }), () => 0);
  const progress = new Progress(kernel, kernel.pace);
  const host = { kernel, memory, progress };
  const connection = new Connection(host, kernel.accept(LISTENER, NONBLOCK));
  const input = new StreamEnd("read", "u8", new Receiving(connection));
  const output = new StreamEnd("write", "u8", new Sending(connection));
  const read = (bytes: number) => {
    const answer = input.start(AT, bytes);
    if (answer === BLOCKED) progress.add(input);
    return answer;
  };
  return { world, kernel, peer, memory, progress, input, output, read };
}

const done = (count: number, how: number = Outcome.COMPLETED) => (count << 4) | how;

describe("two talk", () => {
  function talk(pace?: DrawnPace) {
    const { world, listener, stdin, stderr, kernel } = hostOf();
    if (pace !== undefined) kernel.pace = pace;
    const said: (readonly [number, string])[][] = [
      [[100, "/nick ann\n"]],
      [
        [50, "/who\n"],
        [200, "hello\n"],
        [300, "quit\n"],
      ],
    ];
    const peers = said.map((lines, index) => {
      const from = index === 0 ? "192.0.2.7:5000" : "[2001:db8::7]:5000";
      const peer = world.connect(listener, {}, from);
      for (const [at, text] of lines)
        world.at(at * MILLISECOND_NS, () => {
          peer.write(text);
        });
      return peer;
    });
    world.at(10 * SECOND_NS, () => {
      stdin.write("quit\n");
    });
    const trace = new TraceHash();
    const args = ["chat", "--listen", PLACE, "--style", "line", "--show-addresses", "yes"];
    const outcome = runComponent(core, kernel, { args, places: [PLACE], trace });
    const heard = peers.map(({ text }) => text.split("\n"));
    return { outcome, heard, log: stderr.text, hash: trace.digest() };
  }

  test("and are called by their addresses", () => {
    const { outcome, heard, log } = talk();
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(log).toContain(`chat: listening on ${PLACE}, waitable set\n`);
    expect(log).toContain("192.0.2.7:5000 is now ann\n");
    expect(heard[0]).toContain("00:00:00 [2001:db8::7]:5000: hello");
    expect(heard[1]).toContain("* lobby (2): 192.0.2.7:5000, [2001:db8::7]:5000");
  });

  test("and hear the same whenever the host gets round to it, each seed in its own way", () => {
    const prompt = talk();
    const hashes = Array.from({ length: 10 }, (_, seed) => {
      const drawn = talk(new DrawnPace(new Random(seed), false));
      expect(drawn.heard).toEqual(prompt.heard);
      expect(talk(new DrawnPace(new Random(seed), false))).toEqual(drawn);
      return drawn.hash;
    });
    expect(new Set(hashes).size).toBeGreaterThan(2);
  });
});

describe("a stream", () => {
  let one: ReturnType<typeof joined>;
  let set: WaitableSet;
  beforeEach(() => {
    one = joined();
    set = new WaitableSet();
    one.input.join(set);
  });

  test("is blocked until the host has heard of its connection", () => {
    one.peer.write("abc");
    expect(one.read(9)).toBe(BLOCKED);
    expect(set.hasEvent).toBe(false);
    one.progress.work();
    expect(one.input.takeEvent()).toEqual({ code: EventCode.STREAM_READ, payload: done(3) });
    one.peer.write("de");
    expect(one.read(9)).toBe(done(2));
    expect(Buffer.from(one.memory.bytes(AT, 2)).toString()).toBe("de");
  });

  test("is filled while the component waits, and not before", () => {
    expect(one.read(9)).toBe(BLOCKED);
    one.peer.write("abc");
    expect(one.memory.bytes(AT, 1)[0]).toBe(0);
    one.progress.wait(set);
    expect(one.memory.bytes(AT, 1)[0]).toBe(0x61);
  });

  test("is cut short by a full connection, and told of room when there is some", () => {
    const { peer, output, progress } = joined({}, { inboxBytes: 100, outboxBytes: 100 });
    progress.work();
    peer.pause();
    expect(output.start(AT, 500)).toBe(done(200));
    expect(output.start(AT, 500)).toBe(BLOCKED);
    expect(output.cancel()).toBe(Outcome.CANCELLED);
    expect(output.start(0, 0)).toBe(BLOCKED);
    progress.add(output);
    const room = new WaitableSet();
    output.join(room);
    peer.resume();
    progress.wait(room);
    expect(output.takeEvent()).toEqual({ code: EventCode.STREAM_WRITE, payload: done(0) });
  });

  test("that a fault keeps back comes later all the same", () => {
    let left = 3;
    const late = joined({
      onCall: (call) => (call === "sock_recv" && left-- > 0 ? { errno: Errno.AGAIN } : undefined),
    });
    late.progress.work();
    late.input.join(set);
    late.peer.write("abc");
    expect(late.read(9)).toBe(BLOCKED);
    late.progress.wait(set);
    expect(late.input.takeEvent().payload).toBe(done(3));
  });

  test("that a fault breaks is over for both", () => {
    const reset = { errno: Errno.CONNRESET };
    const broken = joined({ onCall: (call) => (call === "sock_recv" ? reset : undefined) });
    broken.progress.work();
    broken.peer.write("abc");
    expect(broken.read(9)).toBe(done(0, Outcome.DROPPED));
    broken.world.settle();
    expect(broken.peer.wasReset).toBe(true);
  });
});

describe("a pace", () => {
  test("brings all at once, or one after the other", () => {
    const counts = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { kernel } = hostOf();
      const progress = new Progress(kernel, new DrawnPace(new Random(seed), true));
      const timers = Array.from({ length: 8 }, () => new Subtask(0, kernel));
      for (const timer of timers) progress.add(timer);
      progress.work();
      counts.add(timers.filter(({ hasEvent }) => hasEvent).length);
    }
    expect([counts.has(1), counts.has(8)]).toEqual([true, true]);
  });

  test("gives events in order, or in any", () => {
    const first = (inOrder: boolean) => {
      const pace = new DrawnPace(new Random(1), inOrder);
      return new Set(Array.from({ length: 50 }, () => pace.first(3)));
    };
    expect(first(true)).toEqual(new Set([0]));
    expect(first(false)).toEqual(new Set([0, 1, 2]));
  });
});

describe("a component is ended that", () => {
  test("names what it has not, or has given back, or what is something else", () => {
    const handles = new HandleTable();
    const set = handles.push(new WaitableSet());
    expect(() => handles.get(99, WaitableSet)).toThrow("unknown handle index 99");
    expect(() => handles.get(set, StreamEnd)).toThrow("handle is not a stream");
    handles.drop(set, WaitableSet);
    expect(() => handles.drop(set, WaitableSet)).toThrow("unknown handle index");
    expect(handles.push(new WaitableSet())).toBe(set);
  });
});
