/** The package `pollcast-selectors`, packed in a clone and used from an empty directory. */
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findModule, findProgram } from "../../host/launcher/base/programs.js";
import { root } from "../../scripts/lib/root.mjs";
import { type Client, connect } from "../contract/conversations/support/client.js";
import { Launcher } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { type TestedLine, wasmtimePath } from "../support/wasmtime.js";
import {
  blocksOf,
  cloneLike,
  freePort,
  install,
  type Packed,
  pack,
  shell,
  startServer,
} from "./support.js";

const BYTES_MOST = 80_000;
const README = "library/README.md";
const CONFIG = "node_modules/pollcast-selectors/asconfig";
/** All that may be shipped. */
const SHIPPED =
  /^((component|transform)\.mjs|component\.d\.mts|\w+\.ts|asconfig(\.component)?\.json|bin\/pollcast-component\.mjs|examples\/(echo|chat)\.ts|assembly\/(loop|selectors|sockets|text|wasi)\/.+\.ts|assembly\/wasi\/preview3\/world\.wit|README\.md|LICENSE|package\.json)$/;
const PROGRAM = `import { DefaultSelector, EVENT_READ } from "pollcast-selectors";
import { requireListeners } from "pollcast-selectors/sockets";
DefaultSelector<i32>().register(requireListeners()[0], EVENT_READ, 0);
`;

let place: string;
let packed: Packed;

beforeAll(async () => {
  place = fs.mkdtempSync(path.join(fs.realpathSync("/tmp"), "pollcast-library-"));
  const clone = await cloneLike(path.join(place, "clone"));
  packed = await pack(path.join(clone, "library"), place);
  expect(fs.existsSync(path.join(clone, "library", "assembly"))).toBe(false);
  await Promise.all(
    EXAMPLES.map(async ({ name }) => compile(example(name), path.join(place, name))),
  );
});
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

/** A project that has installed what the recipe says. */
async function consumer({ tools = true, directory = temporaryDirectory() } = {}): Promise<string> {
  const others = ["assemblyscript", ...(tools ? ["@bytecodealliance/jco-transpile"] : [])];
  await install(directory, [packed.file], others);
  return directory;
}

/** Runs lines that have to succeed. */
async function runAll(lines: readonly string[], directory: string): Promise<void> {
  for (const line of lines)
    expect({ line, ...(await shell(line, directory)) }).toMatchObject({ code: 0 });
}

/** Compiles a source as a module, `module.wasm`, and as a component, `component.wasm`. */
async function compile(source: string, directory: string): Promise<void> {
  fs.mkdirSync(directory, { recursive: true });
  await consumer({ directory });
  fs.writeFileSync(path.join(directory, "main.ts"), source);
  await runAll(
    [
      `npx asc main.ts --config ${CONFIG}.json -O3 -o module.wasm`,
      `npx asc main.ts --config ${CONFIG}.component.json -O3 -o core.wasm`,
      "npx pollcast-component core.wasm component.wasm",
    ],
    directory,
  );
}

function example(name: string): string {
  return fs.readFileSync(path.join(root, "library", "examples", `${name}.ts`), "utf8");
}

/** Starts a module by hand: with a wasmtime, or with the launcher's Node. @returns the port */
type Start = (directory: string) => Promise<number>;

const STARTS: Record<string, Start> = {
  "wasmtime 36, as a module": async (directory) => {
    const port = await freePort();
    byHand(36, ["-S", "preview2=n", "-S", `tcplisten=127.0.0.1:${port}`, "module.wasm"], directory);
    return port;
  },
  "wasmtime 48, as a component": async (directory) => {
    const port = await freePort();
    const words = ["component.wasm", "--listen", `127.0.0.1:${port}`];
    byHand(48, ["-S", "inherit-network", ...words], directory);
    return port;
  },
  "the Node runtime": async (directory) => launched(directory, ["--runtime", "node"], "module"),
  "pollcast run, which takes wasmtime": async (directory) => launched(directory, [], "module"),
  "pollcast run, as a component": async (directory) =>
    launched(directory, ["--wasmtime", wasmtimePath(48)], "component"),
};

