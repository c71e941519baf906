/** The configuration is read again while the server runs, by SIGHUP or by an operator. */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { ConsoleOutput } from "../../host/launcher/guest/console.js";
import type { ControlChannel } from "../../host/launcher/control/channel.js";
import { UserError } from "../../host/launcher/base/errors.js";
import { Log } from "../../host/launcher/guest/log.js";
import type { Configuration } from "../../host/launcher/options/resolve.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { Reloader } from "../../host/launcher/serve/reload.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { writeProgram } from "../support/fake_wasmtime.js";
import { descendantsOf, isAlive } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { wasmtimePath } from "../support/wasmtime.js";

interface Served {
  launcher: Launcher;
  port: number;
  /** Path of its configuration. */
  file: string;
  /** Writes the file anew. */
  write: (...lines: string[]) => void;
}

async function serving(runtime: string, ...lines: string[]): Promise<Served> {
  return servingFrom(packageRoot, runtime, ...lines);
}

/** @param root the directory of the package that serves */
async function servingFrom(root: string, runtime: string, ...lines: string[]): Promise<Served> {
  const file = path.join(temporaryDirectory(), "pollcast.toml");
  const write = (...content: string[]): void => fs.writeFileSync(file, content.join("\n"));
  write(...lines);
  const args = ["--port", "0", "--runtime", runtime, "--config", file];
  const command = [process.execPath, path.join(root, "bin", "pollcast.mjs")] as const;
  const launcher = new Launcher(["serve", ...args], { command: [...command] });
  return { launcher, port: await launcher.serves(), file, write };
}

/** A copy of what is needed to serve, which a test may spoil. @returns its root */
function packageCopy(): string {
  const root = temporaryDirectory();
  for (const name of ["package.json", "bin", "dist", "build/chat.wasm"]) {
    fs.cpSync(path.join(packageRoot, name), path.join(root, name), { recursive: true });
  }
  fs.symlinkSync(path.join(packageRoot, "node_modules"), path.join(root, "node_modules"));
  return root;
}

/** The answer to the command that follows the one under test. */
const NOBODY = "nobody is called nobody\n";

/** Returns the console's answer to a command. */
async function asked(launcher: Launcher, command: string): Promise<string> {
  const before = launcher.stdout.length;
  launcher.type(`${command}\nkick nobody\n`);
  await until("an answer", () => launcher.stdout.slice(before).endsWith(NOBODY));
  return launcher.stdout.slice(before, -NOBODY.length);
}

test.each(["node", "wasmtime"])(
  "on %s, SIGHUP changes what is live, names what is not, and closes nobody",
  async (runtime) => {
    const lines = ['style = "tutorial"', "rate = 20", 'time-zone = "+01:00"'];
    const { launcher, port, write } = await serving(runtime, ...lines);
    const ann = await connect(port, { name: "client-1" });
    write('style = "tutorial"', "rate = 7", "max-line = 16", "drain-seconds = 3");
    launcher.process.kill("SIGHUP");
    await launcher.says(/reload: time-zone needs a restart to become UTC \(\+01:00 now\)/);
    await launcher.says(/reload: rate is 7 now \(was 20\)/);
    await launcher.says(/reload: drain-seconds is 3 now \(was 0\)/);
    expect(await asked(launcher, "limits")).toMatch(/^rate +7 /m);
    ann.say("still here");
    await ann.expectSaid("client-1", "still here");
    ann.say("a line of more than 16 bytes");
    await ann.expectBytes("* a line may have 16 bytes: yours was longer and was not sent\n");
    expect(launcher.stderr).not.toContain("gone");

    // It is the same for the next guest, if this one dies.
    process.kill(launcher.guestPid, "SIGKILL");
    await launcher.says(/restarting now\n(.*\n)*.*listening on/);
    expect(await asked(launcher, "limits")).toMatch(/^rate +7 /m);
    expect(await asked(launcher, "limits")).toMatch(/^time-zone +\+01:00 /m);
  },
  40_000,
);

test("a bad file changes nothing, and every mistake is named", async () => {
  const { launcher, write } = await serving("node", "rate = 20");
  write("rate = 7", "burst = 1", "colour = 3");
  launcher.process.kill("SIGHUP");
  await launcher.says(/reload: \S+:2: burst 1 is not a whole number from 4 to 1000000\n/);
  await launcher.says(/reload: \S+:3: there is no option "colour"\n/);
  await launcher.says(/reload: nothing has been changed\n/);
  write("soft-limit = 2000", "hard-limit = 1999");
  const answer = await asked(launcher, "reload");
  expect(answer).toBe(
    "option --soft-limit must not exceed --hard-limit\nnothing has been changed\n",
  );
  expect(await asked(launcher, "limits")).toMatch(/^rate +20 /m);
  expect(await asked(launcher, "limits")).toMatch(/^hard-limit +1048576 /m);
});

