/** ii, sic and tinyirc: small clients that read commands from a pipe or from files. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { withoutCodes } from "./normalised.js";
import { temporaryDirectory } from "../../support/temporary.js";
import {
  actionText,
  Program,
  requireVersion,
  type Deed,
  type Driver,
  type RealClient,
} from "./real_client.js";

const HOST = "127.0.0.1";

abstract class SmallClient implements RealClient {
  readonly getsReplay = false;
  readonly asksHistory = false;
  readonly comesBack = false;
  readonly endsFirst: boolean = false;
  readonly signs = {
    registered: /no message of the day/,
    joined: (channel: string) => new RegExp(`${channel}\\W+End of /NAMES`),
    named: /End of \/NAMES/,
  };

  constructor(readonly name: string) {}

  abstract text(): string;
  abstract start(): void;
  abstract do(deed: Deed): void;
}

/** Reads commands from stdin, and prints everything on stdout. */
class PipeClient extends SmallClient {
  #program: Program | undefined;
  #past = "";

  constructor(
    name: string,
    private readonly args: readonly string[],
    private readonly lineFor: (deed: Deed) => string,
    override readonly endsFirst: boolean,
  ) {
    super(name);
  }

  text(): string {
    return this.#past + withoutCodes(this.#program?.printed ?? "");
  }

  start(): void {
    this.#past = this.#program === undefined ? "" : `${this.text()}\n(started again)\n`;
    const [command = "", ...args] = this.args;
    this.#program = new Program(command, args);
  }

  do(deed: Deed): void {
    this.#program?.type(`${this.lineFor(deed)}\n`);
  }
}

/** Returns the line of IRC for a deed. */
function rawLine(deed: Deed): string {
  switch (deed[0]) {
    case "join":
    case "names":
      return `${deed[0].toUpperCase()} ${deed[1]}`;
    case "history":
      return `CHATHISTORY LATEST ${deed[1]} * 5`;
    case "say":
    case "tell":
      return `PRIVMSG ${deed[1]} :${deed[2]}`;
    case "act":
      return `PRIVMSG ${deed[1]} :${actionText(deed[2])}`;
    case "topic":
      return `TOPIC ${deed[1]} :${deed[2]}`;
    case "kick":
      return `KICK ${deed[1]} ${deed[2]} :${deed[3]}`;
    case "quit":
      return "QUIT :good night";
  }
}

function sicLine(deed: Deed): string {
  if (deed[0] === "join") return `:j ${deed[1]}`;
  if (deed[0] === "say" || deed[0] === "tell") return `:m ${deed[1]} ${deed[2]}`;
  return `:${rawLine(deed)}`;
}

function tinyircLine(deed: Deed): string {
  switch (deed[0]) {
    case "act":
      return `/msg ${deed[1]} ${actionText(deed[2])}`;
    case "say":
    case "tell":
      return `/msg ${deed[1]} ${deed[2]}`;
    case "quit":
      return "/quit good night";
    case "topic":
    case "kick":
      // It puts the colon there itself.
      return `/${rawLine(deed).replace(" :", " ")}`;
    case "join":
    case "names":
    case "history":
      return `/${rawLine(deed)}`;
  }
}

class Ii extends SmallClient {
  readonly #folder = temporaryDirectory();

  constructor(
    name: string,
    private readonly port: number,
  ) {
    super(name);
  }

  #at(...names: string[]): string {
    return path.join(this.#folder, HOST, ...names);
  }

  text(): string {
    const outs = fs
      .readdirSync(this.#folder, { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === "out");
    return outs
      .sort()
      .map((file) => `== ${file}\n${fs.readFileSync(path.join(this.#folder, file), "utf8")}`)
      .join("\n");
  }

  start(): void {
    new Program("ii", ["-s", HOST, "-p", String(this.port), "-n", this.name, "-i", this.#folder]);
  }

  do(deed: Deed): void {
    const [verb, target = ""] = deed;
    if (verb === "join") this.#write("in", `/j ${target}`);
    else if (verb === "say") this.#write(path.join(target, "in"), deed[2]);
    else if (verb === "topic") this.#write(path.join(target, "in"), `/t ${deed[2]}`);
    else this.#write("in", `/${rawLine(deed)}`);
  }

  #write(file: string, line: string): void {
    fs.appendFileSync(this.#at(file), `${line}\n`);
  }
}

/** Checks that a small client is the one of Debian: it prints no version that could be read. */
function requirePackage(program: string, version: string): void {
  if (spawnSync(program, ["-v"], { timeout: 5_000 }).error !== undefined)
    throw new Error(`there is no ${program} here`);
  requireVersion("dpkg-query", ["-W", "-f", "${Version}", program], version);
}

export const sic: Driver = {
  name: "sic",
  find() {
    requirePackage("sic", "1.1");
    const args = (port: number) => ["sic", "-h", HOST, "-p", String(port), "-n", "sic"];
    return (port) => new PipeClient("sic", args(port), sicLine, false);
  },
};

export const tinyirc: Driver = {
  name: "tinyirc",
  find() {
    requirePackage("tinyirc", "1.1");
    // It does not connect without a TERM. On stderr it only names the user of the machine.
    const unbuffered = [
      "sh",
      "-c",
      'TERM=dumb exec stdbuf -o0 tinyirc --dumb "$@" 2>/dev/null',
      "sh",
    ];
    return (port) =>
      new PipeClient("tinyirc", [...unbuffered, "tinyirc", HOST, String(port)], tinyircLine, true);
  },
};

export const ii: Driver = {
  name: "ii",
  find() {
    requirePackage("ii", "1.8");
    return (port) => new Ii("ii", port);
  },
};
