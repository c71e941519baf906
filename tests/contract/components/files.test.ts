/**
 * Files and directories of components, on the real hosts and on the virtual one, and when their
 * bytes reach the kernel.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { componentPath } from "../../../host/bootstrap/programs.mjs";
import { findProgram } from "../../../host/launcher/base/programs.js";
import { componentOf, EXPORT_TRANSFORM } from "../../../scripts/lib/component.mjs";
import { root } from "../../../scripts/lib/root.mjs";
import { componentWasmtime, freePorts, launchComponent } from "../../support/component.js";
import { writeProgram } from "../../support/fake_wasmtime.js";
import { findStrace } from "../../support/strace.js";
import { runOn, runOnDisk, SizelessVolume } from "./support/virtual_files.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";

/** Errors, by number and negated. */
const [BADF, EXIST, FBIG, IO, NOENT, NOTDIR] = ["-8", "-20", "-22", "-29", "-44", "-54"];
/** A shell counts in blocks of 512 bytes; wasmtime has files of its own, which must fit. */
const FILE_BYTES = 8 * 1024 * 1024;
const BOUNDED = `ulimit -f ${FILE_BYTES / 512}; trap "" XFSZ; exec "$0" "$@"`;

const hasStrace = findStrace("the test of when a line of a component is with the kernel");

let component: string;
let core: WebAssembly.Module;