function byHand(line: TestedLine, args: readonly string[], directory: string): void {
  startServer(wasmtimePath(line), ["run", ...args], directory);
}

async function launched(directory: string, flags: readonly string[], form: string) {
  const args = ["run", "--listen", "127.0.0.1:0", ...flags, `./${form}.wasm`];
  return new Launcher(args, { cwd: directory }).serves();
}

/** Connects once the server is there. */
async function caller(port: number): Promise<Client> {
  let client: Client | undefined;
  await until("a server", async () => {
    client = await connect(port).catch(() => undefined);
    return client !== undefined;
  });
  return client as unknown as Client;
}

/** An echo: what is said comes back, and each client has its own. */
async function talkToEcho(port: number): Promise<void> {
  const [one, other] = [await caller(port), await caller(port)];
  other.send("other");
  one.send("one");
  await one.expectBytes("one");
  await other.expectBytes("other");
  one.send("again");
  await one.expectBytes("again");
}

async function talkToChat(port: number): Promise<void> {
  const [one, other] = [await caller(port), await caller(port)];
  // Both have been accepted once they hear themselves.
  other.send("here\n");
  await other.expectLineLike(/^\d+: here$/);
  one.send("hello\n");
  await other.expectLineLike(/^\d+: hello$/);
  one.leave();
  other.send("alone\n");
  await other.expectLineLike(/^\d+: alone$/);
}

const EXAMPLES = [
  { name: "echo", linesMost: 25, talk: talkToEcho },
  { name: "chat", linesMost: 60, talk: talkToChat },
];

test("npm pack ships the sources that are reached, and nothing else", () => {
  expect(packed.names.filter((name) => !SHIPPED.test(name))).toEqual([]);
  for (const name of ["index.ts", "sockets.ts", "assembly/selectors/index.ts", "LICENSE"])
    expect(packed.names).toContain(name);
  expect(packed.bytes).toBeLessThan(BYTES_MOST);
});

