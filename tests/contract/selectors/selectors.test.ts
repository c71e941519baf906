/**
 * The contract of CPython's selectors, with the cases of its test_selectors.py, against real
 * sockets under wasmtime. (CPython skips that file on WASI.) A case that departs from Python says
 * so; docs/reference/selectors.md lists the departures.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { componentRuntime, runtimeWasmtime, selectorName } from "../../support/runtime.js";
import { compileDriver, Driver, LISTENER, READ, SelectorError, WRITE } from "./driver.js";

const NO_SUCH_FD = 9999;
const CONNRESET = 15;
let module: string;

beforeAll(async () => {
  module = await compileDriver();
});

/** For a component, `verified` is the selector on waitables. */
const isComponent = componentRuntime() !== undefined;

/** `verified`: poll_oneoff with verification; `scan`: try and sleep; `default`: whatever is best. */
describe.each(["verified", "scan", "default"])("the %s selector", (kind) => {
  async function start(): Promise<Driver> {
    const driver = await Driver.start(module);
    await driver.ask(`new ${kind}`);
    return driver;
  }

  test("registers a descriptor and finds its key again", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    expect(await driver.register(fd, READ, "data")).toBe(SelectorError.NONE);
    expect(await driver.ask(`key ${fd}`)).toBe(`SelectorKey(fd=${fd}, events=1) data`);
  });

  test("refuses a mask without events or with unknown ones", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    expect(await driver.register(fd, 0)).toBe(SelectorError.BAD_EVENTS);
    expect(await driver.register(fd, 4)).toBe(SelectorError.BAD_EVENTS);
    expect(await driver.register(fd, READ | 8)).toBe(SelectorError.BAD_EVENTS);
    expect(await driver.ask(`key ${fd}`)).toBe("none");
  });

  test("refuses a descriptor that is not open", async () => {
    const driver = await start();
    expect(await driver.register(NO_SUCH_FD, READ)).toBe(SelectorError.BAD_FD);
    expect(await driver.ask("map")).toBe("");
  });

  test("refuses to register twice, and keeps the first", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ, "first");
    expect(await driver.register(fd, WRITE, "second")).toBe(SelectorError.ALREADY_REGISTERED);
    expect(await driver.ask(`key ${fd}`)).toBe(`SelectorKey(fd=${fd}, events=1) first`);
  });

  test("unregisters once, and says so the second time", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ);
    expect(await driver.ask(`unregister ${fd}`)).toBe(SelectorError.NONE);
    expect(await driver.ask(`unregister ${fd}`)).toBe(SelectorError.NOT_REGISTERED);
    expect(await driver.ask(`unregister ${NO_SUCH_FD}`)).toBe(SelectorError.NOT_REGISTERED);
  });

  test("unregisters a descriptor that has been closed", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ);
    await driver.ask(`close ${fd}`);
    expect(await driver.ask(`unregister ${fd}`)).toBe(SelectorError.NONE);
    expect((await driver.select(0)).error).toBe(SelectorError.NONE);
  });

  test("modifies events and data, and refuses what it cannot", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ, "old");
    expect(await driver.ask(`modify ${fd} ${READ | WRITE} new`)).toBe(SelectorError.NONE);
    expect(await driver.ask(`key ${fd}`)).toBe(`SelectorKey(fd=${fd}, events=3) new`);
    expect(await driver.ask(`modify ${fd} 0 none`)).toBe(SelectorError.BAD_EVENTS);
    expect(await driver.ask(`modify ${fd} 4 none`)).toBe(SelectorError.BAD_EVENTS);
    expect(await driver.ask(`modify ${NO_SUCH_FD} 1 none`)).toBe(SelectorError.NOT_REGISTERED);
    expect(await driver.ask(`key ${fd}`)).toBe(`SelectorKey(fd=${fd}, events=3) new`);
  });

  test("makes no call of the host to modify data alone", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ, "old");
    const calls = async (): Promise<number> => Number(await driver.ask("calls"));
    // The least of several: a command by itself may cost a component one look more at its stdin.
    const least = async (ask: () => Promise<unknown>): Promise<number> => {
      const costs: number[] = [];
      for (let round = 0; round < 15; round++) {
        const before = await calls();
        await ask();
        costs.push((await calls()) - before);
      }
      return Math.min(...costs);
    };
    const alone = await least(() => Promise.resolve());
    const modified = await least(() => driver.ask(`modify ${fd} ${READ} new`));
    expect(modified).toBe(2 * alone);
  });

  test("lists its map", async () => {
    const driver = await start();
    const [one, two] = [await driver.connect(), await driver.connect()];
    await driver.register(one.fd, READ, "a");
    await driver.register(two.fd, READ | WRITE, "b");
    expect(await driver.ask("map")).toBe(`${one.fd}:1:a ${two.fd}:3:b `);
  });

  test("refuses everything once it is closed, and may be closed twice", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ);
    expect(await driver.ask("close-selector")).toBe("closed");
    expect(await driver.ask("close-selector")).toBe("closed");
    expect(await driver.register(fd, READ)).toBe(SelectorError.CLOSED);
    expect(await driver.ask(`modify ${fd} 1 x`)).toBe(SelectorError.CLOSED);
    expect(await driver.ask(`unregister ${fd}`)).toBe(SelectorError.CLOSED);
    expect(await driver.ask(`key ${fd}`)).toBe("none");
    expect(await driver.ask("map")).toBe("");
    expect((await driver.select(0)).error).toBe(SelectorError.CLOSED);
  });

  test("says that data can be read, again until it has been", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    await driver.register(fd, READ, "x");
    expect(await driver.readyNow()).toEqual([]);
    peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
    expect(await driver.readyNow()).toEqual([[fd, READ]]);
    expect(await driver.ask(`recv ${fd} 10`)).toBe("data a");
    expect(await driver.readyNow()).toEqual([]);
  });

  test("says nothing of the quiet ones beside it", async () => {
    const driver = await start();
    const quiet = await driver.connect();
    const { peer, fd } = await driver.connect();
    const other = await driver.connect();
    for (const each of [quiet.fd, fd, other.fd]) await driver.register(each, READ);
    peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
    await driver.ask(`recv ${fd} 10`);
    peer.write("many bytes");
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
  });

  test("has one entry for a descriptor that can be both read and written", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    await driver.register(fd, READ | WRITE);
    expect(await driver.readyNow("none")).toEqual([[fd, WRITE]]);
    peer.write("ab");
    await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
    expect(await driver.readyNow()).toEqual([[fd, READ | WRITE]]);
  });

  test("answers only for what a key is watched for", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    peer.write("ab");
    await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
    await driver.register(fd, WRITE);
    expect(await driver.readyNow()).toEqual([[fd, WRITE]]);
    await driver.ask(`modify ${fd} ${READ} x`);
    expect(await driver.readyNow()).toEqual([[fd, READ]]);
  });

  test("finds the end of a stream readable", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    await driver.register(fd, READ);
    peer.end();
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
    expect(await driver.ask(`recv ${fd} 10`)).toBe("0");
    expect(await driver.readyNow()).toEqual([[fd, READ]]);
  });

  test("finds a reset readable, on that key alone", async () => {
    const driver = await start();
    const quiet = await driver.connect();
    const { peer, fd } = await driver.connect();
    await driver.register(quiet.fd, READ);
    await driver.register(fd, READ);
    peer.resetAndDestroy();
    const { ready } = await driver.select("none");
    expect(ready.map((key) => [key.fd, key.mask])).toEqual([[fd, READ]]);
    // A PEEK takes the error off the socket, so that the read finds the end: the key keeps it.
    const read = await driver.ask(`recv ${fd} 10`);
    if (read === "0") expect(ready[0]?.errno).toBe(CONNRESET);
    else expect(read).toBe("CONNRESET");
  });

  test("looks and does not wait with a timeout of zero or less", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ);
    for (const timeout of [0, -1, NaN]) {
      const { ready, seconds } = await driver.select(timeout);
      expect(ready).toEqual([]);
      expect(seconds).toBeLessThan(0.25);
    }
  });

  test("never waits less than the timeout", async () => {
    const driver = await start();
    const { fd } = await driver.connect();
    await driver.register(fd, READ);
    for (const timeout of [0.05, 0.0000000001, 0.0123456789]) {
      const { ready, seconds } = await driver.select(timeout);
      expect(ready).toEqual([]);
      expect(seconds).toBeGreaterThanOrEqual(timeout);
    }
  });

  test("waits without a timeout until there is something", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    await driver.register(fd, READ);
    const selected = driver.select("none");
    peer.write("now");
    expect((await selected).ready.map((key) => key.fd)).toEqual([fd]);
  });

  test("refuses a wait that could not end", async () => {
    const driver = await start();
    const { error, seconds } = await driver.select("none");
    expect(error).toBe(SelectorError.NOTHING_TO_WAIT_FOR);
    expect(seconds).toBeLessThan(0.25);
  });

  test("sleeps if nothing is registered and there is a timeout", async () => {
    const driver = await start();
    const { error, seconds } = await driver.select(0.05);
    expect(error).toBe(SelectorError.NONE);
    expect(seconds).toBeGreaterThanOrEqual(0.05);
  });

  test("lets later entries be unregistered during the walk over the events", async () => {
    const driver = await start();
    const fds: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { peer, fd } = await driver.connect();
      peer.write("ab");
      await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
      await driver.register(fd, READ);
      fds.push(fd);
    }
    const [first, second, third] = fds;
    const walked = await driver.ask("select-unregistering");
    expect(walked).toBe(`${first}:1:true ${second}:1:false ${third}:1:false `);
    expect(await driver.readyNow()).toEqual([[first, READ]]);
  });

  test("reports a descriptor that was closed under it on its own key", async () => {
    const driver = await start();
    const gone = await driver.connect();
    const { peer, fd } = await driver.connect();
    await driver.register(gone.fd, READ, "gone");
    await driver.register(fd, READ, "here");
    await driver.ask(`close ${gone.fd}`);
    const failed = { fd: gone.fd, mask: READ, errno: 8, data: "gone" };
    // It stays so until it is unregistered, and the others are not disturbed.
    expect((await driver.select("none")).ready).toEqual([failed]);
    peer.write("ab");
    await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
    const { ready, error } = await driver.select("none");
    expect(error).toBe(SelectorError.NONE);
    expect(ready.sort((a, b) => a.fd - b.fd)).toEqual([
      failed,
      { fd, mask: READ, errno: 0, data: "here" },
    ]);
    expect(await driver.ask(`unregister ${gone.fd}`)).toBe(SelectorError.NONE);
    expect(await driver.readyNow()).toEqual([[fd, READ]]);
  });

  test("hears of a newcomer through the listener", async () => {
    const driver = await start();
    await driver.register(LISTENER, READ);
    const connected = driver.connect();
    await connected;
    // The newcomer has been taken: an exact selector has nothing to say, a scan can only hint.
    const hint = kind === "scan" ? [[LISTENER, READ]] : [];
    expect(await driver.readyNow(0)).toEqual(hint);
  });
});

