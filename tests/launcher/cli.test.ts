import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chatSettings } from "../../host/launcher/options/chat.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { type FakeOptions, fakeWasmtime } from "../support/fake_wasmtime.js";
import { pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { wasmtimePath } from "../support/wasmtime.js";

function oneLine(stderr: string): string {
  expect(stderr.endsWith("\n")).toBe(true);
  const line = stderr.slice(0, -1);
  expect(line).not.toContain("\n");
  return line;
}

test.each([
  [["serve", "--prot", "1"], "unknown option '--prot' (Did you mean --port?)"],
  [["serve", "--port"], "option '--port <PORT>' argument missing"],
  [["serve", "--port", "http"], '--port "http" is not a whole number from 0 to 65535'],
  [["serve", "--port", "-1"], '--port "-1" is not a whole number from 0 to 65535'],
  [["serve", "--port", "65536"], '--port "65536" is not a whole number from 0 to 65535'],
  [["serve", "--port", "1e3"], '--port "1e3" is not a whole number from 0 to 65535'],
  [["serve", "--host", ""], '--host "" is not an address'],
  [["serve", "--max-memory", "7"], '--max-memory "7" is not a whole number from 8 to 4096'],
  [["serve", "--max-memory", "4097"], '--max-memory "4097" is not a whole number from 8 to 4096'],
  [["serve", "--max-line", "long"], '--max-line "long" is not a whole number from 16 to 16384'],
  [["serve", "--max-line", "15"], '--max-line "15" is not a whole number from 16 to 16384'],
  [["serve", "--max-line", "16385"], '--max-line "16385" is not a whole number from 16 to 16384'],
  [["serve", "--style", "loud"], '--style "loud" is not line, json, json2 or tutorial'],
  [["serve", "--time-zone", "CET"], '--time-zone "CET" is not UTC, +HH:MM or -HH:MM'],
  [["serve", "--runtime", "deno"], '--runtime "deno" is not auto, wasmtime or node'],
  [
    ["serve", "--runtime", "node", "--wasmtime", "w"],
    "--wasmtime says to use one, and --runtime node not to: leave one of them out",
  ],
  [["serve", "now"], "too many arguments for 'serve'. Expected 0 arguments but got 1."],
  [["chat"], "unknown command 'chat'"],
  [["run"], "missing required argument 'program'"],
  [
    ["run", "irc"],
    'there is no program "irc", there are chat, echo, chat-v0, chat-v1, chat-v2, chat-v3, io-models; ' +
      "a file is named by its path, ./main.wasm",
  ],
])("%j is refused in one line, with code 64", async (args, message) => {
  const { code, stdout, stderr } = await pollcast(args);
  expect(oneLine(stderr)).toBe(`pollcast: ${message}; see pollcast --help`);
  expect([code, stdout]).toEqual([64, ""]);
});

test.each([[[]], [["serve"]], [["run"]], [["setup"]], [["doctor"]]])(
  "the help of %j shows an example",
  async (command: string[]) => {
    const { code, stdout, stderr } = await pollcast([...command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Example:\n {2}\$ .*pollcast \w+/);
  },
);

test("no command at all shows the help, as a mistake", async () => {
  const { code, stdout, stderr } = await pollcast([]);
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toContain("Usage: pollcast");
});

test("the version is the package's", async () => {
  const { code, stdout } = await pollcast(["--version"]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(code).toBe(0);
});

test("what only the module knows is refused by it, and not retried", async () => {
  const { code, stderr } = await pollcast(["serve", "--port", "0", "--hard-limit", "1024"]);
  expect(code).toBe(64);
  expect(stderr).toContain("option --soft-limit must not exceed --hard-limit");
  expect(stderr).not.toContain("restarting");
});

test("run hands what it does not know itself to the program", async () => {
  const { code, stderr } = await pollcast(["run", "io-models", "magnetic", "--port", "0"]);
  expect(code).toBe(64);
  expect(stderr).toContain("blocking|nonblocking|multiplexed|asynchronous");
});

test("a port in use is one line with code 69", async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const { code, stderr } = await pollcast(["serve", "--port", String(port)]);
  expect(oneLine(stderr)).toMatch(
    new RegExp(`^pollcast: 127\\.0\\.0\\.1:${port} is in use by another program: stop that one, `),
  );
  expect(code).toBe(69);
});

test("a wasmtime that is too new for a module is named, with why and what to do", async () => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version: "48.0.8" });
  const { code, stderr } = await pollcast(["serve", "--port", "0", "--abi", "p1"], {
    env: { WASMTIME: wasmtime },
  });
  expect(oneLine(stderr)).toBe(
    `pollcast: wasmtime 48.0.8 at ${wasmtime} cannot listen for a preview1 module ` +
      "(removed in 47): it runs the component, --abi p3; for the module, pollcast setup --line 36 " +
      "and unset WASMTIME",
  );
  expect(code).toBe(69);
});

/** The package as it is before some step of its building. */
function packageWithout(missing: "dist" | "build"): string {
  const root = temporaryDirectory();
  for (const name of ["bin", "dist"]) {
    if (name !== missing)
      cpSync(path.join(packageRoot, name), path.join(root, name), { recursive: true });
  }
  cpSync(path.join(packageRoot, "package.json"), path.join(root, "package.json"));
  mkdirSync(path.join(root, "node_modules"));
  for (const name of ["commander", "smol-toml"]) {
    const dependency = path.join("node_modules", name);
    cpSync(path.join(packageRoot, dependency), path.join(root, dependency), { recursive: true });
  }
  return root;
}

