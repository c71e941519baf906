/** A server in a faulty environment. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { reachableAt, isLoopback } from "../../host/launcher/base/addresses.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { wasmtimePath } from "../support/wasmtime.js";

const OUR_MISTAKE = /mistake of pollcast itself|\n {4}at /;

/** Serves, hears one client, and stops as asked. */
async function servesWell(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Launcher> {
  const launcher = new Launcher(["serve", "--port", "0", ...args], { env });
  const client = await connect(await launcher.serves());
  client.say("hello");
  await launcher.says(/joined/);
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(launcher.stderr).not.toMatch(OUR_MISTAKE);
  return launcher;
}

test.each(["auto", "wasmtime", "node"])(
  "on %s, no temporary directory is needed",
  async (runtime) => {
    const nowhere = path.join(temporaryDirectory(), "none");
    const env = { TMPDIR: nowhere, XDG_RUNTIME_DIR: "", XDG_CACHE_HOME: nowhere };
    const launcher = await servesWell(["--runtime", runtime], env);
    if (runtime !== "auto") return;
    expect(launcher.stderr).not.toMatch(/serving on Node/);
  },
);

const canBeReadOnly = spawnSync("unshare", ["-m", "true"]).status === 0;

test.skipIf(!canBeReadOnly)("a file system that is read alone is enough", async () => {
  const node = process.execPath;
  const serve = `exec ${node} bin/pollcast.mjs serve --port 0`;
  const script = `mount -o remount,bind,ro / 2> /dev/null || mount -o bind,ro / / ; ${serve}`;
  const env = { XDG_RUNTIME_DIR: "", TMPDIR: "/" };
  const command = ["unshare", "-m", "/bin/sh", "-c", script] as const;
  const launcher = new Launcher([], { command: [...command], env });
  await connect(await launcher.serves());
  await launcher.says(/joined/);
  launcher.process.kill("SIGTERM");
  await launcher.ended;
  expect(launcher.stderr).not.toMatch(OUR_MISTAKE);
});

test("stdout and stdin that are closed end nothing, nor does a full stdout", async () => {
  for (const redirection of [">&- <&-", "> /dev/full < /dev/null"]) {
    const serve = `exec ${process.execPath} bin/pollcast.mjs serve --port 0 --ctl none`;
    const command = ["/bin/sh", "-c", `${serve} ${redirection}`] as const;
    const launcher = new Launcher([], { command: [...command] });
    await connect(await launcher.serves());
    await launcher.says(/joined/);
    launcher.process.kill("SIGTERM");
    expect((await launcher.ended).code).toBe(0);
    expect(launcher.stderr).not.toMatch(OUR_MISTAKE);
  }
});

test("what Kubernetes says of a service called pollcast is no option", async () => {
  const env = {
    POLLCAST_PORT: "tcp://10.0.0.1:9999",
    POLLCAST_SERVICE_HOST: "10.0.0.1",
    POLLCAST_SERVICE_PORT: "9999",
    POLLCAST_SERVICE_PORT_CHAT: "9999",
    POLLCAST_PORT_9999_TCP: "tcp://10.0.0.1:9999",
    POLLCAST_PORT_9999_TCP_PROTO: "tcp",
    POLLCAST_PORT_9999_TCP_PORT: "9999",
    POLLCAST_PORT_9999_TCP_ADDR: "10.0.0.1",
  };
  const checked = await pollcast(["config", "check"], { env });
  expect([checked.code, checked.stderr]).toEqual([0, ""]);
  expect(checked.stdout).toMatch(/^port = 9999 +# default$/m);
  await servesWell(["--ctl", "none"], env);
  const { code, stderr } = await pollcast(["config", "check"], { env: { POLLCAST_PORT: "tcp" } });
  expect([code, stderr]).toEqual([
    64,
    'pollcast: POLLCAST_PORT "tcp" is not a whole number from 0 to 65535\n',
  ]);
});

describe("paths that cannot be", () => {
  const file = path.join(temporaryFile(), "x");
  test.each([
    [["--data", ""], 64],
    [["--ctl", ""], 64],
    [["--wasmtime", ""], 64],
    [["--config", ""], 64],
    [["--data", "a::b"], 64],
    [["--ctl", file], 69],
    [["--data", file], 69],
    [["--ctl", "/proc/none/s"], 69],
  ])("serve %j is refused in one line", async (args, code) => {
    const before = fs.readdirSync(".");
    const ended = await pollcast(["serve", "--port", "0", ...args]);
    expect(ended.stderr).toMatch(/^(\S+Z )?pollcast: [^\n]+\n$/);
    expect([ended.code, ended.stderr]).toEqual([code, expect.not.stringMatching(OUR_MISTAKE)]);
    expect(fs.readdirSync(".")).toEqual(before);
  });

  test("ctl --socket '' is refused in one line", async () => {
    const { code, stderr } = await pollcast(["ctl", "--socket", "", "rooms"]);
    expect([code, stderr]).toEqual([64, expect.stringMatching(/^pollcast: --socket "" [^\n]+\n$/)]);
  });
});

/** A file, as a folder of a path that cannot be. */
function temporaryFile(): string {
  return path.join(process.cwd(), "package.json");
}

const RUNTIMES = [
  ["--runtime", "wasmtime"],
  ["--runtime", "node"],
  ["--abi", "p3", "--wasmtime", wasmtimePath(48)],
];

test.each(RUNTIMES)(
  "with %s %s, a journal is its owner's alone, whatever the directory is",
  async (...words) => {
    const directory = temporaryDirectory();
    fs.chmodSync(directory, 0o755);
    await servesWell(["--ctl", "none", "--data", directory, ...words], {});
    const modes = fs
      .readdirSync(directory)
      .map((name) => [name, fs.statSync(path.join(directory, name)).mode & 0o777]);
    expect(modes).toEqual([["chat-00000001.journal", 0o600]]);
  },
);

describe("config check refuses what serve refuses", () => {
  const DOUBLED = ["--listen", "127.0.0.1:7000", "--listen", "127.0.0.1:7000"];
  test.each([
    ["--proxy-from alone", ["--proxy-from", "10.0.0.0/8"]],
    ["a component on Node", ["--abi", "p3", "--runtime", "node"]],
    ["a wasmtime on Node", ["--wasmtime", "wasmtime", "--runtime", "node"]],
    [
      "a proxy that wasmtime cannot see",
      ["--listen-proxy", "[::1]:7000", "--proxy-from", "::1", "--runtime", "wasmtime"],
    ],
    ["a proxy that is anybody", ["--listen-proxy", "0.0.0.0:7000"]],
    ["a place that is named twice", DOUBLED],
    ["metrics in the place of the chat", ["--port", "7000", "--metrics", "127.0.0.1:7000"]],
    ["a socket that is too long", ["--ctl", `/${"x".repeat(200)}`]],
    ["limits that contradict each other", ["--soft-limit", "2000", "--hard-limit", "1999"]],
  ])("%s", async (_, args) => {
    const [checked, served] = await Promise.all([
      pollcast(["config", "check", ...args]),
      pollcast(["serve", ...args]),
    ]);
    expect([checked.code, served.code]).toEqual([64, 64]);
    expect(checked.stderr).toMatch(/^pollcast: /);
    expect(served.stderr).toContain(checked.stderr.replace(/^pollcast: |\n$/g, ""));
  });

  test("listen = [], with its file", async () => {
    const config = path.join(temporaryDirectory(), "pollcast.toml");
    fs.writeFileSync(config, "listen = []\n");
    for (const command of [["config", "check"], ["serve"]]) {
      const { code, stderr } = await pollcast([...command, "--config", config]);
      expect([code, stderr]).toEqual([64, expect.stringMatching(/^pollcast: --listen names no/)]);
    }
  });
});

describe("metrics", () => {
  async function serving(place = "127.0.0.1:0"): Promise<number> {
    const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none", "--metrics", place]);
    const [, port] = await launcher.says(/metrics at http:\/\/\S*:(\d+)\/metrics/);
    await launcher.serves();
    return Number(port);
  }

  async function asked(port: number, head: string): Promise<string> {
    const socket = net.connect(port, "127.0.0.1");
    socket.setEncoding("utf8").write(head.replaceAll("\n", "\r\n"));
    let heard = "";
    for await (const text of socket) heard += String(text);
    return heard.split("\r\n")[0] ?? "";
  }

  test("a page of the web that leads its name here reads nothing", async () => {
    const port = await serving();
    const names = [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "[::2]",
      "10.0.0.1",
    ];
    for (const path of ["/metrics", "/varz", "/healthz", "/"]) {
      for (const name of names) {
        const head = `GET ${path} HTTP/1.1\nHost: ${name}:${port}\nConnection: close\n\n`;
        expect([name, await asked(port, head)]).toEqual([name, "HTTP/1.1 421 Misdirected Request"]);
      }
      for (const name of ["localhost", "LOCALHOST", "127.0.0.1", "127.7.7.7", "[::1]"]) {
        const head = `GET ${path} HTTP/1.1\nHost: ${name}:${port}\nConnection: close\n\n`;
        expect([name, await asked(port, head)]).toEqual([name, "HTTP/1.1 200 OK"]);
      }
    }
    expect(await asked(port, "GET /healthz HTTP/1.0\n\n")).toBe("HTTP/1.1 200 OK");
  }, 30_000);

  test("where others may read them, they are asked for by any name", async () => {
    const port = await serving("0.0.0.0:0");
    const head = `GET /healthz HTTP/1.1\nHost: pollcast:${port}\nConnection: close\n\n`;
    expect(await asked(port, head)).toBe("HTTP/1.1 200 OK");
  });

  test("silent connections keep nobody out for more than 5 s", async () => {
    const port = await serving();
    const silent = Array.from({ length: 80 }, () => net.connect(port, "127.0.0.1"));
    for (const socket of silent) socket.on("error", () => undefined);
    const start = performance.now();
    await Promise.all(
      silent.map((socket) => new Promise((resolve) => socket.resume().once("close", resolve))),
    );
    expect(performance.now() - start).toBeLessThan(6_000);
    const head = `GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n`;
    expect(await asked(port, head)).toBe("HTTP/1.1 200 OK");
  }, 60_000);
});

test("loopback is what the system says it is, and not how a name begins", () => {
  const here = ["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "localhost"];
  expect(here.filter((host) => !isLoopback(host))).toEqual([]);
  const elsewhere = ["127.evil.example", "128.0.0.1", "0.0.0.0", "::", "localhost.example", ""];
  expect(elsewhere.filter(isLoopback)).toEqual([]);
  expect(["0.0.0.0", "::", "::ffff:0.0.0.0", "10.0.0.1"].map(reachableAt)).toEqual([
    ...["127.0.0.1", "::1", "127.0.0.1", "10.0.0.1"],
  ]);
});