test("both packages have one version", () => {
  const [own, library] = ["package.json", "library/package.json"].map(
    (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as { version: string },
  );
  expect(library?.version).toBe(own?.version);
});

describe.each(EXAMPLES)("the example $name", ({ name, linesMost, talk }) => {
  test(`has ${linesMost} lines at most`, () => {
    expect(example(name).split("\n").length - 1).toBeLessThanOrEqual(linesMost);
  });

  test.each(Object.keys(STARTS))("answers on %s", async (start) => {
    await talk((await STARTS[start]?.(path.join(place, name))) ?? 0);
  });
});

test("a chat's client that does not read is closed, and the others go on", async () => {
  const port = (await STARTS["the Node runtime"]?.(path.join(place, "chat"))) ?? 0;
  const deaf = await connect(port, { deaf: true });
  const [one, other] = [await caller(port), await caller(port)];
  const line = "x".repeat(4000);
  for (let said = 0; said < 4000; said++) {
    other.send(`${line}\n`);
    await other.expectLine();
    await one.expectLine();
    if (deaf.closed) break;
  }
  deaf.readAgain();
  await until("the end", () => deaf.closed);
});

describe("the documents", () => {
  test("the README's recipe works as it stands", async () => {
    const directory = await consumer();
    const lines = blocksOf(README, "sh").flatMap((block) => block.trimEnd().split("\n"));
    // Both are in place: a registry is not asked here.
    const rest = lines.filter((line) => !line.startsWith("npm install"));
    const served = rest.filter((line) => /^(wasmtime|pollcast) run /.test(line));
    await runAll(
      rest.filter((line) => !served.includes(line)),
      directory,
    );
    expect(served.map((line) => line.split(" ")[0])).toEqual(["wasmtime", "wasmtime", "pollcast"]);
    for (const line of served) {
      const port = await freePort();
      const [command, ...words] = line.replace("9999", String(port)).split(" ");
      const version = line.includes("component") ? 48 : 36;
      if (command === "wasmtime") startServer(wasmtimePath(version), words, directory);
      else await new Launcher(words, { cwd: directory }).serves();
      await talkToEcho(port);
    }
  });

  test("an asconfig.json of one's own extends the package's", async () => {
    const directory = await consumer();
    const [config = ""] = blocksOf(README, "json");
    fs.writeFileSync(path.join(directory, "asconfig.json"), config);
    fs.writeFileSync(path.join(directory, "main.ts"), PROGRAM);
    await runAll(["npx asc -o main.wasm"], directory);
    const bytes = fs.readFileSync(path.join(directory, "main.wasm"));
    const module = new WebAssembly.Module(new Uint8Array(bytes));
    const imported = WebAssembly.Module.imports(module).map((one) => one.module);
    expect(new Set(imported)).toEqual(new Set(["wasi_snapshot_preview1"]));
  });

  test("docs/reference/selectors.md begins with a program that works", async () => {
    const [source = ""] = blocksOf("docs/reference/selectors.md", "ts");
    const directory = temporaryDirectory();
    await compile(source, directory);
    for (const start of Object.keys(STARTS).slice(0, 3))
      await talkToEcho((await STARTS[start]?.(directory)) ?? 0);
  });
});

describe("a mistake is told with what to do", () => {
  /** Returns the error message of a command that fails. */
  async function complaint(line: string, { tools = true } = {}): Promise<string> {
    const directory = await consumer({ tools });
    fs.writeFileSync(path.join(directory, "main.ts"), PROGRAM);
    fs.copyFileSync(findModule(findProgram("echo")), path.join(directory, "module.wasm"));
    const { code, said } = await shell(line, directory);
    expect(code).not.toBe(0);
    return said;
  }
  const component = `npx asc main.ts --config ${CONFIG}.component.json -o core.wasm`;

  test.each([
    ["npx asc main.ts -o main.wasm", /compile with --config node_modules\/pollcast-selectors/],
    ["npx pollcast-component module.wasm x.wasm", /asconfig\.component\.json/],
    ["npx pollcast-component main.ts x.wasm", /main\.ts: it is no WebAssembly module/],
    ["npx pollcast-component none.wasm x.wasm", /ENOENT.*none\.wasm/],
    ["npx pollcast-component", /usage: pollcast-component CORE\.wasm COMPONENT\.wasm/],
    [
      `${component} && npx pollcast-component core.wasm x.wasm && npx pollcast-component x.wasm y`,
      /x\.wasm: it is a component already/,
    ],
  ])("%s", async (line, pattern) => {
    expect(await complaint(line)).toMatch(pattern);
  });

  test("the tools of components are missing", async () => {
    const said = await complaint(`${component} && npx pollcast-component core.wasm x.wasm`, {
      tools: false,
    });
    expect(said).toMatch(/npm install --save-dev @bytecodealliance\/jco-transpile@/);
  });

  test("there is no listener", async () => {
    const directory = path.join(place, "echo");
    const module = await shell(`${wasmtimePath()} run -S preview2=n module.wasm`, directory);
    expect(module).toMatchObject({ code: 69 });
    expect(module.said).toMatch(/no listener: start with -S tcplisten=/);
    const component = await shell(`${wasmtimePath(48)} run component.wasm`, directory);
    expect(component).toMatchObject({ code: 1 });
    expect(component.said).toMatch(/no listener: say where, --listen/);
    const refused = `${wasmtimePath(48)} run component.wasm --listen 127.0.0.1:0`;
    expect((await shell(refused, directory)).said).toMatch(/wasmtime run -S inherit-network/);
  });
});
