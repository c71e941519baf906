/** Clients that are libraries: a small program of programs/ prints the events of each. */
import path from "node:path";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { npmPackages, pythonPackages } from "./packages.js";
import { Program, type Deed, type Driver, type RealClient, type Signs } from "./real_client.js";

const PROGRAMS = path.join(packageRoot, "tests/contract/irc_clients/programs");

interface Library {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  asksHistory?: boolean;
  signs: Signs;
}

class LibraryClient implements RealClient {
  readonly name: string;
  readonly signs: Signs;
  readonly getsReplay = false;
  readonly asksHistory: boolean;
  readonly comesBack = true;
  readonly endsFirst = false;
  #program: Program | undefined;

  constructor(private readonly library: Library) {
    this.name = library.name;
    this.signs = library.signs;
    this.asksHistory = library.asksHistory ?? false;
  }

  text(): string {
    return this.#program?.printed ?? "";
  }

  start(): void {
    const { command, args, env } = this.library;
    this.#program = new Program(command, args, env);
  }

  do(deed: Deed): void {
    this.#program?.type(`${JSON.stringify(deed)}\n`);
  }
}

const usersListed = (channel: string): RegExp => new RegExp(`^users ${channel} `, "m");

export const ircFramework: Driver = {
  name: "irc-framework",
  async find() {
    const packages = await npmPackages();
    return (port) =>
      new LibraryClient({
        name: "irc-framework",
        command: process.execPath,
        args: [path.join(PROGRAMS, "irc_framework.mjs"), packages, String(port)],
        asksHistory: true,
        signs: { registered: /^registered as/m, joined: usersListed, named: usersListed("#tea") },
      });
  },
};

export const matrixOrgIrc: Driver = {
  name: "matrix-org-irc",
  async find() {
    const packages = await npmPackages();
    return (port) =>
      new LibraryClient({
        name: "matrix-org-irc",
        command: process.execPath,
        args: [path.join(PROGRAMS, "matrix_org_irc.mjs"), packages, String(port)],
        signs: { registered: /^registered as/m, joined: usersListed, named: usersListed("#tea") },
      });
  },
};

export const pythonIrc: Driver = {
  name: "python-irc",
  async find() {
    const folder = await pythonPackages();
    const listed = (channel: string): RegExp => new RegExp(`^endofnames .*${channel}`, "m");
    return (port) =>
      new LibraryClient({
        name: "python-irc",
        command: "python3",
        args: [path.join(PROGRAMS, "python_irc.py"), String(port)],
        env: { PYTHONPATH: folder, PYTHONUTF8: "1" },
        signs: { registered: /^nomotd/m, joined: listed, named: listed("#tea") },
      });
  },
};
