/** The package `pollcast`, packed in a fresh clone and used from an empty directory. */
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROGRAMS, componentPath, modulePath, stampPath } from "../../host/bootstrap/programs.mjs";
import { root } from "../../scripts/lib/root.mjs";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast, type RunOptions } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { cloneLike, install, type Packed, pack } from "./support.js";

const BYTES_MOST = 1_200_000;
const UNPACKED_BYTES_MOST = 3_000_000;
/** All that may be shipped. */
const SHIPPED =
  /^(bin\/pollcast\.mjs|build\/\w+(\.component)?\.wasm|dist\/chat_options\.json|dist\/(host|lab\/(explore|world))\/.+\.m?js|docs\/.+|(CHANGELOG|DESIGN|README)\.md|LICENSE|package\.json)$/;

let place: string;
let packed: Packed;

beforeAll(async () => {
  place = fs.mkdtempSync(path.join(fs.realpathSync("/tmp"), "pollcast-package-"));
  const clone = await cloneLike(path.join(place, "clone"));
  // What is up to date is not built again; of each kind, something is left to be built.
  fs.cpSync(path.join(root, "build"), path.join(clone, "build"), { recursive: true });
  fs.cpSync(path.join(root, "dist"), path.join(clone, "dist"), { recursive: true });
  for (const missing of ["build/echo.wasm", stampPath("host"), "dist/host/launcher/cli.js"])
    fs.rmSync(path.join(clone, missing));
  packed = await pack(clone, place);
});
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

/** The command of the package that has been installed. */
async function installed(): Promise<RunOptions> {
  const directory = temporaryDirectory();
  await install(directory, [packed.file]);
  const command = path.join(directory, "node_modules", ".bin", "pollcast");
  return { command: [command], cwd: directory };
}

describe("npm pack in a clone", () => {
  test("ships the command, the programs and the pages, and nothing else", () => {
    const { names } = packed;
    const programs = PROGRAMS.flatMap((one) => [modulePath(one), componentPath(one)]);
    const schemas = ["protocol", "protocol-2"].map((one) => `docs/reference/${one}.schema.json`);
    const others = ["dist/chat_options.json", ...schemas];
    for (const name of ["dist/host/launcher/cli.js", ...others, ...programs])
      expect(names).toContain(name);
    expect(names.filter((name) => !SHIPPED.test(name))).toEqual([]);
  });

  test(`makes ${BYTES_MOST} bytes at most, ${UNPACKED_BYTES_MOST} unpacked`, () => {
    expect(packed.bytes).toBeLessThan(BYTES_MOST);
    expect(packed.unpackedBytes).toBeLessThan(UNPACKED_BYTES_MOST);
  });
});

describe("in an empty directory", () => {
  test("doctor finds all that it needs", async () => {
    const { code, stdout } = await pollcast(["doctor", "--port", "0"], await installed());
    expect(stdout).toMatch(/^ready to serve$/m);
    expect(stdout).not.toMatch(/missing|out of date/);
    expect(code).toBe(0);
  });

  test("serve serves the chat", async () => {
    const launcher = new Launcher(["serve", "--port", "0"], await installed());
    const port = await launcher.serves();
    const ann = await connect(port);
    await ann.expectLineLike(/you are client-1/);
    const bob = await connect(port);
    await bob.expectLineLike(/you are client-2/);
    ann.send("hello\n");
    await bob.expectLineLike(/client-1 joined/);
    await bob.expectLineLike(/client-1: hello/);
    launcher.process.kill("SIGTERM");
    expect(await launcher.ended).toEqual({ code: 0, signal: null });
  });

  test("run echo answers", async () => {
    const launcher = new Launcher(["run", "--port", "0", "echo"], await installed());
    const client = await connect(await launcher.serves());
    client.send("hello");
    await client.expectBytes("Your msg is hello");
  });
});
