/**
 * Bugs of hosts of WASI 0.3, one test each. Each of them stopped a server, starved its clients or
 * made it spin; see notes/platforms.md. The workarounds are in assembly/wasi/preview3 and in
 * WaitableSelector.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type net from "node:net";
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
import type { ComponentLine } from "../../../support/component.js";
import { cpuMs } from "../../../support/processes.js";
import { useComponents } from "../../../support/runtime.js";
import { until } from "../../../support/wait.js";

const CROWD = 300;
const BUSY_SHARE = 0.2;
const ROUNDS = 50;
/** Reads or writes in a row, with no wait between, of which one must find something. */
const TRIES = 1_000_000;
/** Calls of the host that a wait for one event may take, with what belongs to the driver. */
const FEW_CALLS = 40;

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

    async function crowd(
      driver: Driver,
      size: number,
      words = "",
    ): Promise<{ peer: net.Socket; fd: number }[]> {
      const all = [];
      for (let i = 0; i < size; i++) {
        const { peer, fd } = await driver.connect();
        if (words !== "") peer.write(words);
        await driver.register(fd, READ);
        all.push({ peer, fd });
      }
      return all;
    }

    async function callsOf(driver: Driver, command: string): Promise<number> {
      const before = Number(await driver.ask("calls"));
      await driver.ask(command);
      return Number(await driver.ask("calls")) - before;
    }

    test("1: without descriptors left, newcomers are dead: it says so once, and rests", async () => {
      const driver = await start(24);
      await driver.register(LISTENER, READ);
      await Promise.all(Array.from({ length: 30 }, () => driver.dial()));
      const [accepted, failed, error] = (await driver.ask(`accept-for ${LISTENER} 1`)).split(" ");
      expect(Number(accepted)).toBeGreaterThan(0);
      expect(error).toBe("MFILE");
      // One for each rest of 100 ms. Without rests there are a hundred thousand.
      expect(Number(failed)).toBeGreaterThan(1);
      expect(Number(failed)).toBeLessThan(15);
    });

    test("1: of connections that were reset, any number is passed over without a rest", async () => {
      const driver = await start();
      for (let i = 0; i < 1000; i++) (await driver.dial()).resetAndDestroy();
      await driver.dial();
      // With a rest for each 64 of them, a second does for 640.
      const [accepted] = (await driver.ask(`accept-for ${LISTENER} 1`)).split(" ");
      expect(accepted).toBe("1");
    });

    test("1: a connection that is over before it is accepted is passed over, without a rest", async () => {
      const driver = await start();
      for (let i = 0; i < 20; i++) (await driver.dial()).resetAndDestroy();
      const { peer, fd } = await driver.connect();
      peer.write("here");
      await driver.askUntil(`recv ${fd} 10`, (answer) => answer === "data here");
      expect(await driver.ask(`accept ${LISTENER}`)).toBe("AGAIN");
    });

    test("2: the first write is taken, though the program tries again without a wait", async () => {
      const driver = await start();
      const peer = await driver.dial();
      const heard = new Promise((resolve) => peer.once("data", (data) => resolve(String(data))));
      expect(await driver.ask(`accept-send ${LISTENER} ${TRIES}`)).toBe("5");
      expect(await heard).toBe("hello");
    });

    test("3: a program that tries to read and never waits finds what comes", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      const read = driver.ask(`recv-trying ${fd} ${TRIES}`);
      peer.write("a");
      expect(await read).toBe("data a");
    });

    test("4: an accept that is not repeated until AGAIN misses no connection", async () => {
      const driver = await start();
      await driver.register(LISTENER, READ);
      expect(await driver.readyNow(0)).toEqual([]);
      await Promise.all(Array.from({ length: 10 }, () => driver.dial()));
      for (let i = 0; i < 10; i++) {
        expect(await driver.readyNow("none")).toEqual([[LISTENER, READ]]);
        expect(Number(await driver.ask(`accept ${LISTENER}`))).toBeGreaterThan(LISTENER);
      }
      // Nor the next one, though nothing was under way when the select began.
      await driver.dial();
      await driver.askUntil(`accept ${LISTENER}`, (answer) => answer !== "AGAIN");
      const selected = driver.readyNow("none");
      await driver.dial();
      expect(await selected).toEqual([[LISTENER, READ]]);
    });

    test("4: a read between two selects misses no bytes", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      await driver.register(fd, READ);
      expect(await driver.readyNow(0)).toEqual([]);
      peer.write("a");
      await driver.askUntil(`recv ${fd} 10`, (answer) => answer === "data a");
      const selected = driver.readyNow("none");
      peer.write("b");
      expect(await selected).toEqual([[fd, READ]]);
    });

    test("5: an end that is there before the first read is seen, and a reset is told from it", async () => {
      for (const how of ["end", "resetAndDestroy"] as const) {
        const driver = await start();
        const { peer, fd } = await driver.connect();
        peer[how]();
        // By now the kernel has it.
        await driver.connect();
        await driver.register(fd, READ);
        expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
        expect(await driver.ask(`recv ${fd} 10`)).toBe(how === "end" ? "0" : "CONNRESET");
        expect(await driver.ask(`recv ${fd} 10`)).toBe("0");
      }
    });

    test("6: what has been read wakes no select", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      await driver.register(fd, READ);
      peer.write("a");
      expect(await driver.readyNow("none")).not.toEqual([]);
      await driver.ask(`recv ${fd} 10`);
      const before = Number(await driver.ask("calls"));
      expect((await driver.select(0.3)).ready).toEqual([]);
      expect(Number(await driver.ask("calls")) - before).toBeLessThan(FEW_CALLS);
    });

    test("7: a close in the midst of anything ends nothing else", async () => {
      const driver = await start();
      // A read under way.
      const reading = await driver.connect();
      expect(await driver.ask(`recv ${reading.fd} 10`)).toBe("AGAIN");
      // A wait for room.
      const full = await driver.connect();
      full.peer.pause();
      await driver.fillForGood(full.fd);
      await driver.register(full.fd, WRITE);
      expect(await driver.readyNow(0)).toEqual([]);
      // The question how a stream has ended.
      const ended = await driver.connect();
      ended.peer.end();
      await driver.register(LISTENER, READ);
      expect(await driver.readyNow(0)).toEqual([]);
      const closed = await driver.askUntil(`recv-close ${ended.fd}`, (answer) => answer !== "");
      expect(closed).toBe("AGAIN 0");
      for (const fd of [reading.fd, full.fd, LISTENER]) {
        await driver.ask(`unregister ${fd}`);
        expect(await driver.ask(`close ${fd}`)).toBe("0");
      }
      expect((await driver.select(0)).error).toBe(SelectorError.NONE);
      expect(await driver.ask(`filetype ${reading.fd}`)).toBe("BADF");
    });

    test("7: half a close while there is no room lets the peer have what was taken, and its end", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.pause();
      const sent = await driver.fillForGood(fd);
      await driver.register(fd, WRITE);
      expect(await driver.readyNow(0)).toEqual([]);
      expect(await driver.ask(`shutdown ${fd}`)).toBe("0");
      expect(await driver.ask(`send ${fd} more`)).toBe("PIPE");
      peer.write("still");
      let heard = 0;
      const end = new Promise((resolve) => peer.once("end", resolve));
      peer.on("data", (data) => (heard += data.length)).resume();
      await end;
      // A write that was taken back has left nothing behind.
      expect(heard).toBe(sent);
      await driver.askUntil(`recv ${fd} 10`, (answer) => answer === "data still");
    });

    test("8: what comes in one instant is seen in a few selects", async () => {
      const driver = await start();
      const all = await crowd(driver, CROWD);
      expect(await driver.readyNow(0)).toEqual([]);
      const selects = driver.ask(`busy-read 0.3 ${CROWD}`);
      for (const { peer } of all) peer.write("a");
      // A wait brings about one event.
      expect(Number(await selects)).toBeLessThan(CROWD / 10);
    });

    test("8: a crowd that is left unread is seen whole, each time", async () => {
      const driver = await start();
      await crowd(driver, CROWD, "unread");
      await until("all are ready", async () => (await driver.readyNow(0)).length === CROWD);
      expect(await driver.readyNow(0)).toHaveLength(CROWD);
      expect(await driver.ask("send-all hello")).toBe(String(CROWD));
    });

    test("9: a wait costs as much as there are events, not as there are keys", async () => {
      const driver = await start();
      const all = await crowd(driver, CROWD);
      const one = all[CROWD / 2];
      expect(await driver.readyNow(0)).toEqual([]);
      one?.peer.write("a");
      expect(await callsOf(driver, "select none")).toBeLessThan(FEW_CALLS);
    });

    test("10: input that is left unread wakes no select that does not ask for it", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.write("unread");
      await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
      peer.pause();
      await driver.fillForGood(fd);
      await driver.register(fd, WRITE);
      const before = Number(await driver.ask("calls"));
      expect((await driver.select(0.3)).ready).toEqual([]);
      expect(Number(await driver.ask("calls")) - before).toBeLessThan(FEW_CALLS);
    });

    test("11: one wait takes the events of all, and each selector hears of its own", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      await driver.register(fd, READ);
      expect(await driver.readyNow(0)).toEqual([]);
      peer.write("a");
      // The guest waits for its commands with another selector meanwhile.
      await sleep(50);
      await driver.ask("calls");
      expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
    });

    test("12: a connection that breaks says so once, and leaves nothing behind", async () => {
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
      // A host has a bound for what it lends.
      expect([...handles]).toHaveLength(1);
    });

    test("12: with as many connections as a host has handles for, none is accepted", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      // One connection is there, and counts.
      expect(await driver.ask("count-connections 32999")).toBe("33000");
      await driver.dial();
      await driver.askUntil(`accept ${LISTENER}`, (answer) => answer === "MFILE");
      peer.write("a");
      await driver.askUntil(`recv ${fd} 10`, (answer) => answer === "data a");
      await driver.ask(`close ${fd}`);
      await driver.dial();
      await driver.askUntil(`accept ${LISTENER}`, (answer) => /^\d+$/.test(answer));
      await driver.dial();
      await driver.askUntil(`accept ${LISTENER}`, (answer) => answer === "MFILE");
    });

    test("12: a write to a peer that has gone fails, again and again", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect();
      peer.resetAndDestroy();
      const failed = await driver.askUntil(`send ${fd} hello`, (answer) => !/^\d/.test(answer));
      expect(failed).toMatch(/^(CONNRESET|PIPE)$/);
      expect(await driver.ask(`send ${fd} hello`)).toMatch(/^(CONNRESET|PIPE)$/);
      // It will not wait: so it can be written.
      await driver.register(fd, WRITE);
      expect(await driver.readyNow("none")).toEqual([[fd, WRITE]]);
    });

    test("13: a stdin that has ended costs nothing", async () => {
      const server = await startProgram("chat", [], { plain: true });
      server.endConsole();
      await server.logs(/^console: closed/m);
      const [before, window] = [cpuMs(server.pid), 1_000];
      await sleep(window);
      expect(cpuMs(server.pid) - before).toBeLessThan(window * BUSY_SHARE);
    });

    test("13: a long text is printed whole", async () => {
      const driver = await start();
      expect(await driver.ask("print 100000")).toBe("x".repeat(100_000));
    });

    test("14: a number that is used again is not taken for the old descriptor", async () => {
      const driver = await start();
      const all = await crowd(driver, 2, "a");
      await until("both are ready", async () => (await driver.readyNow(0)).length === 2);
      await driver.dial();
      await sleep(50);
      const [second, newcomer, isGood] = (await driver.ask(`select-reusing ${LISTENER}`)).split(
        " ",
      );
      expect(all.map(({ fd }) => String(fd))).toContain(second);
      expect(newcomer).toBe(second);
      expect(isGood).toBe("false");
    });

    test("15: blocking calls wait, and what happens to others meanwhile is not forgotten", async () => {
      const driver = await start();
      const { peer, fd } = await driver.connect(true);
      const other = await driver.connect();
      await driver.register(other.fd, READ);
      expect(await driver.readyNow(0)).toEqual([]);
      const read = driver.ask(`recv ${fd} 10`);
      other.peer.write("other");
      await sleep(50);
      peer.write("a");
      expect(await read).toBe("data a");
      expect(await driver.readyNow("none")).toEqual([[other.fd, READ]]);
    });
  });
}
