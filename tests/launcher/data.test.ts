/** `serve --data` and `history`, on real disks with real kills. */
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { killAgainAndAgain } from "../../lab/kills/run.js";
import type { Abi } from "../../host/launcher/base/config.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { ProtocolCheck } from "../support/protocol.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { wasmtimePath } from "../support/wasmtime.js";

/** Where it is served, and what the launcher is told for it. */
const RUNTIMES: { name: string; words: string[]; wasmtime: string | undefined; abi: Abi }[] = [
  { name: "wasmtime", words: ["--runtime", "wasmtime"], wasmtime: wasmtimePath(), abi: "p1" },
  { name: "Node", words: ["--runtime", "node"], wasmtime: undefined, abi: "p1" },
  {
    name: "wasmtime 48, as a component",
    words: ["--abi", "p3", "--wasmtime", wasmtimePath(48)],
    wasmtime: wasmtimePath(48),
    abi: "p3",
  },
];
const KILLS = 10;

function serving(directory: string, ...args: string[]): Launcher {
  return new Launcher(["serve", "--port", "0", "--ctl", "none", "--data", directory, ...args]);
}

class Client {
  heard = "";
  readonly #socket: net.Socket;

  constructor(port: number) {
    this.#socket = net.connect(port, "127.0.0.1");
    const protocol = new ProtocolCheck();
    onTestFinished(() => {
      this.#socket.destroy();
      expect(protocol.mistakes).toEqual([]);
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", (chunk: Buffer) => {
      protocol.take(chunk);
      this.heard += chunk.toString("latin1");
    });
  }

  say(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  async hears(pattern: RegExp): Promise<void> {
    await until(String(pattern), () => pattern.test(this.heard)).catch((error: unknown) => {
      throw new Error(`${String(error)}; it has heard: ${this.heard}`);
    });
  }
}

describe.each(RUNTIMES)("on $name", ({ words, wasmtime, abi }) => {
  test("lines, topics and ids outlive a guest that is killed", async () => {
    const directory = path.join(temporaryDirectory(), "kept");
    const launcher = serving(directory, ...words, "--style", "json");
    const port = await launcher.serves();
    const ann = new Client(port);
    ann.say("one");
    ann.say("/topic of the day");
    ann.say("two");
    await ann.hears(/"id":2,.*"text":"two"/);
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
    process.kill(launcher.guestPid, "SIGKILL");
    // A component refuses who comes while it is started again.
    await launcher.says(/journal: 2 lines in 1 segment, read in \d+ ms(.*\n)*?.*listening on/);

    const ben = new Client(port);
    await ben.hears(/"topic":"of the day"/);
    ben.say("/history since 1");
    await ben.hears(/"type":"history","room":"lobby","lines":1/);
    expect(ben.heard).toMatch(/"id":2,.*"text":"two"/);
    ben.say("three");
    await ben.hears(/"id":10001,.*"text":"three"/);
    launcher.type("quit\n");
    expect((await launcher.ended).code).toBe(0);
    expect(fs.existsSync(path.join(directory, "lock"))).toBe(false);

    const exported = await pollcast(["history", "export", directory, "--since", "1", "--json"]);
    const texts = exported.stdout.trim().split("\n");
    expect(texts.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual([
      "two",
      "three",
    ]);
  });

  test(`${KILLS} kills under load take nothing`, { timeout: 120_000 }, async () => {
    const plan = { times: KILLS, seed: 7, sync: "interval", wasmtime, abi };
    const result = await killAgainAndAgain(plan);
    expect(result).toMatchObject({ kills: KILLS, lost: [], doubled: [], missed: [], damages: 0 });
    expect(result.acknowledged).toBeGreaterThan(100);
  });
});

test("a directory is one server's", async () => {
  const directory = temporaryDirectory();
  const launcher = serving(directory, "--runtime", "node");
  await launcher.serves();
  const second = await pollcast(["serve", "--port", "0", "--ctl", "none", "--data", directory]);
  expect(second.code).toBe(69);
  expect(second.stderr).toContain(`another server keeps its chat in ${directory} (process `);
});

test("a directory that cannot be is said to be so", async () => {
  const file = path.join(temporaryDirectory(), "file");
  fs.writeFileSync(file, "");
  const ended = await pollcast(["serve", "--port", "0", "--ctl", "none", "--data", file]);
  expect(ended.code).toBe(69);
  expect(ended.stderr).toContain(`cannot keep the chat in ${file}: `);
});

describe("history verify", () => {
  /** Two segments' worth of a chat. */
  async function kept(): Promise<string> {
    const directory = temporaryDirectory();
    for (let round = 0; round < 2; round++) {
      const launcher = serving(directory, "--runtime", "node");
      const client = new Client(await launcher.serves());
      client.say(`one of round ${round}`);
      client.say("two");
      await client.hears(/: two/);
      // While it is served, too.
      expect((await pollcast(["history", "verify", directory])).code).toBe(0);
      launcher.type("quit\n");
      await launcher.ended;
    }
    return directory;
  }

  test("finds all of it whole, then a damaged place, with file and offset", async () => {
    const directory = await kept();
    const file = path.join(directory, "chat-00000001.journal");
    const whole = await pollcast(["history", "verify", directory]);
    expect(whole.stdout).toMatch(
      /^chat-00000001.journal: \d+ bytes, \d+ records, 4 lines up to 4$/m,
    );
    expect(whole.stdout).toMatch(/^1 segment, 4 lines: whole$/m);
    const bytes = fs.readFileSync(file);
    const place = bytes.indexOf("one of round 0");
    bytes[place] = 0x58;
    fs.writeFileSync(file, bytes);
    const damaged = await pollcast(["history", "verify", directory]);
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toMatch(/^chat-00000001.journal:\d+: damaged bytes, \d+ bytes$/m);
    expect(damaged.stdout).toMatch(/^1 segment, 3 lines: 1 damaged place$/m);
    fs.appendFileSync(file, "torn");
    const torn = await pollcast(["history", "verify", directory]);
    expect(torn.stdout).toMatch(/a tail of 4 bytes, torn or being written$/m);
  });

  test("says what it cannot read", async () => {
    const ended = await pollcast(["history", "verify", "/nowhere/at/all"]);
    expect(ended.code).toBe(69);
    expect(ended.stderr).toContain("cannot read /nowhere/at/all: ENOENT");
    const mistaken = await pollcast(["history", "export", "/", "--since", "x"]);
    expect(mistaken.code).toBe(64);
  });
});
