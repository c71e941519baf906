/** Modules and components: which of them the launcher serves, and on which wasmtime. */
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fakeWasmtime } from "../support/fake_wasmtime.js";
import { Launcher, pollcast, type RunOptions } from "../support/launcher.js";
import { commandOf, descriptorsOf, isAlive } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { type TestedLine, wasmtimePath } from "../support/wasmtime.js";

function serving(line: TestedLine, ...args: string[]): Launcher {
  const env = { WASMTIME: wasmtimePath(line) };
  return new Launcher(["serve", "--port", "0", ...args], { env });
}

/** Says a line. @returns all that is heard until it comes back */
async function hear(port: number, host = "127.0.0.1"): Promise<{ heard: string; from: string }> {
  const socket = net.connect(port, host);
  onTestFinished(() => void socket.destroy());
  let heard = "";
  socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.write("is this heard?\n");
  await until("the line is back", () => /is this heard\?\n/.test(heard));
  return { heard, from: `${socket.localAddress}:${socket.localPort}` };
}

test.each<[TestedLine, string[], "p1" | "p3"]>([
  [36, [], "p1"],
  [36, ["--abi", "p1"], "p1"],
  [48, [], "p3"],
  [48, ["--abi", "p3"], "p3"],
  [48, ["--runtime", "wasmtime"], "p3"],
])("on wasmtime %s with %j it serves %s", async (line, args, abi) => {
  const launcher = serving(line, ...args);
  const port = await launcher.serves();
  const command = commandOf(launcher.guestPid);
  expect(command[0]).toBe(wasmtimePath(line));
  expect(command.includes("listenfd")).toBe(abi === "p1");
  expect(command.includes("inherit-network")).toBe(abi === "p3");
  const { heard, from } = await hear(port);
  // A module cannot see who connects.
  expect(heard).toMatch(
    abi === "p1" ? /you are client-1 in lobby/ : /you are guest-\w{4} in lobby/,
  );
  if (abi === "p3") await launcher.says(new RegExp(`guest-\\w{4} from ${from} joined`));
});

test("a component is handed no listener, no other network than TCP, and is stopped as any", async () => {
  const launcher = serving(48);
  await launcher.serves();
  const guest = launcher.guestPid;
  expect(commandOf(guest).join(" ")).toContain("-S inherit-network -S udp=n");
  const ours = new Set(descriptorsOf(launcher.pid).values());
  const shared = [...descriptorsOf(guest).values()].filter(
    (what) => what.startsWith("socket:") && ours.has(what),
  );
  // Not even its console: each end of a pipe is another socket.
  expect(shared).toEqual([]);
  launcher.type("quit\n");
  expect(await launcher.ended).toEqual({ code: 0, signal: null });
  expect(isAlive(guest)).toBe(false);
});

test("a component listens in several places, IPv6 too, and takes them again after a crash", async () => {
  const env = { WASMTIME: wasmtimePath(48) };
  const places = ["--listen", "127.0.0.1:0", "--listen", "[::1]:0"];
  const launcher = new Launcher(["serve", ...places], { env });
  const [, v4, v6] = await launcher.says(/listening on 127\.0\.0\.1:(\d+), \[::1\]:(\d+)/);
  await hear(Number(v4));
  await hear(Number(v6), "::1");
  const first = launcher.guestPid;
  process.kill(first, "SIGKILL");
  await until("another serves", () => launcher.stderr.split("listening on").length === 3);
  await hear(Number(v4));
  await hear(Number(v6), "::1");
  expect(launcher.guestPid).not.toBe(first);
});

async function lineOf(args: string[], options?: RunOptions): Promise<[number | null, string]> {
  const { code, stderr } = await pollcast(["serve", "--port", "0", ...args], options);
  expect(stderr.split("\n")).toHaveLength(2);
  return [code, stderr];
}