test("options that depend on each other are changed in whatever order they allow", async () => {
  const { launcher, write } = await serving("node");
  write("soft-limit = 2000000", "hard-limit = 3000000");
  expect((await asked(launcher, "reload")).split("\n").sort()).toEqual([
    "",
    "hard-limit is 3000000 now (was 1048576)",
    "soft-limit is 2000000 now (was 262144)",
  ]);
  write("");
  expect((await asked(launcher, "reload")).split("\n").sort()).toEqual([
    "",
    "hard-limit is 1048576 now (was 3000000)",
    "soft-limit is 262144 now (was 2000000)",
  ]);
  expect(await asked(launcher, "reload")).toBe("nothing has changed\n");
});

const WASM_BEGINNING = Buffer.from("0061736d01000000", "hex");

interface Spoilt {
  what: string;
  /** @param module path of the chat's module @param file path of the configuration */
  spoil: (module: string, file: string) => void;
  says: RegExp;
}

const SPOILT: readonly Spoilt[] = [
  {
    what: "the module is missing",
    spoil: (module) => fs.rmSync(module),
    says: /chat\.wasm cannot be used \(ENOENT: /,
  },
  {
    what: "the module is a directory",
    spoil: (module) => {
      fs.rmSync(module);
      fs.mkdirSync(module);
    },
    says: /chat\.wasm cannot be used \(EISDIR: /,
  },
  {
    what: "the module is empty",
    spoil: (module) => fs.truncateSync(module),
    says: /chat\.wasm cannot be used \(/,
  },
  {
    what: "the module is half written",
    spoil: (module) => fs.truncateSync(module, Math.floor(fs.statSync(module).size / 2)),
    says: /chat\.wasm cannot be used \(/,
  },
  {
    what: "the module is another",
    spoil: (module) => fs.writeFileSync(module, WASM_BEGINNING),
    says: /chat\.wasm cannot be used \(the module exports no memory\)/,
  },
  {
    what: "the file is missing",
    spoil: (_, file) => fs.rmSync(file),
    says: /pollcast\.toml cannot be read \(ENOENT\)/,
  },
  {
    what: "the file is a directory",
    spoil: (_, file) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
    says: /pollcast\.toml cannot be read \(EISDIR\)/,
  },
  {
    what: "the file is half written",
    spoil: (_, file) => fs.writeFileSync(file, "rate = "),
    says: /pollcast\.toml:1: /,
  },
  {
    what: "the file is nested without end",
    spoil: (_, file) => fs.writeFileSync(file, `rate = ${"[".repeat(100_000)}`),
    says: /pollcast\.toml:1: .*nested/,
  },
];

test.each(SPOILT)(
  "SIGHUP while $what is refused, and people chat on",
  async ({ spoil, says }) => {
    const root = packageCopy();
    const { launcher, port, file } = await servingFrom(root, "node", 'style = "tutorial"');
    const ann = await connect(port, { name: "client-1" });
    spoil(path.join(root, "build", "chat.wasm"), file);
    // The second finds the first at work.
    launcher.process.kill("SIGHUP");
    launcher.process.kill("SIGHUP");
    await launcher.says(says);
    await launcher.says(/reload: nothing has been changed\n/);
    ann.say("still here");
    await ann.expectSaid("client-1", "still here");
    expect(await asked(launcher, "reload")).toMatch(/nothing has been changed\n$/);
    expect(launcher.process.exitCode).toBe(null);
    expect(launcher.stderr).not.toMatch(/ {4}at |mistake of pollcast/);
  },
  30_000,
);

test("of reloads that are asked for at once, one is done", async () => {
  let reads = 0;
  const reloader = new Reloader({
    configuration: { chosen: new Map(), chatArguments: [] } as unknown as Configuration,
    reread: () => {
      reads++;
      throw new UserError("E_USAGE", "a mistake");
    },
    module: "none.wasm",
    channel: undefined as unknown as ControlChannel,
    log: new Log(new ConsoleOutput(new PassThrough().resume()), false),
  });
  const answers = await Promise.all(Array.from({ length: 100 }, () => reloader.reload()));
  expect(reads).toBe(1);
  expect(new Set(answers).size).toBe(1);
  await reloader.reload();
  expect(reads).toBe(2);
});

test("SIGHUP while it starts is a reload once it serves, and ends nothing", async () => {
  const root = temporaryDirectory();
  const [asked, go, file] = ["asked", "go", "pollcast.toml"].map((name) => path.join(root, name));
  fs.writeFileSync(String(file), "rate = 7");
  // A wasmtime that takes its time to say what it is.
  const waits = `touch ${asked}; while [ ! -e ${go} ]; do sleep 0.02; done`;
  const slow = `#!/bin/sh\n${waits}\nexec ${wasmtimePath()} "$@"\n`;
  const env = { WASMTIME: writeProgram(path.join(root, "wasmtime"), slow) };
  const args = ["serve", "--port", "0", "--runtime", "wasmtime", "--config", String(file)];
  const launcher = new Launcher(args, { env });
  await until("it has begun", () => fs.existsSync(String(asked)));
  launcher.process.kill("SIGHUP");
  launcher.process.kill("SIGHUP");
  fs.writeFileSync(String(go), "");
  await launcher.says(/reload: nothing has changed\n/);
  await launcher.serves();
}, 60_000);

test("what was missing is read once it is back", async () => {
  const root = packageCopy();
  const { launcher, write } = await servingFrom(root, "node", "rate = 20");
  write("rate = 7");
  const paths = ["build/chat.wasm", "dist/chat_options.json"].map((name) => path.join(root, name));
  for (const at of paths) fs.renameSync(at, `${at}.away`);
  launcher.process.kill("SIGHUP");
  await launcher.says(/reload: nothing has been changed\n/);
  for (const at of paths) fs.renameSync(`${at}.away`, at);
  for (let times = 0; times < 3; times++) launcher.process.kill("SIGHUP");
  await launcher.says(/reload: rate is 7 now \(was 20\)\n/);
  expect(await asked(launcher, "limits")).toMatch(/^rate +7 /m);
});

test("without the table of options, which is known, it reloads as ever", async () => {
  const root = packageCopy();
  const { launcher, write } = await servingFrom(root, "node", "rate = 20");
  write("rate = 7");
  fs.rmSync(path.join(root, "dist/chat_options.json"));
  expect(await asked(launcher, "reload")).toBe("rate is 7 now (was 20)\n");
});

test("without a file, SIGHUP stops as it always did", async () => {
  const launcher = new Launcher(["serve", "--port", "0", "--runtime", "node"]);
  await launcher.serves();
  launcher.process.kill("SIGHUP");
  expect((await launcher.ended).code).toBe(0);
});

test("an operator elsewhere reloads with ctl, and the log says the same", async () => {
  const directory = temporaryDirectory();
  const [file, ctl] = [path.join(directory, "pollcast.toml"), path.join(directory, "ctl.sock")];
  fs.writeFileSync(file, "rate = 20");
  const args = ["serve", "--port", "0", "--runtime", "node", "--config", file, "--ctl", ctl];
  const launcher = new Launcher([...args, "--log-format", "json"]);
  await launcher.says(/"event":"listening"/);
  fs.writeFileSync(file, "rate = 7");
  const { code, stdout } = await pollcast(["ctl", "--socket", ctl, "reload"]);
  expect([code, stdout]).toEqual([0, "rate is 7 now (was 20)\n"]);
  const [line] = await launcher.says(/\{.*"event":"reload".*\}/);
  expect(JSON.parse(line)).toMatchObject({
    ...{ level: "info", event: "reload", message: "reload: rate is 7 now (was 20)" },
  });
  expect((await pollcast(["ctl", "--socket", ctl, "help"])).stdout).toMatch(/^reload /m);
});

const script = spawnSync("script", ["--version"]).status === 0;

test.skipIf(!script)(
  "in a terminal, SIGHUP reloads; but when that has gone, it stops",
  async () => {
    const file = path.join(temporaryDirectory(), "pollcast.toml");
    fs.writeFileSync(file, "rate = 20");
    const serve = `serve --port 0 --runtime node --config ${file}`;
    const command = `exec ${process.execPath} bin/pollcast.mjs ${serve}`;
    const terminal = spawn("script", ["-qefc", command, "/dev/null"], {
      ...{ cwd: packageRoot, stdio: ["pipe", "pipe", "inherit"] },
      env: { ...process.env, SHELL: "/bin/sh", POLLCAST_LOG_FORMAT: "text" },
    });
    let shown = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    onTestFinished(() => void terminal.kill("SIGKILL"));
    await until("it serves", () => shown.includes("listening on"));
    const all = descendantsOf(terminal.pid ?? 0);
    const [launcher = NaN] = all;
    fs.writeFileSync(file, "rate = 7");
    process.kill(launcher, "SIGHUP");
    await until("it has reloaded", () => shown.includes("rate is 7 now (was 20)"));
    expect(all.filter(isAlive)).toEqual(all);
    terminal.kill("SIGKILL");
    await until("all have ended", () => !all.some(isAlive));
  },
);
