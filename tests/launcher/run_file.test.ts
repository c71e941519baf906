/** `pollcast run FILE`: which files it refuses, and how a user's program ends. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findModule, findProgram, packageRoot } from "../../host/launcher/base/programs.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";

const COMPILE =
  "in AssemblyScript, compile it with --config node_modules/pollcast-selectors/asconfig.json";
const MODULE = "0061736d01000000";
const WASI = Buffer.from("\x16wasi_snapshot_preview1").toString("hex");
/** A type section: () -> (), (i32) -> (). */
const TYPES = "0108" + "02" + "600000" + "60017f00";
/** One function of the first type, and a memory. */
const FUNCTION = "03020100" + "0503010001";
/** They are exported as `_start` and `memory`. */
const EXPORTS =
  "071302" +
  `06${Buffer.from("_start").toString("hex")}0001` +
  `06${Buffer.from("memory").toString("hex")}0200`;

/** A module that imports this function of type (i32) -> (), and whose `_start` has this body. */
function moduleWith(importing: string, body: string): string {
  const imported = `01${importing}0001`;
  const code = `01${byte(body.length / 2)}${body}`;
  return [
    ...[MODULE, TYPES, `02${byte(imported.length / 2)}${imported}`, FUNCTION, EXPORTS],
    `0a${byte(code.length / 2)}${code}`,
  ].join("");
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

const PROC_EXIT = WASI + Buffer.from("\x09proc_exit").toString("hex");

/** Writes a file of these bytes, in hexadecimal digits. @returns its path */
function file(bytes: string): string {
  const name = path.join(temporaryDirectory(), "main.wasm");
  fs.writeFileSync(name, Buffer.from(bytes, "hex"));
  return name;
}

test.each([
  ["a text", "696d706f7274", "FILE is no WebAssembly file: compile the program first"],
  ["nothing", "", "FILE is no WebAssembly file: compile the program first"],
  ["a library", MODULE, `FILE exports no _start, so it is a library and not a program: ${COMPILE}`],
  [
    "a module of another host",
    moduleWith(Buffer.from("\x03env\x05abort").toString("hex"), "000b"),
    `FILE imports env.abort, which is not of WASI preview1: ${COMPILE}`,
  ],
  [
    "the core of a component",
    moduleWith(Buffer.from("\x10wasi:cli/x@0.3.0\x01f").toString("hex"), "000b"),
    "FILE is the core of a component: npx pollcast-component FILE OUT.wasm",
  ],
])("%s is refused", async (_, bytes, message) => {
  const name = file(bytes);
  const { code, stderr } = await pollcast(["run", name]);
  expect(stderr).toBe(`pollcast: ${message.replaceAll("FILE", name)}\n`);
  expect(code).toBe(64);
});

test("a file that is cut off is refused", async () => {
  const { code, stderr } = await pollcast(["run", file(`${MODULE}0105`)]);
  expect(stderr).toMatch(/main\.wasm is no valid module: WebAssembly\.Module\(\): .+\n$/);
  expect(code).toBe(64);
});

test("a file that is not there is refused", async () => {
  const { code, stderr } = await pollcast(["run", "./none.wasm"]);
  expect([code, stderr]).toEqual([64, "pollcast: ./none.wasm cannot be read (ENOENT)\n"]);
});

test("what contradicts the file is refused", async () => {
  const module = findModule(findProgram("echo"));
  const component = findModule(findProgram("echo"), "p3");
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await pollcast(["run", ...args]);
    expect(code).toBe(64);
    return stderr.replaceAll(`${packageRoot}/`, "");
  };
  const mistake = (is: string, left: string) => `pollcast: ${is}: leave --abi ${left} out\n`;
  expect(await refused("--abi", "p3", module)).toBe(mistake("build/echo.wasm is a module", "p3"));
  expect(await refused("--abi", "p1", component)).toBe(
    mistake("build/echo.component.wasm is a component", "p1"),
  );
  expect(await refused("--runtime", "node", component)).toMatch(
    /a component runs on wasmtime alone: leave --runtime node out/,
  );
});

test.each(["node", "wasmtime"])("its exit code is passed on, on %s", async (runtime) => {
  const leaving = file(moduleWith(PROC_EXIT, "0041031000" + "0b"));
  const { code } = await pollcast(["run", "--port", "0", "--runtime", runtime, leaving]);
  expect(code).toBe(3);
});

test("a trap has it restarted, until it has trapped too often", async () => {
  const { code, stderr } = await pollcast([
    "run",
    "--port",
    "0",
    file(moduleWith(PROC_EXIT, "00000b")),
  ]);
  expect(stderr).toMatch(/main\.wasm died \(code 134, a trap\)/);
  expect(stderr).toMatch(/giving up/);
  expect(code).toBe(70);
});

test("a stop ends it at once: it is not asked to quit", async () => {
  const forever = file(moduleWith(PROC_EXIT, "000340" + "0c00" + "0b" + "0b"));
  const launcher = new Launcher(["run", "--port", "0", forever]);
  await launcher.serves();
  launcher.process.kill("SIGTERM");
  expect(await launcher.ended).toEqual({ code: 0, signal: null });
  expect(launcher.stderr).not.toMatch(/did not quit|killed/);
});
