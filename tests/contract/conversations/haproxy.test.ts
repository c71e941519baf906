/** The chat behind a real HAProxy, which sends both versions of the PROXY header. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openListener, type HostListener } from "../../../host/launcher/serve/listener.js";
import { findHaproxy, type Haproxy } from "../../support/haproxy.js";
import { Launcher } from "../../support/launcher.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";
import { wasmtimePath } from "../../support/wasmtime.js";
import { Client, connect } from "./support/client.js";

const CHECKS = 30;
/** The checks take some seconds, and longer on a busy machine. */
const CHECKS_WAIT_MS = 45_000;
/** A first time, apt fetches it. */
const PROVIDING_MS = 300_000;

let haproxy: Haproxy | string = "not looked for";

beforeAll(async () => {
  haproxy = await findHaproxy();
  if (typeof haproxy === "string")
    process.stderr.write(`pollcast: NOT RUN, the tests with a real HAProxy: ${haproxy}\n`);
}, PROVIDING_MS);

const FRONTS = [
  { name: "v1", host: "127.0.0.1", back: 0, send: "send-proxy" },
  { name: "v2", host: "127.0.0.1", back: 1, send: "send-proxy-v2" },
  {
    name: "v2 with TLVs",
    host: "127.0.0.1",
    back: 1,
    send: "send-proxy-v2 proxy-v2-options crc32c",
  },
  { name: "v1, IPv6", host: "::1", back: 0, send: "send-proxy" },
  { name: "v2, IPv6", host: "::1", back: 1, send: "send-proxy-v2" },
] as const;
type Front = (typeof FRONTS)[number];

/**
 * Starts HAProxy in front of these ports, on sockets that it inherits.
 *
 * @param more further words for each server line of its configuration
 * @returns the listeners to connect to
 */
async function startHaproxy(
  backs: readonly number[],
  fronts: readonly Front[] = FRONTS,
  more = "",
): Promise<HostListener[]> {
  const { path: program, env } = haproxy as Haproxy;
  const doors = await Promise.all(fronts.map(({ host }) => openListener({ host, port: 0 })));
  const sections = fronts.map(
    ({ back, send }, at) =>
      `listen front${at}\n  bind fd@${3 + at}\n  server chat 127.0.0.1:${backs[back]} ${send} ${more}\n`,
  );
  const file = path.join(temporaryDirectory(), "haproxy.cfg");
  const times = ["connect 10s", "client 1m", "server 1m"].map((each) => `  timeout ${each}\n`);
  fs.writeFileSync(file, `defaults\n  mode tcp\n${times.join("")}${sections.join("")}`);
  const child = spawn(program, ["-db", "-f", file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", ...doors.map(({ fd }) => fd)],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await Promise.all(doors.map((door) => door.close()));
  });
  return doors;
}

/** How the launcher is told what is served on what. */
interface Way {
  words: string[];
  env: Record<string, string>;
}

const WAYS: [string, Way][] = [
  ["wasmtime", { words: ["--runtime", "wasmtime"], env: {} }],
  ["Node", { words: ["--runtime", "node"], env: { WASMTIME: "" } }],
  ["wasmtime 48, as a component", { words: ["--abi", "p3"], env: { WASMTIME: wasmtimePath(48) } }],
];

/** The chat with one listener for everybody and two behind proxies. */
async function startChat(
  { words, env }: Way,
  style = "tutorial",
): Promise<{ launcher: Launcher; ports: number[] }> {
  const places = ["--listen", "--listen-proxy", "--listen-proxy"];
  const doors = places.flatMap((option) => [option, "127.0.0.1:0"]);
  const launcher = new Launcher(["serve", ...doors, "--style", style, ...words], { env });
  const behind = String.raw`127\.0\.0\.1:(\d+) \(behind a proxy\)`;
  const line = new RegExp(String.raw`listening on 127\.0\.0\.1:(\d+), ${behind}, ${behind},`);
  const [, ...ports] = await launcher.says(line);
  return { launcher, ports: ports.map(Number) };
}

/** Connects a client from a local address of the test's choice. */
async function comeFrom(localAddress: string, door: HostListener): Promise<Client> {
  const socket = net.connect({ port: door.port, host: door.host, localAddress, noDelay: true });
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const host = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
  return new Client(socket, `${host}:${socket.localPort}`);
}

/** The next two lines, whose speaker is named exactly so. */
async function hears(client: Client, speaker: string, text: string): Promise<void> {
  expect((await client.expectLine()).slice("YYYY/MM/DD HH:MM:SS ".length)).toBe(speaker);
  expect(await client.expectLine()).toBe(text);
}

describe.each(WAYS)("on %s", (_what, way) => {
  test("names are the true addresses, whichever version HAProxy sends", async (context) => {
    if (typeof haproxy === "string") return context.skip(haproxy);
    const { launcher, ports } = await startChat(way);
    const doors = await startHaproxy(ports.slice(1));
    const everybody: Client[] = [];
    for (const [at, { host, name }] of FRONTS.entries()) {
      const from = host === "::1" ? host : `127.0.0.${2 + at}`;
      const client = await comeFrom(from, doors[at] as HostListener);
      client.say(`through ${name}`);
      everybody.push(client);
      for (const one of everybody) await hears(one, client.name, `through ${name}`);
      const joined = `${client.name} joined (${at + 1} here)`;
      await launcher.says(new RegExp(`^\\S+Z ${joined.replaceAll(/[[\]().]/g, "\\$&")}$`, "m"));
    }
  });

  test(`${CHECKS} checks of its health are nobody, by each version`, async (context) => {
    if (typeof haproxy === "string") return context.skip(haproxy);
    const { launcher, ports } = await startChat(way, "json");
    const witness = await connect(ports[0] ?? 0);
    await witness.expectLineLike(/"welcome"/);
    const both = FRONTS.filter(({ name }) => name === "v1" || name === "v2");
    await startHaproxy(ports.slice(1), both, "check inter 50ms");
    const areEnough = (): boolean => {
      launcher.type("stats\n");
      const counts = [...launcher.stdout.matchAll(/(\d+) accepted/g)].map(([, count]) => count);
      return Number(counts.at(-1) ?? 0) > CHECKS;
    };
    await until("the checks", areEnough, CHECKS_WAIT_MS);
    witness.say("/ping");
    await witness.expectBytes('{"type":"pong","text":""}\n');
    expect(launcher.stderr.match(/ joined | is gone/g)).toHaveLength(1);
  });

  test("a header that a client forges is a line behind HAProxy, and refused elsewhere", async (context) => {
    if (typeof haproxy === "string") return context.skip(haproxy);
    const { launcher, ports } = await startChat(way);
    const [door] = await startHaproxy(ports.slice(1));
    const ann = await comeFrom("127.0.0.2", door as HostListener);
    const forged = "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999";
    ann.send(`${forged}\r\n`);
    await hears(ann, ann.name, forged);
    const eve = await connect(ports[0] ?? 0);
    eve.send(`${forged}\r\nI am somebody else\n`);
    await eve.expectBytes("* closed: a PROXY header is not expected here\n");
    await eve.expectEnd();
    await launcher.says(/is gone: proxy header not expected here \(1 here\)/);
    ann.say("quiet here");
    await hears(ann, ann.name, "quiet here");
  });
});
