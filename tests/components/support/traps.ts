/**
 * What hosts of WASI 0.2 do to a server that takes them at their word, one test a trap; each stopped
 * or starved one. The cures are in assembly/wasi/preview2 and in PollableSelector.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { startProgram } from "../../conversations/support/server.js";
import {
  compileDriver,
  Driver,
  LISTENER,
  READ,
  SelectorError,
  WRITE,
} from "../../selectors/driver.js";
import type { ComponentLine } from "../../support/component.js";
import { cpuMs } from "../../support/processes.js";
import { componentRuntime, useComponents } from "../../support/runtime.js";
import { findStrace } from "../../support/strace.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { writeProgram } from "../../support/fake_wasmtime.js";
import { until } from "../../support/wait.js";

/** More than a host looks at in one go. */
const CROWD = 300;
const BUSY_SHARE = 0.2;
const ROUNDS = 50;

const isStraceThere = findStrace("the trap test of a kernel that allows no large buffer");

/**
 * A wasmtime whose kernel allows send buffers of 208 KiB, as most have. Of the calls that set an
 * option, the third asks what is allowed, and the fifth and all that follow make a buffer larger.
 */
function withSmallBuffers(wasmtime: string): string {
  const file = path.join(temporaryDirectory(), "wasmtime");
  const allowed = "00400300";
  const inject = `inject=setsockopt:poke_enter=@arg4=${allowed}:when=3+2`;
  const strace = `strace -f -o /dev/null -e trace=setsockopt -e ${inject}`;
  return writeProgram(file, `#!/bin/sh\nexec ${strace} '${wasmtime}' "$@"\n`);
}

