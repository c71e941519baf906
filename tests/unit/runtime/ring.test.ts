/**
 * The ring buffer by itself: records come out as they went in, also at the wrap-around and when it
 * is full.
 */
import { expect, test } from "vitest";
import { createRing, RingReader, RingWriter } from "../../../host/runtime/node/ring.js";
import { Worker } from "node:worker_threads";

const RING_BYTES = 256;
const HEADER_BYTES = 16;

function ends() {
  const memory = createRing(RING_BYTES);
  return { memory, reader: new RingReader(memory), writer: new RingWriter(memory) };
}

function bytesOf(length: number, first = 0): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (first + at) % 256));
}

test("a record has its kind, its id, its number and its bytes", () => {
  const { reader, writer } = ends();
  expect(
    writer.write(1, 0xffff_ffff, 70_000, [Buffer.from("one "), Buffer.from("record")], 10),
  ).toBe(true);
  const bytes = Buffer.from("one record");
  expect(reader.read()).toEqual({ kind: 1, id: 0xffff_ffff, value: 70_000, bytes });
  expect(reader.read()).toBeUndefined();
  expect(reader.isEmpty).toBe(true);
});

test("records of every length wrap around its end, in order", () => {
  const { reader, writer } = ends();
  for (let round = 0; round < 2_000; round++) {
    const bytes = bytesOf(round % (RING_BYTES - HEADER_BYTES + 1), round);
    const middle = Math.floor(bytes.length / 3);
    const pieces = [bytes.subarray(0, middle), bytes.subarray(middle)];
    expect(writer.write(round % 7, round, 0, pieces, bytes.length)).toBe(true);
    expect(reader.read()).toEqual({ kind: round % 7, id: round, value: 0, bytes });
  }
});

test("what does not fit is refused whole, and fits once something is read", () => {
  const { reader, writer } = ends();
  const half = bytesOf(RING_BYTES / 2 - HEADER_BYTES);
  expect(writer.write(1, 1, 0, [half], half.length)).toBe(true);
  expect(writer.write(1, 2, 0, [half], half.length)).toBe(true);
  expect(writer.write(1, 3, 0, [], 0)).toBe(false);
  expect(reader.read()?.id).toBe(1);
  expect(writer.write(1, 3, 0, [], 0)).toBe(true);
  expect([reader.read()?.id, reader.read()?.id, reader.read()]).toEqual([2, 3, undefined]);
});

test("a record larger than the ring is a mistake", () => {
  const { writer } = ends();
  const size = RING_BYTES - HEADER_BYTES + 1;
  expect(() => writer.write(1, 1, 0, [bytesOf(size)], size)).toThrow("larger than its ring");
});

test("a flag is raised once and lowered once", () => {
  const { reader, writer } = ends();
  expect([writer.raiseFlag(), writer.raiseFlag()]).toEqual([true, false]);
  expect([reader.lowerFlag(), reader.lowerFlag()]).toEqual([true, false]);
});

test("a wait ends in its time, and at once if there is a record", () => {
  const { reader, writer } = ends();
  const start = performance.now();
  reader.waitForRecord(50);
  expect(performance.now() - start).toBeGreaterThan(45);
  writer.write(1, 1, 0, [], 0);
  const written = performance.now();
  reader.waitForRecord(60_000);
  expect(performance.now() - written).toBeLessThan(30_000);
});

test("a thread that waits for a record is woken by it", async () => {
  const { memory, writer } = ends();
  // As ring.ts has it: the tail is word 16.
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    parentPort.postMessage("waits");
    parentPort.postMessage(Atomics.wait(new Int32Array(workerData), 16, 0, 5000));`;
  const worker = new Worker(source, { eval: true, workerData: memory });
  const said: unknown[] = [];
  worker.on("message", (message) => {
    said.push(message);
    if (message === "waits") {
      writer.write(1, 1, 0, [], 0);
      writer.notify();
    }
  });
  await new Promise((resolve) => worker.once("exit", resolve));
  expect(["ok", "not-equal"]).toContain(said[1]);
});
