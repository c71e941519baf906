/** The ABI of preview1: pointers, structs and errnos. */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { Errno, errnoName } from "../../../host/runtime/abi.js";
import { GuestExit, GuestTrap } from "../../../host/runtime/outcome.js";
import { PROGRAMS, modulePath } from "../../../host/bootstrap/programs.mjs";
import { AT, Desk } from "./support/guest_calls.js";

const PAGE = 65536;

describe("the imports", () => {
  test.each(PROGRAMS)("are all that $name asks for", (program) => {
    const module = new WebAssembly.Module(fs.readFileSync(modulePath(program)));
    const wanted = WebAssembly.Module.imports(module);
    const desk = new Desk();
    for (const { module: from, name } of wanted) {
      expect(from).toBe("wasi_snapshot_preview1");
      expect(() => desk.call(name)).not.toThrow(/there is no import/);
    }
  });

  test("have names for their errnos", () => {
    for (const [name, code] of Object.entries(Errno)) expect(errnoName(-code)).toBe(name);
    expect(errnoName(76)).toBe("NOTCAPABLE");
    expect(errnoName(77)).toBe("errno 77");
  });
});

describe("a pointer that is wrong", () => {
  const CALLS: [string, string, (number | bigint)[]][] = [
    ["beyond the memory", "clock_time_get", [1, 0n, PAGE]],
    ["half beyond the memory", "clock_time_get", [1, 0n, PAGE - 4]],
    ["negative, as an i32", "clock_time_get", [1, 0n, -8]],
    ["not aligned to 8", "clock_time_get", [1, 0n, AT.out + 4]],
    ["not aligned to 4", "args_sizes_get", [AT.out + 2, AT.out]],
    ["to strings beyond the memory", "args_get", [AT.out, PAGE - 2]],
    ["to vectors beyond the memory", "fd_write", [1, PAGE - 4, 1, AT.out]],
    ["to vectors not aligned to 4", "fd_write", [1, AT.vectors + 2, 1, AT.out]],
    ["to too many vectors", "fd_write", [1, AT.vectors, -1, AT.out]],
    ["to where the result goes", "fd_write", [1, AT.vectors, 0, PAGE]],
    ["to where the descriptor goes", "sock_accept", [3, 4, AT.out + 1]],
    ["to subscriptions beyond the memory", "poll_oneoff", [PAGE - 40, AT.events, 1, AT.out]],
    ["to subscriptions not aligned", "poll_oneoff", [AT.subscriptions + 4, AT.events, 1, AT.out]],
    ["to events beyond the memory", "poll_oneoff", [AT.subscriptions, PAGE - 24, 1, AT.out]],
    ["to an fdstat not aligned", "fd_fdstat_get", [0, AT.out + 4]],
    ["to a buffer beyond the memory", "random_get", [PAGE - 8, 9]],
  ];

  test.each(CALLS)("%s: %s fails with FAULT, in wasmtime it traps", (_what, name, values) => {
    expect(errnoName(new Desk().call(name, ...values))).toBe("FAULT");
    expect(() => new Desk({ dialect: "wasmtime-36" }).call(name, ...values)).toThrow(GuestTrap);
  });

  test("changes nothing: the client is still there to be accepted", () => {
    const desk = new Desk();
    desk.world.connect(desk.listener);
    expect(desk.call("sock_accept", 3, 4, PAGE)).toBe(Errno.FAULT);
    expect(desk.listener.waitingCount).toBe(1);
  });

  test("at the last byte is right", () => {
    const desk = new Desk();
    expect(desk.call("clock_time_get", 1, 0n, PAGE - 8)).toBe(0);
    expect(desk.call("random_get", PAGE - 8, 8)).toBe(0);
    expect(desk.call("random_get", PAGE, 0)).toBe(0);
  });

  test("is told from one in a memory that has grown", () => {
    const desk = new Desk();
    expect(desk.call("clock_time_get", 1, 0n, PAGE)).toBe(Errno.FAULT);
    desk.memory.grow(1);
    expect(desk.call("clock_time_get", 1, 0n, PAGE)).toBe(0);
    expect(desk.view.getBigUint64(PAGE, true)).toBeGreaterThan(0n);
  });

  test("is not looked at if the descriptor is not open", () => {
    expect(new Desk().call("fd_write", 77, PAGE, 1, PAGE)).toBe(Errno.BADF);
    expect(new Desk().call("sock_recv", 77, PAGE, 1, 0, PAGE, PAGE)).toBe(Errno.BADF);
  });
});