test("a module asked for on a wasmtime that is too new is one line", async () => {
  const [code, line] = await lineOf(["--abi", "p1"], { env: { WASMTIME: wasmtimePath(48) } });
  expect(line).toMatch(/^pollcast: wasmtime 48\.0\.\d+ at \S+ cannot listen for a preview1 module/);
  expect(line).toMatch(
    /: it runs the component, --abi p3; for the module, pollcast setup --line 36 and unset WASMTIME$/m,
  );
  expect(code).toBe(69);
});

test("a module asked for where only a newer wasmtime is found is served on Node, with what to do", async () => {
  const home = temporaryDirectory();
  const newer = path.join(home, "wasmtime");
  symlinkSync(wasmtimePath(48), newer);
  const env = { WASMTIME: "", XDG_CACHE_HOME: home, PATH: home };
  const launcher = new Launcher(["serve", "--port", "0", "--abi", "p1"], { env });
  await hear(await launcher.serves());
  expect(launcher.stderr).toContain(
    "no wasmtime at hand runs the module (--abi p1): serving on Node (pollcast setup --line 36 " +
      `provides one; --abi p3 would serve the component on ${newer})`,
  );
});

test("a component asked for on a wasmtime without them is one line", async () => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version: "48.0.8", componentExitCode: 1 });
  const [code, line] = await lineOf(["--abi", "p3"], { env: { WASMTIME: wasmtime } });
  expect(line).toMatch(
    /^pollcast: wasmtime 48\.0\.8 at \S+ cannot be used: a trial run ended with/,
  );
  expect(code).toBe(69);
});

test("a component asked for where there is no wasmtime is one line, and not served on Node", async () => {
  const home = temporaryDirectory();
  const env = { WASMTIME: "", HOME: home, XDG_CACHE_HOME: "", PATH: home };
  const [code, line] = await lineOf(["--abi", "p3"], { env });
  expect(line).toBe(
    "pollcast: no wasmtime at hand runs components (--abi p3): pollcast setup --line 48 provides " +
      "one\n",
  );
  expect(code).toBe(69);
});

test.each([
  [["--abi", "p2"], /^pollcast: --abi "p2" is not auto, p1 or p3; /],
  [["--abi", "p3", "--runtime", "node"], /^pollcast: --abi p3 is a component, which runs on wasm/],
  [
    ["--abi", "p3", "--listen-proxy", "127.0.0.1:0", "--proxy-from", "::1"],
    /^pollcast: --proxy-from cannot be enforced by wasmtime/,
  ],
])("%j is a mistake, told in a line", async (args, words) => {
  const { code, stderr } = await pollcast(["serve", ...args]);
  expect(stderr.split("\n")).toHaveLength(2);
  expect(stderr).toMatch(words);
  expect(code).toBe(64);
});

test("a port that is taken is said before a component is started", async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const env = { WASMTIME: wasmtimePath(48) };
  const args = ["serve", "--abi", "p3", "--port", String(port)];
  const { code, stderr } = await pollcast(args, { env });
  expect(stderr).toMatch(new RegExp(`^pollcast: 127\\.0\\.0\\.1:${port} is in use by another `));
  expect(code).toBe(69);
});

test("a component that gives up at the start is not started again", async () => {
  const env = { WASMTIME: wasmtimePath(48) };
  const args = ["run", "--abi", "p3", "--no-precompile", "--port", "0", "chat-v1", "--nonsense"];
  const { code, stderr } = await pollcast(args, { env });
  expect(stderr).toMatch(/unknown option --nonsense/);
  expect(stderr).not.toContain("restarting");
  expect(code).toBe(69);
});

test("of one wasmtime for modules and one for components, the former is taken", async () => {
  const home = temporaryDirectory();
  const newer = path.join(home, "wasmtime");
  copyFileSync(wasmtimePath(48), newer);
  const cached = path.join(home, "pollcast", "wasmtime-36.0.14", "bin", "wasmtime");
  mkdirSync(path.dirname(cached), { recursive: true });
  copyFileSync(wasmtimePath(), cached);
  const env = { WASMTIME: "", XDG_CACHE_HOME: home, PATH: home };
  const launcher = new Launcher(["serve", "--port", "0"], { env });
  await launcher.serves();
  expect(commandOf(launcher.guestPid)).toContain("listenfd");
});
