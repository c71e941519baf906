/**
 * The facts about wasmtime 36 that the selectors rely on, one test each, on the real wasmtime. If
 * one fails with another version, review assembly/selectors/host_readiness.ts.
 */
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { wasmtimePath } from "../../support/wasmtime.js";
import { compileDriver, Driver, LISTENER } from "./driver.js";

let module: string;

beforeAll(async () => {
  module = await compileDriver();
});

interface RawEvent {
  type: number;
  error: number;
  nbytes: number;
  flags: number;
}

/** Raw events of one poll_oneoff, by descriptor or `clock`. */
async function poll(driver: Driver, subscriptions: string): Promise<Map<string, RawEvent>> {
  const answer = await driver.ask(`poll ${subscriptions}`);
  const events = new Map<string, RawEvent>();
  for (const entry of answer.trim().split(" ")) {
    const [who = "", type, error, nbytes, flags] = entry.split(":");
    const numbers = [type, error, nbytes, flags].map(Number);
    const [t = NaN, e = NaN, n = NaN, f = NaN] = numbers;
    events.set(who, { type: t, error: e, nbytes: n, flags: f });
  }
  return events;
}

async function hasData(driver: Driver, fd: number): Promise<void> {
  await driver.askUntil(`peek ${fd}`, (answer) => answer !== "AGAIN");
}

describe("poll_oneoff of wasmtime 36", () => {
  test("reports every descriptor as soon as one is ready", async () => {
    const driver = await Driver.start(module);
    const quiet = await driver.connect();
    const { peer, fd } = await driver.connect();
    peer.write("abc");
    await hasData(driver, fd);
    const events = await poll(driver, `r${LISTENER} r${quiet.fd} r${fd} c1000000000`);
    expect([...events.keys()].sort()).toEqual([`${LISTENER}`, `${quiet.fd}`, `${fd}`].sort());
    expect(events.get(`${quiet.fd}`)).toEqual({ type: 1, error: 0, nbytes: 1, flags: 0 });
    expect(events.get(`${LISTENER}`)).toEqual({ type: 1, error: 0, nbytes: 1, flags: 0 });
    expect(events.get(`${fd}`)).toEqual({ type: 1, error: 0, nbytes: 3, flags: 0 });
  });

  test("reports the clock alone when no descriptor is ready", async () => {
    const driver = await Driver.start(module);
    const { fd } = await driver.connect();
    const events = await poll(driver, `r${LISTENER} r${fd} c1000`);
    expect([...events.keys()]).toEqual(["clock"]);
  });

  test("is exact about one descriptor with a clock", async () => {
    const driver = await Driver.start(module);
    const { peer, fd } = await driver.connect();
    expect(await driver.ask(`poll-one ${fd} r`)).toBe("0");
    expect(await driver.ask(`poll-one ${fd} w`)).toBe("1");
    expect(await driver.ask(`poll-one ${LISTENER} r`)).toBe("0");
    peer.write("a");
    await hasData(driver, fd);
    expect(await driver.ask(`poll-one ${fd} r`)).toBe("1");
    peer.pause();
    await driver.ask(`fill ${fd}`);
    expect(await driver.ask(`poll-one ${fd} w`)).toBe("0");
  });

  test("says nbytes 1 and no flag at the end of a stream", async () => {
    const driver = await Driver.start(module);
    const { peer, fd } = await driver.connect();
    peer.end();
    await hasData(driver, fd);
    const events = await poll(driver, `r${fd} c0`);
    expect(events.get(`${fd}`)).toEqual({ type: 1, error: 0, nbytes: 1, flags: 0 });
    expect(await driver.ask(`peek ${fd}`)).toBe("0");
  });

  test("says error IO after a reset", async () => {
    const driver = await Driver.start(module);
    const { peer, fd } = await driver.connect();
    peer.resetAndDestroy();
    await driver.askUntil(`poll-one ${fd} r`, (answer) => answer === "2");
  });

  test("sets the hangup flag when both sides have ended", async () => {
    const driver = await Driver.start(module);
    const { peer, fd } = await driver.connect();
    peer.end();
    await hasData(driver, fd);
    await driver.ask(`shutdown ${fd}`);
    const events = await poll(driver, `r${fd} c0`);
    expect(events.get(`${fd}`)?.flags).toBe(1);
  });

  test("fails as a whole for one stale descriptor, and for no subscription", async () => {
    const driver = await Driver.start(module);
    const { fd } = await driver.connect();
    await driver.ask(`close ${fd}`);
    expect(await driver.ask(`poll r${LISTENER} r${fd} c0`)).toBe("BADF");
    expect(await driver.ask("poll")).toBe("INVAL");
  });
});