describe("a selector that verifies", () => {
  async function start(): Promise<Driver> {
    const driver = await Driver.start(module);
    await driver.ask("new verified");
    return driver;
  }

  test("does not call a full socket writable", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    const busy = await driver.connect();
    peer.pause();
    await driver.fillForGood(fd);
    await driver.register(fd, WRITE);
    await driver.register(busy.fd, READ);
    // A byte elsewhere makes wasmtime report both.
    busy.peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[busy.fd, READ]]);
    peer.resume();
    await driver.ask(`recv ${busy.fd} 10`);
    expect(await driver.readyNow("none")).toEqual([[fd, WRITE]]);
  });

  test("starves no single byte beside a neighbour who always has more", async () => {
    const driver = await start();
    const loud = await driver.connect();
    const shy = await driver.connect();
    await driver.register(loud.fd, READ);
    await driver.register(shy.fd, READ);
    // More than one byte is certain; it stays unread, so each select has its explanation.
    loud.peer.write("certain");
    shy.peer.write("?");
    await driver.askUntil(`peek ${shy.fd}`, (answer) => answer === "1");
    await driver.askUntil(`peek ${loud.fd}`, (answer) => answer === "1");
    let selects = 0;
    const seen = new Set<number>();
    while (!seen.has(shy.fd) && selects < 8) {
      selects++;
      for (const [fd] of await driver.readyNow(0)) seen.add(fd);
    }
    expect([...seen].sort()).toEqual([loud.fd, shy.fd].sort());
  });

  test("watches more than 1024 descriptors", async () => {
    const driver = await start();
    const fds: number[] = [];
    for (let i = 0; i < 1100; i++) {
      const { fd } = await driver.connect();
      expect(await driver.register(fd, READ)).toBe(SelectorError.NONE);
      fds.push(fd);
    }
    const last = await driver.connect();
    await driver.register(last.fd, READ);
    last.peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[last.fd, READ]]);
    // A hole in the middle is filled with the last one: it must still be heard.
    expect(await driver.ask(`unregister ${fds[500]}`)).toBe(SelectorError.NONE);
    expect(await driver.readyNow("none")).toEqual([[last.fd, READ]]);
  }, 60_000);

  test("watches more in both directions than poll takes in one call", async () => {
    // Each key has two subscriptions, and poll(2) takes no more than the process may have files.
    const driver = await Driver.start(module, 64);
    await driver.ask("new verified");
    const pairs: Awaited<ReturnType<Driver["connect"]>>[] = [];
    for (let i = 0; i < 40; i++) {
      const pair = await driver.connect();
      pair.peer.pause();
      expect(await driver.register(pair.fd, READ | WRITE)).toBe(SelectorError.NONE);
      pairs.push(pair);
    }
    await driver.fillForGood(...pairs.map(({ fd }) => fd));
    const { ready, error, seconds } = await driver.select(0.05);
    expect([ready, error]).toEqual([[], SelectorError.NONE]);
    expect(seconds).toBeGreaterThanOrEqual(0.05);
    for (const index of [0, 39]) {
      const { peer, fd } = pairs[index] as (typeof pairs)[number];
      peer.write("a");
      expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
      await driver.ask(`recv ${fd} 10`);
    }
  });

  test("waits exactly on a listener that others keep awake", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    await driver.register(LISTENER, READ);
    await driver.register(fd, READ);
    peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
  });

  test("takes a connection that waits for its turn in blocking mode without blocking", async () => {
    const driver = await start();
    const { peer, fd } = await driver.connect();
    const blocking = await driver.connect(true);
    await driver.register(blocking.fd, READ);
    await driver.register(fd, READ);
    // A PEEK at the blocking one would hang the guest.
    peer.write("a");
    expect(await driver.readyNow("none")).toEqual([[fd, READ]]);
    await driver.ask(`recv ${fd} 10`);
    blocking.peer.write("b");
    expect(await driver.readyNow("none")).toEqual([[blocking.fd, READ]]);
  });
});

// A component's host says no more than what is so.
if (!isComponent) {
  test("the default selector finds out whether a host reports more than is ready", async () => {
    const driver = await Driver.start(module);
    const isExact = runtimeWasmtime() === undefined;
    expect(await driver.ask("readiness")).toBe(isExact ? "2" : "1");
    expect(await driver.ask("new default")).toBe(selectorName());
  });
}