beforeAll(async () => {
  component = path.join(fs.mkdtempSync(path.join(root, "build/files-")), "files.wasm");
  process.once("exit", () => fs.rmSync(path.dirname(component), { recursive: true, force: true }));
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const words = [
    "--target",
    "echo",
    "--outFile",
    component,
    "--transform",
    `./${EXPORT_TRANSFORM}`,
  ];
  execFileSync(process.execPath, [asc, "tests/contract/components/guest/files.ts", ...words], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const bytes = fs.readFileSync(component);
  core = new WebAssembly.Module(bytes);
  fs.writeFileSync(component, await componentOf(bytes));
});

/** Runs commands with the directory's files in `data`. @returns the guest's output */
type Run = (directory: string, commands: string[], shell?: string) => string;

/** Runs each command, and expects what came of it. */
function play(run: Run, directory: string, steps: [string, string][], shell?: string): void {
  const commands = steps.map(([command]) => command);
  const told = run(directory, commands, shell).trimEnd().split("\n");
  expect(told.map((answer, at) => [steps[at]?.[0], answer])).toEqual(steps);
}

/** Tests that pass on all hosts. */
function usual(run: Run): void {
  test("a directory is found by its name", () => {
    const directory = temporaryDirectory();
    fs.writeFileSync(path.join(directory, "one"), "");
    play(run, directory, [
      ["data date", NOENT],
      ["data ", NOENT],
      ["create a", BADF],
      ["data data", "open"],
      ["list", "one"],
    ]);
  });

  test("a file is made once, appended to, synced and read", () => {
    const directory = temporaryDirectory();
    play(run, directory, [
      ["data data", "open"],
      ["open a", NOENT],
      ["go-on a", NOENT],
      ["create a", "open"],
      ["append hello ", "6"],
      ["append there", "5"],
      ["size", "11"],
      ["sync", "0"],
      ["close", "0"],
      ["create a", EXIST],
      ["open a", "open"],
      ["read 8", '"hello th"'],
      ["read 8", '"ere"'],
      ["read 8", '""'],
      ["append x", BADF],
      ["close", "0"],
      ["size", BADF],
    ]);
    expect(fs.readFileSync(path.join(directory, "a"), "utf8")).toBe("hello there");
  });

  test("a file is cut and goes on at its end", () => {
    const directory = temporaryDirectory();
    play(run, directory, [
      ["data data", "open"],
      ["create a", "open"],
      ["append hello there", "11"],
      ["cut 5", "0"],
      ["append !", "1"],
      ["close", "0"],
      ["go-on a", "open"],
      ["append ?", "1"],
      ["size", "7"],
      ["append-bytes 500000", "500000"],
      ["cut 7", "0"],
    ]);
    expect(fs.readFileSync(path.join(directory, "a"), "utf8")).toBe("hello!?");
  });

  test("a list does not go where the last read put its bytes", () => {
    const directory = temporaryDirectory();
    fs.writeFileSync(path.join(directory, "a"), "x");
    play(run, directory, [
      ["data data", "open"],
      ["open a", "open"],
      ["read 8", '"x"'],
      ["read-then-list 4096", "0 read, 0 changed, a list"],
      ["close", "0"],
      ["create b", "open"],
      ["close", "0"],
      ["read-then-list 4096", `${BADF} read, 0 changed, a list`],
    ]);
  });

  test("a file is removed, and a file has no entries", () => {
    const directory = temporaryDirectory();
    for (let i = 1; i <= 500; i++) fs.writeFileSync(path.join(directory, `file-${i}`), "");
    play(run, directory, [
      ["data data", "open"],
      ["list", "500 up to file-99"],
      ["create a", "open"],
      ["list-file", NOTDIR],
      ["remove a", "0"],
      ["remove a", NOENT],
      ["list", "500 up to file-99"],
    ]);
  });
}

describe("on the virtual host", () => {
  usual((directory, commands) => runOnDisk(core, directory, commands));

  test("a directory that is asked for often costs no memory", () => {
    const run: Run = (directory, commands) => runOnDisk(core, directory, commands);
    // Two are handed in: the name of the other is given back as well.
    play(run, temporaryDirectory(), [["ask-often others", "no growth"]]);
  });

  test("a file whose size the host does not tell is not appended to", () => {
    const commands = ["data data", "create a", "close", "size"];
    expect(runOn(core, new Map([["data", new SizelessVolume()]]), commands)).toBe(
      `open\n${IO}\n${BADF}\n${BADF}\n`,
    );
  });
});

describe.each([46, 48, 49] as const)("under wasmtime %s", (line) => {
  const wasmtime = componentWasmtime(line) ?? "";
  const isThere = wasmtime !== "";

  function run(directory: string, commands: string[], shell = 'exec "$0" "$@"'): string {
    const dirs = ["--dir", `${root}/docs::others`, "--dir", `${directory}::data`];
    const words = ["-c", shell, wasmtime, "run", ...dirs, component, ...commands];
    const env = { RUST_BACKTRACE: "0" };
    return execFileSync("/bin/sh", words, { env, encoding: "utf8" });
  }

  describe.runIf(isThere)("as usual", () => usual(run));

  test.runIf(isThere)("a directory is listed however long it is, whatever is in it", () => {
    const directory = temporaryDirectory();
    for (let i = 1; i < 500; i++) fs.writeFileSync(path.join(directory, `file-${i}`), "");
    // No text: a host has no word for it.
    fs.writeFileSync(Buffer.concat([Buffer.from(`${directory}/x`), Buffer.from([0xff])]), "");
    fs.symlinkSync("nowhere", path.join(directory, "zz"));
    play(run, directory, [
      ["data data", "open"],
      ["list", "500 up to zz"],
      ["remove file-7", "0"],
      ["remove file-7", NOENT],
      ["list", "499 up to zz"],
      ["create a", "open"],
      ["list-file", NOTDIR],
    ]);
  });

  test.runIf(isThere)("a file that is full takes what fits, and then says so", () => {
    const directory = temporaryDirectory();
    const steps: [string, string][] = [
      ["data data", "open"],
      ["create a", "open"],
      [`cut ${FILE_BYTES - 100}`, "0"],
      ["append-bytes 1000", "100"],
      ["append x", FBIG],
      [`cut ${FILE_BYTES - 100}`, "0"],
      ["append x", "1"],
      ["size", `${FILE_BYTES - 99}`],
    ];
    play(run, directory, steps, BOUNDED);
  });

  test.runIf(isThere && hasStrace)(
    "a line is with the kernel before anybody is sent it",
    async () => {
      const [directory, [port = 0]] = [temporaryDirectory(), await freePorts(1)];
      const trace = path.join(directory, "trace");
      const strace = `exec strace -f -s 300 -o ${trace} -e trace=pwrite64,pwritev,pwritev2,sendto`;
      const program = path.join(directory, "wasmtime");
      const guest = launchComponent({
        wasmtime: writeProgram(program, `#!/bin/sh\n${strace} "${wasmtime}" "$@"\n`),
        component: path.join(root, componentPath(findProgram("chat"))),
        args: ["--listen", `127.0.0.1:${port}`, "--data", "data", "--stop-at-eof"],
        flags: ["-S", "inherit-network", "--dir", `${directory}::data`],
        maxMemoryBytes: 2 ** 26,
      });
      onTestFinished(() => void guest.stdin.end());
      let log = "";
      guest.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
      await until("it listens", () => log.includes("listening on"));
      const client = net.connect(port, "127.0.0.1");
      onTestFinished(() => void client.destroy());
      let heard = "";
      client.setEncoding("utf8").on("data", (text: string) => (heard += text));
      for (const line of ["line one", "line two", "line three"]) {
        client.write(`${line}\n`);
        await until("it is back", () => heard.includes(line));
      }
      guest.stdin.end("quit\n");
      await guest.exited;
      const calls = fs.readFileSync(trace, "utf8").split("\n");
      const said = calls.filter((call) => call.includes("line "));
      expect(said.map((call) => /(pwrite|sendto).*(line \w+)/.exec(call)?.slice(1))).toEqual([
        ["pwrite", "line one"],
        ["sendto", "line one"],
        ["pwrite", "line two"],
        ["sendto", "line two"],
        ["pwrite", "line three"],
        ["sendto", "line three"],
      ]);
    },
  );
});
