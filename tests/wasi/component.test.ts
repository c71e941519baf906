/** The virtual host of WASI 0.2: what a component is told there, and where it is ended. */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { Errno } from "../../host/wasi/abi.js";
import type { Faults } from "../../host/wasi/virtual/faults.js";
import { Budget, BUDGET } from "../../host/wasi/virtual/preview2/budget.js";
import { ComponentKernel, readiness } from "../../host/wasi/virtual/preview2/kernel.js";
import type { Line } from "../../host/wasi/virtual/preview2/line.js";
import { ResourceTable } from "../../host/wasi/virtual/preview2/resources.js";
import { runComponent } from "../../host/wasi/virtual/preview2/run.js";
import { MILLISECOND_NS, SECOND_NS, World } from "../../host/wasi/virtual/world.js";

const core = new WebAssembly.Module(fs.readFileSync("build/core/chat.wasm"));
const LINES: readonly Line[] = [36, 48];
const LISTENER = 3;
const NONBLOCK = 4;

/** A host with nobody in it. */
function hostOf(line: Line, faults: Faults = {}) {
  const world = new World({ seed: 1 });
  const listener = world.listen();
  const [stdin, stdout, stderr] = [world.input("pipe"), world.output(), world.output()];
  const kernel = new ComponentKernel(world, {
    ...{ dialect: "exact", listeners: [listener], stdin, stdout, stderr, line, faults },
  });
  const join = (options = {}) => {
    const peer = world.connect(listener, options);
    return { peer, fd: kernel.accept(LISTENER, NONBLOCK) };
  };
  return { world, listener, stdin, stdout, stderr, kernel, join };
}

/** Two who come one after the other, and what they say after so many milliseconds. */
function talk(line: Line, said: readonly (readonly [number, string])[][]) {
  const { world, listener, stdin, stderr, kernel } = hostOf(line);
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
  const resources = new ResourceTable();
  const args = ["chat", "--listen", "127.0.0.1:9001", "--style", "line"];
  const outcome = runComponent(core, kernel, { args, places: ["127.0.0.1:9001"], resources });
  return { outcome, heard: peers.map(({ text }) => text.split("\n")), log: stderr.text, resources };
}

describe.each(LINES)("as wasmtime %i", (line) => {
  test("two talk, and are called by their addresses", () => {
    const { outcome, heard, log, resources } = talk(line, [
      [[100, "/nick ann\n"]],
      [
        [50, "/who\n"],
        [200, "hello\n"],
        [300, "quit\n"],
      ],
    ]);
    expect(outcome).toEqual({ kind: "exit", exitCode: 0 });
    expect(log).toContain("chat: listening on 127.0.0.1:9001, pollable\n");
    expect(log).toContain("192.0.2.7:5000 is now ann\n");
    expect(heard[0]).toContain("00:00:00 [2001:db8::7]:5000: hello");
    expect(heard[1]).toContain("* lobby (2): 192.0.2.7:5000, [2001:db8::7]:5000");
    expect(resources.all.filter(({ kind }) => kind === "socket" || kind === "error")).toEqual([]);
  });

  test("the rest of a write goes by itself, and nothing may be written meanwhile", () => {
    const { world, kernel, join } = hostOf(line);
    const { peer, fd } = join({ inboxBytes: 100, outboxBytes: 100 });
    peer.pause();
    expect(kernel.permit(fd)).toBe(line === 36 ? 2 ** 30 : 65_536);
    expect(kernel.send(fd, [new Uint8Array(500)])).toBe(500);
    expect([kernel.permit(fd), kernel.hosted(fd)?.mayWrite(1)]).toEqual([0, false]);
    world.after(SECOND_NS, () => {
      peer.resume();
    });
    expect(kernel.poll([readiness(fd, "output")])).toHaveLength(1);
    expect([world.now >= SECOND_NS, peer.receivedBytes, kernel.permit(fd) > 0]).toEqual([
      ...[true, 500, true],
    ]);
  });

  test("a stream that is given up with bytes under way loses them, or makes all wait", () => {
    const { world, kernel, join } = hostOf(line);
    const { peer, fd } = join({ inboxBytes: 100, outboxBytes: 100 });
    peer.pause();
    kernel.permit(fd);
    kernel.send(fd, [new Uint8Array(500)]);
    world.after(SECOND_NS, () => {
      peer.resume();
    });
    const lost = kernel.stopWriting(fd);
    world.settle();
    expect([lost, peer.receivedBytes]).toEqual(line === 36 ? [300, 200] : [0, 500]);
  });

  test("a write beyond its permit is not one", () => {
    const { kernel, join } = hostOf(line);
    const { fd } = join();
    const stream = kernel.hosted(fd);
    // The older line asks only whether the last write is through.
    expect(stream?.mayWrite(1)).toBe(line === 36);
    kernel.permit(fd);
    expect([stream?.mayWrite(65_536), stream?.mayWrite(65_537)]).toEqual([true, line === 36]);
    kernel.send(fd, [new Uint8Array(10)]);
    expect(stream?.mayWrite(1)).toBe(line === 36);
  });

  test("a wait names so many, the oldest first, and the others when it is their turn", () => {
    const { kernel, join } = hostOf(line);
    const people = Array.from({ length: 2 * BUDGET }, () => {
      kernel.budget.renew();
      return join();
    });
    kernel.budget.renew();
    for (const { peer } of people) peer.write("x");
    const asked = people.map(({ fd }) => readiness(fd, "input"));
    const named = () => {
      const events = kernel.poll(asked);
      return typeof events === "number" ? [] : events.map(({ index }) => index);
    };
    expect(named()).toEqual([...Array(BUDGET).keys()]);
    for (const { fd } of people.slice(0, BUDGET)) kernel.recv(fd, [new Uint8Array(9)], 0);
    for (const { fd } of people.slice(0, BUDGET)) kernel.recv(fd, [new Uint8Array(9)], 0);
    expect(named()[0]).toBe(BUDGET);
  });

  test("what is read is called ready until a read finds nothing", () => {
    const { kernel, join } = hostOf(line);
    const { peer, fd } = join();
    peer.write("x");
    expect(kernel.recv(fd, [new Uint8Array(9)], 0)).toBe(1);
    expect(kernel.isReadable(fd)).toBe(true);
    expect(kernel.recv(fd, [new Uint8Array(9)], 0)).toBe(-Errno.AGAIN);
    expect(kernel.isReadable(fd)).toBe(false);
  });
});