describe("flags and kinds that are not defined", () => {
  test.each<[string, number[]]>([
    ["fd_fdstat_set_flags", [3, 32]],
    ["sock_accept", [3, 32, AT.out]],
    ["sock_recv", [3, AT.vectors, 0, 4, AT.out, AT.out + 4]],
    ["sock_shutdown", [3, 4]],
    ["clock_res_get", [4, AT.out]],
  ])("%s fails with INVAL, in wasmtime it traps", (name, values) => {
    expect(errnoName(new Desk().call(name, ...values))).toBe("INVAL");
    expect(() => new Desk({ dialect: "wasmtime-36" }).call(name, ...values)).toThrow(GuestTrap);
  });

  test("a subscription of no known kind is INVAL for all, in wasmtime too", () => {
    for (const dialect of ["exact", "wasmtime-36"] as const) {
      const desk = new Desk({ dialect });
      desk.subscribe(0, 3, 0);
      expect(desk.poll(1)).toBe(-Errno.INVAL);
      expect(desk.poll(0)).toBe(-Errno.INVAL);
      desk.subscribe(0, 0, 1, 0n);
      desk.subscribe(1, 0, 2, 0n);
      expect(desk.poll(2)).toBe(-Errno.INVAL);
    }
  });
});

describe("what a program is told", () => {
  test("arguments and environment, each with its NUL", () => {
    const desk = new Desk({ args: ["chat", "--x", "ü"], env: { A: "1", B: "" } });
    expect(desk.call("args_sizes_get", AT.out, AT.out + 4)).toBe(0);
    expect([desk.out, desk.view.getUint32(AT.out + 4, true)]).toEqual([3, 12]);
    expect(desk.call("args_get", AT.out, AT.data)).toBe(0);
    expect(desk.bytes(AT.data, 12)).toBe("chat\0--x\0ü\0");
    expect(desk.view.getUint32(AT.out + 8, true)).toBe(AT.data + 9);
    expect(desk.call("environ_sizes_get", AT.out, AT.out + 4)).toBe(0);
    expect([desk.out, desk.view.getUint32(AT.out + 4, true)]).toEqual([2, 7]);
    expect(desk.call("environ_get", AT.out, AT.data)).toBe(0);
    expect(desk.bytes(AT.data, 7)).toBe("A=1\0B=\0");
  });

  test("an fdstat, every byte of it", () => {
    const desk = new Desk();
    new Uint8Array(desk.memory.buffer).fill(0xff, AT.out, AT.out + 24);
    expect(desk.call("fd_fdstat_get", 3, AT.out)).toBe(0);
    const words = [0, 8, 16].map((at) => desk.view.getBigUint64(AT.out + at, true));
    expect(words).toEqual([6n | (4n << 16n), (1n << 1n) | (1n << 6n), 0n]);
  });

  test("time that passes, and the same chance for the same seed", () => {
    const [one, two] = [new Desk(), new Desk()];
    expect(one.call("clock_time_get", 1, 0n, AT.out)).toBe(0);
    const before = one.view.getBigUint64(AT.out, true);
    one.call("clock_time_get", 1, 0n, AT.out);
    expect(one.view.getBigUint64(AT.out, true)).toBeGreaterThan(before);
    expect(one.call("clock_time_get", 2, 0n, AT.out)).toBe(Errno.BADF);
    for (const desk of [one, two]) desk.call("random_get", AT.data, 32);
    expect(one.bytes(AT.data, 32)).toBe(two.bytes(AT.data, 32));
    expect(new Set(one.bytes(AT.data, 32)).size).toBeGreaterThan(8);
  });

  test("that it ends, with its code", () => {
    expect(() => new Desk().call("proc_exit", 70)).toThrow(new GuestExit(70));
    expect(() => new Desk({ dialect: "wasmtime-36" }).call("proc_exit", 126)).toThrow(GuestTrap);
  });
});