export function traps(line: ComponentLine): void {
  const isThere = useComponents(line);
  let component: string;

  beforeAll(async () => {
    if (isThere) component = await compileDriver();
  });

  describe.runIf(isThere)(`traps of wasmtime ${line}`, () => {
    async function start(openFiles?: number): Promise<Driver> {
      return Driver.start(component, openFiles);
    }

    async function crowd(driver: Driver, size: number, words = ""): Promise<number[]> {
      const fds: number[] = [];
      for (let i = 0; i < size; i++) {
        const { peer, fd } = await driver.connect();
        if (words !== "") peer.write(words);
        await driver.register(fd, READ);
        fds.push(fd);
      }
      return fds;
    }

    /** Until each has been among those who are ready: the host has looked at its socket by then. */
    async function seen(driver: Driver, fds: readonly number[]): Promise<void> {
      const ready = new Set<number>();
      await until("everybody has been seen", async () => {
        for (const { fd } of (await driver.select(0)).ready) ready.add(fd);
        return ready.size === fds.length;
      });
    }

    test("1: a socket is given back after its streams, and they after their pollables", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      await driver.register(LISTENER, READ);
      await driver.register(fd, READ | WRITE);
      peer.write("a");
      expect(await driver.readyNow("none")).not.toEqual([]);
      for (const one of [fd, LISTENER]) {
        expect(await driver.ask(`unregister ${one}`)).toBe(SelectorError.NONE);
        expect(await driver.ask(`close ${one}`)).toBe("0");
      }
      // Nor is a host asked to wait for an empty list.
      expect((await driver.select(0)).error).toBe(SelectorError.NONE);
    });

    test("2: input that is left unread wakes nobody who does not ask for it", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.write("unread");
      await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
      peer.pause();
      await driver.ask(`fill ${fd}`);
      await driver.register(fd, WRITE);
      const before = Number(await driver.ask("calls"));
      expect((await driver.select(0.3)).ready).toEqual([]);
      expect(Number(await driver.ask("calls")) - before).toBeLessThan(30);
    });

    test("3: what is under way at the close neither is lost nor holds up the program", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.pause();
      const sent = Number((await driver.ask(`fill ${fd}`)).split(" ")[0]);
      const before = performance.now();
      expect(await driver.ask(`close ${fd}`)).toBe("0");
      expect(await driver.ask("remaining")).toBe("1");
      expect(performance.now() - before).toBeLessThan(2_000);
      let heard = 0;
      peer.on("data", (data) => (heard += data.length)).resume();
      await until("all of it is heard", () => heard === sent);
      await until("the socket is given back", async () => {
        await driver.select(0.01);
        return (await driver.ask("remaining")) === "0";
      });
    });

    test("3: a peer that never reads is not kept for ever", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.pause();
      await driver.ask(`fill ${fd}`);
      await driver.ask(`close ${fd}`);
      await driver.register(LISTENER, READ);
      await driver.select(11);
      expect(await driver.ask("remaining")).toBe("0");
    });

    // Older hosts can be told to drop what is left: they do not ask what the kernel allows.
    if (line === 48) {
      test.runIf(isStraceThere)("3: nor where the kernel allows no large buffer", async () => {
        const wasmtime = withSmallBuffers(componentRuntime() ?? "");
        const driver = await Driver.start(component, undefined, undefined, wasmtime);
        const { peer, fd } = await driver.connect();
        peer.pause();
        await driver.fillForGood(fd);
        await driver.ask(`close ${fd}`);
        expect(await driver.ask("remaining")).toBe("1");
        await driver.register(LISTENER, READ);
        await driver.select(11);
        expect(await driver.ask("remaining")).toBe("0");
      });
    }

    test("4: after a wait for many, all are taken who have come", async () => {
      const driver = await start();
      await crowd(driver, CROWD);
      await driver.register(LISTENER, READ);
      const newcomers = 50;
      await Promise.all(Array.from({ length: newcomers }, () => driver.dial()));
      await sleep(50);
      expect(await driver.ask(`accept-all ${LISTENER}`)).toBe(String(newcomers));
    });

    test("4: a budget that is spent is not taken for sockets that are full", async () => {
      const driver = await start();
      const fds = await crowd(driver, CROWD, "unread");
      await seen(driver, fds);
      expect(await driver.ask("send-all hello")).toBe(String(fds.length));
    });

    test("5: those whom a wait does not name are seen all the same", async () => {
      const driver = await start();
      await seen(driver, await crowd(driver, CROWD, "unread"));
    });

    test("6: a process without descriptors left says so, whatever the host calls it", async () => {
      const driver = await start(24);
      await crowd(driver, 2);
      const many = Array.from({ length: 30 }, () => driver.dial());
      await Promise.all(many);
      await driver.askUntil(`accept ${LISTENER}`, (answer) => answer === "MFILE");
    });

    test("7: no write brings more than its permit", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.resume();
      expect(Number(await driver.ask(`send-bytes ${fd} 4000000`))).toBeGreaterThan(0);
      peer.pause();
      expect(await driver.ask(`fill ${fd}`)).toMatch(/AGAIN$/);
      expect(await driver.ask(`send-bytes ${fd} 1`)).toBe("AGAIN");
    });

    test("8: a stdin that has ended keeps nobody awake", async () => {
      const server = await startProgram("chat", [], { plain: true });
      server.endConsole();
      await server.logs(/^console: closed/m);
      const [before, window] = [cpuMs(server.pid), 1_000];
      await sleep(window);
      expect(cpuMs(server.pid) - before).toBeLessThan(window * BUSY_SHARE);
    });

    test("9: a connection that breaks says so once, and others like it go on", async () => {
      const driver = await start();
      const handles = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const { peer, fd } = await driver.connect();
        peer.resetAndDestroy();
        await driver.askUntil(`recv ${fd} 10`, (answer) => answer !== "AGAIN");
        expect(await driver.ask(`recv ${fd} 10`)).toBe("0");
        expect(await driver.ask(`close ${fd}`)).toBe("0");
        handles.add(await driver.ask(`highest-handle ${2 * ROUNDS}`));
      }
      // Each error is given back: a host has a bound for what it lends.
      expect([...handles]).toHaveLength(1);
    });

    test("10: a long text is printed whole", async () => {
      const driver = await start();
      expect(await driver.ask("print 100000")).toBe("x".repeat(100_000));
    });

    test("11: a number that is used again is not taken for who had it", async () => {
      const driver = await start();
      const fds = await crowd(driver, 2, "a");
      await until("both are ready", async () => (await driver.readyNow(0)).length === 2);
      await driver.dial();
      await sleep(50);
      const [second, newcomer, isGood] = (await driver.ask(`select-reusing ${LISTENER}`)).split(
        " ",
      );
      expect(fds.map(String)).toContain(second);
      expect(newcomer).toBe(second);
      expect(isGood).toBe("false");
    });

    test("a read costs one call, and what has been read keeps nobody awake", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      await driver.register(fd, READ);
      async function callsOf(command: string): Promise<number> {
        const before = Number(await driver.ask("calls"));
        await driver.ask(command);
        return Number(await driver.ask("calls")) - before;
      }
      const driverItself = await callsOf(`filetype ${fd}`);
      peer.write("a");
      expect(await driver.readyNow("none")).not.toEqual([]);
      expect((await callsOf(`recv ${fd} 10`)) - driverItself).toBe(1);
      expect((await driver.select(0.1)).ready).toEqual([]);
    });
  });
}