test("a read that a fault makes find nothing has found nothing", () => {
  let strikes = false;
  const again = { errno: Errno.AGAIN };
  const { kernel, join } = hostOf(48, {
    onCall: (call) => (strikes && call === "sock_recv" ? again : undefined),
  });
  const { peer, fd } = join();
  peer.write("ab");
  expect(kernel.recv(fd, [new Uint8Array(1)], 0)).toBe(1);
  expect(kernel.hosted(fd)?.isDoubtful).toBe(true);
  strikes = true;
  expect(kernel.recv(fd, [new Uint8Array(1)], 0)).toBe(-Errno.AGAIN);
  expect(kernel.hosted(fd)?.isDoubtful).toBe(false);
});

test("a read that a fault makes fail is the last", () => {
  let isBroken = false;
  const onCall = (call: string) =>
    isBroken && call === "sock_recv" ? { errno: Errno.CONNRESET } : undefined;
  const { kernel, world, join } = hostOf(48, { onCall });
  const { peer, fd } = join();
  peer.write("more than one");
  world.settle(MILLISECOND_NS);
  expect(kernel.recv(fd, [new Uint8Array(4)], 0)).toBe(4);
  expect(kernel.hosted(fd)?.isDoubtful).toBe(true);
  isBroken = true;
  expect(kernel.recv(fd, [new Uint8Array(4)], 0)).toBe(-Errno.CONNRESET);
  expect(kernel.hosted(fd)?.isDoubtful).toBe(false);
  isBroken = false;
  expect(kernel.recv(fd, [new Uint8Array(4)], 0)).toBe(0);
});

test("a budget that is spent makes the younger line permit nothing", () => {
  const { kernel, join } = hostOf(48);
  const { fd } = join();
  kernel.budget.renew();
  const asked = Array.from({ length: BUDGET + 1 }, () => kernel.permit(fd) > 0);
  expect(asked.lastIndexOf(true)).toBe(BUDGET - 1);
  // A timer for no time lets go.
  kernel.poll([{ type: 0, clockId: 1, timeout: 0n, absolute: false }]);
  expect(kernel.permit(fd)).toBeGreaterThan(0);
});

describe("a component is ended that", () => {
  const table = () => {
    const resources = new ResourceTable();
    const socket = resources.push("socket", 4);
    const input = resources.push("input", 4, socket);
    return { resources, socket, input, pollable: resources.push("pollable", 4, input) };
  };

  test("drops a socket before its streams, or a stream before its pollable", () => {
    const { resources, socket, input, pollable } = table();
    expect(() => resources.drop(socket.handle, "socket")).toThrow(/has children/);
    expect(() => resources.drop(input.handle, "input")).toThrow(/has children/);
    resources.drop(pollable.handle, "pollable");
    resources.drop(input.handle, "input");
    resources.drop(socket.handle, "socket");
    expect(resources.all).toEqual([]);
  });

  test("names what it has not, or has given back, or what is something else", () => {
    const { resources, input, pollable } = table();
    expect(() => resources.get(99, "input")).toThrow(/unknown handle/);
    expect(() => resources.get(input.handle, "output")).toThrow(/is no output/);
    resources.drop(pollable.handle, "pollable");
    expect(() => resources.drop(pollable.handle, "pollable")).toThrow(/unknown handle/);
    expect(resources.push("error", -1).handle).toBe(pollable.handle);
  });
});

test("a component has no handle of a deadline, and the host frees it with its pollable", () => {
  const resources = new ResourceTable();
  const deadline = resources.push("deadline", -1);
  const pollable = resources.push("pollable", -1, deadline);
  const next = resources.push("pollable", -1);
  expect([pollable.handle, next.handle]).toEqual([1, 2]);
  expect([deadline.place, pollable.place, next.place]).toEqual([0, 1, 2]);
  resources.drop(pollable.handle, "pollable");
  expect(resources.all).toEqual([next]);
});

test("a budget is spent, and had again", () => {
  const budget = new Budget();
  const spent = Array.from({ length: BUDGET + 5 }, () => budget.spend());
  expect(spent.filter(Boolean)).toHaveLength(BUDGET);
  budget.renew();
  expect(budget.left).toBe(BUDGET);
});