test.each([
  ["dist", "dist/"],
  ["build", "build/chat.wasm"],
] as const)(
  "without %s, one line says what is missing and what to type",
  async (missing, named) => {
    const root = packageWithout(missing);
    const command: [string, string] = [process.execPath, path.join(root, "bin", "pollcast.mjs")];
    const { code, stderr } = await pollcast(["serve", "--port", "0"], { command });
    expect(oneLine(stderr)).toBe(`pollcast: ${named} is missing: not built, run npm run build`);
    expect(code).toBe(69);
  },
);

test("doctor finds a machine that can serve, and says so with code 0", async () => {
  const { code, stdout } = await pollcast(["doctor", "--port", "0"]);
  expect(stdout).toMatch(/^ok +node +\d/m);
  expect(stdout).toMatch(/^ok +module chat +build\/chat\.wasm$/m);
  expect(stdout).toMatch(/^ok +wasmtime \(\$WASMTIME\) +36\.0\.\d+ at /m);
  expect(stdout).toMatch(/^ok +runtime +wasmtime$/m);
  expect(stdout).toMatch(/^ok +port +127\.0\.0\.1:\d+ is free$/m);
  expect(stdout).toMatch(/\nready to serve\n$/);
  expect(code).toBe(0);
});

test("doctor says what is wrong and what to type, with code 1", async () => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version: "48.0.8", componentExitCode: 1 });
  const server = net.createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const { code, stdout } = await pollcast(
    ["doctor", "--port", String(port), "--max-clients", "999999999"],
    { env: { WASMTIME: wasmtime } },
  );
  expect(stdout).toMatch(/^BAD +wasmtime \(\$WASMTIME\) +wasmtime 48\.0\.8 at .*\n +-> /m);
  expect(stdout).toMatch(
    /^BAD +port +127\.0\.0\.1:\d+ is in use by another program\n +-> stop that one/m,
  );
  expect(stdout).toMatch(
    /^note +open files +\d+ allowed, \d+ needed for 999999999 clients\n +-> /m,
  );
  expect(stdout).toMatch(/\nnot ready to serve\n$/);
  expect(code).toBe(1);
});

/** A machine with Node, and with nothing else that would help. */
function bareMachine(): NodeJS.ProcessEnv {
  const home = temporaryDirectory();
  return { WASMTIME: "", HOME: home, XDG_CACHE_HOME: "", PATH: home };
}

test("doctor without any wasmtime says that Node would serve, and names setup", async () => {
  const { code, stdout } = await pollcast(["doctor", "--port", "0"], { env: bareMachine() });
  expect(stdout).toMatch(
    /^note +runtime +Node \S+, as there is no wasmtime that can be used\n +-> there is neither pip nor uv: install one of them, and pollcast setup/m,
  );
  expect(stdout).toMatch(/\nready to serve\n$/);
  expect(code).toBe(0);
});

test("doctor without the wasmtime that was asked for is not ready, and names setup", async () => {
  const args = ["doctor", "--port", "0", "--runtime", "wasmtime"];
  const { code, stdout } = await pollcast(args, { env: bareMachine() });
  expect(stdout).toMatch(
    /^BAD +runtime +no wasmtime that can be used\n +-> there is neither pip nor uv: install one of them, and pollcast setup/m,
  );
  expect(code).toBe(1);
});

test("serve --help has the options of the module, with its bounds and defaults", async () => {
  const args = ["run", "-S", "preview2=n", path.join(packageRoot, "build", "chat.wasm"), "--help"];
  const module = spawnSync(wasmtimePath(), args, { encoding: "utf8" }).stdout;
  const launcher = (await pollcast(["serve", "--help"])).stdout.replaceAll(/\s+/g, " ");
  expect(chatSettings().length).toBeGreaterThan(10);
  for (const { help, bounds, default: fallback } of chatSettings()) {
    const values = [bounds, fallback === "" ? "" : `default ${fallback}`].filter(
      (one) => one !== "",
    );
    const told = values.length === 0 ? help : `${help} (${values.join(", ")})`;
    expect(module).toContain(told);
    expect(launcher).toContain(told);
  }
});

test("doctor says what each wasmtime can run", async () => {
  const home = bareMachine();
  const place = (name: string, options: FakeOptions): string => {
    const directory = path.join(home["HOME"] ?? "", name);
    mkdirSync(directory, { recursive: true });
    fakeWasmtime(directory, options);
    return directory;
  };
  const before = place("first", { version: "46.0.0", componentExitCode: 1 });
  const newer = place("second", { version: "48.0.8", probeExitCode: 1 });
  place(".cache/pollcast/wasmtime-36.0.14/bin", {});
  const env = { ...home, PATH: `${before}:${newer}` };
  const { stdout } = await pollcast(["doctor", "--port", "0"], { env });
  const lines = stdout.split("\n").filter((line) => line.includes("wasmtime ("));
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^note .* 46\.0\.0 at \S+ runs modules \(preview1\), a version that/);
  expect(lines[1]).toMatch(/^ok .* 48\.0\.8 at \S+ runs components \(WASI 0\.3\)$/);
  expect(lines[2]).toMatch(/^ok .* 36\.0\.14 at \S+ runs modules \(preview1\)$/);
});

test("setup knows two lines", async () => {
  const { code, stderr } = await pollcast(["setup", "--line", "47"]);
  expect(oneLine(stderr)).toMatch(/^pollcast: --line "47" is not one of 36, 48; /);
  expect(code).toBe(64);
});

test("doctor looks for no wasmtime if Node was asked for", async () => {
  const { code, stdout } = await pollcast(["doctor", "--port", "0", "--runtime", "node"]);
  expect(stdout).toMatch(/^ok +runtime +Node \S+, as asked$/m);
  expect(stdout).not.toContain("wasmtime (");
  expect(code).toBe(0);
});