describe("a process that may open few files", () => {
  test("has its poll_oneoff refused for more subscriptions than that", async () => {
    const driver = await Driver.start(module, 64);
    const both = `r${LISTENER} w${LISTENER} `;
    expect(await driver.ask(`poll ${both.repeat(31)}r${LISTENER} c0`)).not.toBe("INVAL");
    expect(await driver.ask(`poll ${both.repeat(33)}c0`)).toBe("INVAL");
  });
});

describe("sockets of wasmtime 36", () => {
  test("are never given a number twice", async () => {
    const driver = await Driver.start(module);
    const first = await driver.connect();
    await driver.ask(`close ${first.fd}`);
    const second = await driver.connect();
    expect(second.fd).toBeGreaterThan(first.fd);
  });

  test("are stream sockets, the listener too, and found behind stderr", async () => {
    const driver = await Driver.start(module);
    const { fd } = await driver.connect();
    expect(await driver.ask("listeners")).toBe(`${LISTENER} ${fd}`);
    expect(await driver.ask(`filetype ${LISTENER}`)).toBe("6");
    expect(await driver.ask(`filetype ${fd}`)).toBe("6");
    expect(await driver.ask("filetype 9999")).toBe("BADF");
  });

  test("can be peeked at without taking anything; a listener and stdin cannot", async () => {
    const driver = await Driver.start(module);
    const { peer, fd } = await driver.connect();
    expect(await driver.ask(`peek ${fd}`)).toBe("AGAIN");
    peer.write("x");
    await hasData(driver, fd);
    expect(await driver.ask(`peek ${fd}`)).toBe("1");
    expect(await driver.ask(`recv ${fd} 5`)).toBe("data x");
    expect(await driver.ask(`peek ${LISTENER}`)).toBe("BADF");
    expect(await driver.ask("peek 0")).toBe("BADF");
  });

  test("answer a listener on which nobody waits with AGAIN", async () => {
    const driver = await Driver.start(module);
    expect(await driver.ask(`accept ${LISTENER}`)).toBe("AGAIN");
  });

  test("cannot make stdin non-blocking", async () => {
    const driver = await Driver.start(module);
    expect(await driver.ask("set-nonblocking 0")).toBe("BADF");
  });
});

describe("stdin of wasmtime 36", () => {
  /** Runs the driver with commands as arguments and a stdin made by the shell. */
  function run(stdin: string, command: string): { status: number | null; out: string } {
    const program = '"$0" run -S preview2=n "$1" "$2"';
    const script = stdin.replace("RUN", program);
    const args = ["-c", script, wasmtimePath(), module, command];
    const { status, stdout, stderr } = spawnSync("/bin/sh", args, { encoding: "utf8" });
    return { status, out: stdout + stderr };
  }

  test("traps the module if it is /dev/null and is polled", () => {
    const { status, out } = run("RUN < /dev/null", "poll-one 0 r");
    expect(status).not.toBe(0);
    expect(out).toContain("Inappropriate ioctl");
  });

  test.each([
    ["/dev/null", "RUN < /dev/null", "false"],
    ["closed", "RUN <&-", "false"],
    ["a plain file", "RUN < /etc/passwd", "false"],
    ["a pipe that is hung up", ": | RUN", "true"],
    ["a pipe with something in it", "printf '\\n' | RUN", "true"],
  ])("can be judged without polling it if it is %s", (_what, stdin, watchable) => {
    expect(run(stdin, "watchable-stdin").out.split("\n")[0]).toBe(watchable);
  });

  test("looks like /dev/null if it is a socket, as Node's pipes are", async () => {
    const driver = await Driver.start(module);
    expect(await driver.ask("watchable-stdin")).toBe("false");
  });
});
