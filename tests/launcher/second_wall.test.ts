/**
 * The resources outside its sandbox that a guest of each runtime can reach: the table in
 * docs/notes/platforms.md.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { corePath, PROGRAMS } from "../../host/bootstrap/programs.mjs";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { nodeWall } from "../../host/launcher/guest/second_wall.js";
import { Launcher } from "../support/launcher.js";
import { commandOf, environmentOf } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { wasmtimePath } from "../support/wasmtime.js";

const XFSZ = 25n;
const hasSetpriv = spawnSync("/usr/bin/setpriv", ["--no-new-privs", "true"]).status === 0;

interface Row {
  name: string;
  words: string[];
  /** Flags of the runtime that let the guest reach something. */
  network: string[];
}

const ROWS: Row[] = [
  { name: "a module on wasmtime", words: ["--runtime", "wasmtime"], network: ["listenfd"] },
  { name: "a module on Node", words: ["--runtime", "node"], network: [] },
  {
    name: "a component",
    words: ["--abi", "p3", "--wasmtime", wasmtimePath(48)],
    network: ["inherit-network", "udp=n"],
  },
];

/** A line of /proc/PID/status. */
function statusOf(pid: number, what: string): string {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  return new RegExp(`^${what}:\\s+(\\S+)$`, "m").exec(status)?.[1] ?? "";
}

test.each(ROWS)("$name has no privileges to gain, no core, no umask, no secrets", async (row) => {
  const args = ["serve", "--port", "0", "--ctl", "none", ...row.words];
  const launcher = new Launcher(args, { env: { SECRET: "of the launcher" } });
  await launcher.serves();
  const guest = launcher.guestPid;
  if (hasSetpriv) expect(statusOf(guest, "NoNewPrivs")).toBe("1");
  expect(statusOf(guest, "Umask")).toBe("0077");
  expect(BigInt(`0x${statusOf(guest, "SigIgn")}`) & (1n << (XFSZ - 1n))).not.toBe(0n);
  const limits = fs.readFileSync(`/proc/${guest}/limits`, "utf8");
  expect(limits).toMatch(/^Max core file size +0 +0 /m);
  const environment = environmentOf(guest);
  expect(Object.keys(environment).filter((name) => /SECRET|PATH|HOME|WASMTIME/.test(name))).toEqual(
    [],
  );
  const words = commandOf(guest);
  const options = words.flatMap((word, at) => (word === "-S" ? [words[at + 1] ?? ""] : []));
  const harmless = ["preview2=n"];
  expect(options.filter((option) => !harmless.includes(option))).toEqual(row.network);
  expect(words).not.toContain("--dir");
});

test("what the components import lets them listen, and neither connect nor resolve names", () => {
  for (const program of PROGRAMS) {
    const core = new WebAssembly.Module(fs.readFileSync(path.join(packageRoot, corePath(program))));
    const imports = WebAssembly.Module.imports(core).map(({ module, name }) => `${module} ${name}`);
    expect(imports.filter((name) => /tcp-socket\.listen/.test(name))).not.toEqual([]);
    expect(imports.filter((name) => /connect|udp|ip-name-lookup|http/.test(name))).toEqual([]);
  }
});

const PROBE = `
  const fs = require("node:fs");
  const tried = (name, work) => { try { work(); return name + " allowed"; } catch (e) { return name + " " + e.code; } };
  const { Worker, isMainThread } = require("node:worker_threads");
  for (const one of [
    tried("read", () => fs.readFileSync("/etc/passwd")),
    tried("write", () => fs.writeFileSync(process.env.OUT + "/x", "x")),
    tried("own", () => fs.readFileSync(__filename)),
    tried("spawn", () => { const { error } = require("node:child_process").spawnSync("true"); if (error) throw error; }),
  ]) console.log(isMainThread ? "main" : "guest", one);
  if (isMainThread) new Worker(__filename);
`;

test("on Node, where it has the wall, the guest's thread reads its own files and no others", async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, "probe.cjs");
  fs.writeFileSync(file, PROBE);
  const flags = nodeWall([directory]);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isThere = major > 23 || (major === 22 && minor >= 13) || (major === 23 && minor >= 5);
  expect(flags.length > 0).toBe(isThere);
  const env = { OUT: temporaryDirectory() };
  const { stdout } = spawnSync(process.execPath, [...flags, file], { env, encoding: "utf8" });
  const denied = isThere ? "ERR_ACCESS_DENIED" : "allowed";
  for (const thread of ["main", "guest"]) {
    for (const what of ["read", "write", "spawn"])
      expect(stdout).toContain(`${thread} ${what} ${denied}\n`);
    expect(stdout).toContain(`${thread} own allowed\n`);
  }
  const args = ["serve", "--port", "0", "--ctl", "none", "--runtime", "node"];
  const served = new Launcher(args);
  await served.serves();
  expect(commandOf(served.guestPid).includes("--permission")).toBe(isThere);
  const keeping = new Launcher([...args, "--data", temporaryDirectory()]);
  await keeping.serves();
  expect(commandOf(keeping.guestPid)).not.toContain("--permission");
  expect(nodeWall(["/a,b"])).toEqual([]);
});
