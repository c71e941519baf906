/**
 * Runs a module with wasmtime alone: no launcher, a listener that wasmtime opens, and a stdin of
 * any kind.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { onTestFinished } from "vitest";
import { findModule, findProgram, packageRoot } from "../../../../host/launcher/base/programs.js";
import { until } from "../../../support/wait.js";
import { styleArguments } from "./server.js";
import { wasmtimePath } from "../../../support/wasmtime.js";
import { connect, type Client } from "./client.js";

/** How a shell gives it its stdin. What we type reaches it through the pipe and the terminal. */
const SHELL = {
  "/dev/null": 'exec "$0" "$@" < /dev/null',
  "a file": 'exec "$0" "$@" < package.json',
  "nothing at all": 'exec "$0" "$@" <&-',
  "a pipe": 'cat | "$0" "$@"',
  // script(1) runs it in a terminal of its own; a shell there splits the words again.
  "a terminal": 'exec script -qefc "$0 $*" /dev/null',
};

export type Stdin = keyof typeof SHELL;

export const hasTerminals =
  spawnSync("script", ["-qefc", "true", "/dev/null"], { stdio: "ignore" }).status === 0;

/** Starts it, and waits until it serves. */
export async function startByHand(
  name: string,
  stdin: Stdin,
  args: readonly string[] = [],
): Promise<HandRun> {
  const port = await freePort();
  const module = path.relative(packageRoot, findModule(findProgram(name)));
  const flags = ["-S", "preview2=n", "-S", `tcplisten=127.0.0.1:${port}`];
  const words = [...styleArguments(name, args), ...args];
  const child = spawn(
    "/bin/sh",
    ["-c", SHELL[stdin], wasmtimePath(), "run", ...flags, module, ...words],
    {
      cwd: packageRoot,
      // A group of its own, so that all of the pipeline can be ended.
      detached: true,
      env: { PATH: process.env["PATH"], RUST_BACKTRACE: "0" },
    },
  );
  const run = new HandRun(child, port);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(-(child.pid ?? NaN), "SIGKILL");
    await run.exited;
  });
  await run.shows(/listening on fd 3/);
  return run;
}

export class HandRun {
  /** Both outputs: a terminal does not keep them apart. */
  shown = "";
  readonly exited: Promise<number | null>;

  constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.shown += text));
    child.stdin?.on("error", () => undefined);
    this.exited = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  /** From now on nobody reads what it says. */
  readNoMore(): void {
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.removeAllListeners("data").pause();
  }

  async connect(): Promise<Client> {
    return connect(this.port);
  }

  async shows(pattern: RegExp): Promise<void> {
    await until(String(pattern), () => pattern.test(this.shown)).catch((error: unknown) => {
      throw new Error(`${String(error)}; it has shown: ${this.shown}`);
    });
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
