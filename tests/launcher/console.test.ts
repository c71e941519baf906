import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import {
  CONSOLE_LINE_BYTES_MAX,
  ConsoleInput,
  ConsoleOutput,
} from "../../host/launcher/guest/console.js";
import { until } from "../support/wait.js";

function received(stream: PassThrough): string {
  return String(stream.read() ?? "");
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("only whole lines go to the guest", async () => {
  const [user, guest] = [new PassThrough(), new PassThrough()];
  new ConsoleInput(user).attach(guest);
  user.write("one\ntw");
  await settled();
  expect(received(guest)).toBe("one\n");
  user.write("o\n");
  await settled();
  expect(received(guest)).toBe("two\n");
});

test("a line of our own never glues to a half-typed one", async () => {
  const [user, guest] = [new PassThrough(), new PassThrough()];
  const lines = new ConsoleInput(user);
  lines.attach(guest);
  user.write("half");
  await settled();
  lines.inject("quit");
  expect(received(guest)).toBe("quit\n");
});

test("the end of the input completes the last line and no more", async () => {
  const [user, guest] = [new PassThrough(), new PassThrough()];
  new ConsoleInput(user).attach(guest);
  user.end("quit");
  await settled();
  await settled();
  expect(received(guest)).toBe("quit\n");
  expect(guest.writableEnded).toBe(false);
});

test("what is typed between two guests goes to the second", async () => {
  const [user, first, second] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const lines = new ConsoleInput(user);
  lines.attach(first);
  lines.detach();
  user.write("hello\n");
  await settled();
  lines.attach(second);
  await settled();
  expect(received(first)).toBe("");
  expect(received(second)).toBe("hello\n");
});

test.each([
  ["at the limit is passed on", CONSOLE_LINE_BYTES_MAX, true],
  ["one byte past it is left out", CONSOLE_LINE_BYTES_MAX + 1, false],
])("a line %s, and the next line arrives either way", async (_, length, arrives) => {
  const [user, guest] = [new PassThrough(), new PassThrough()];
  let got = "";
  guest.on("data", (chunk) => (got += String(chunk)));
  new ConsoleInput(user).attach(guest);
  user.write("x".repeat(length));
  await settled();
  user.write("\nnext\n");
  await until("the next line", () => got.endsWith("next\n"));
  expect(got.startsWith("x".repeat(length))).toBe(arrives);
});

test("a guest that does not read holds the user's input up, until it does", async () => {
  const user = new PassThrough();
  const guest = new PassThrough({ highWaterMark: 10 });
  new ConsoleInput(user).attach(guest);
  user.write("a long line for that guest\n");
  await settled();
  expect(user.isPaused()).toBe(true);
  guest.resume();
  await until("the input flows again", () => !user.isPaused());
});

test("output whose reader has gone is dropped, and its source goes on", async () => {
  const broken = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("gone"), { code: "EPIPE" })),
  });
  const guest = new PassThrough({ highWaterMark: 16 });
  const output = new ConsoleOutput(broken);
  output.carry(guest);
  let drained = 0;
  const write = (): void => void guest.write("x".repeat(64), () => (drained += 1));
  write();
  await until("it broke", () => broken.destroyed);
  for (let count = 0; count < 100; count++) write();
  await until("the source is drained all the same", () => drained === 101);
});

test("a reader that is behind slows the source down, and loses nothing", async () => {
  const slow = new PassThrough({ highWaterMark: 8 });
  const guest = new PassThrough();
  new ConsoleOutput(slow).carry(guest);
  guest.write("0123456789");
  await settled();
  expect(guest.isPaused()).toBe(true);
  guest.write("rest");
  let got = "";
  slow.on("data", (chunk) => (got += String(chunk)));
  await until("all of it", () => got === "0123456789rest");
});

test("a source that would wait is not paused: lines are lost, and their number is told", async () => {
  const slow = new PassThrough({ highWaterMark: 8 });
  const guest = new PassThrough();
  const told = (text: string): string => `(${text})`;
  new ConsoleOutput(slow).carry(guest, undefined, { neverPauses: true, told });
  for (const text of ["0123456789\n", "one\ntwo\n", "three\n"]) {
    guest.write(text);
    await settled();
  }
  expect(guest.isPaused()).toBe(false);
  let got = "";
  slow.on("data", (chunk) => (got += String(chunk)));
  const lost = "(3 lines were not written: nobody read them in time)\n";
  await until("the loss is told", () => got === `0123456789\n${lost}`);
  guest.write("four\n");
  await until("the next line", () => got.endsWith("four\n"));
});
