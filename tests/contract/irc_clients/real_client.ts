/** A real IRC client, as the scene drives it: it types commands, and reads what is displayed. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { onTestFinished } from "vitest";
import type { Viewer } from "./step.js";

/** A command that the user of a client gives: its name, a channel or nick, and its text. */
export type Deed =
  | readonly ["join" | "names" | "history", channel: string]
  | readonly ["say" | "act" | "tell" | "topic", target: string, text: string]
  | readonly ["kick", channel: string, nick: string, why: string]
  | readonly ["quit"];

/** Patterns of the lines by which a client shows how far it has come. */
export interface Signs {
  registered: RegExp;
  /** The last line that it displays after it has joined a channel. */
  joined(channel: string): RegExp;
  /** The answer to NAMES. */
  named: RegExp;
}

export interface RealClient extends Viewer {
  readonly signs: Signs;
  /** True if it displays the last lines of a channel when it joins, since it has server-time. */
  readonly getsReplay: boolean;
  /** True if it can ask for CHATHISTORY. */
  readonly asksHistory: boolean;
  /** True if it connects by itself after a break, and joins its channels. */
  readonly comesBack: boolean;
  /** True for tinyirc: after a break it would send JOIN for ever, since it is in two channels. */
  readonly endsFirst: boolean;
  /** Starts the program, which connects. Also starts it again after a break. */
  start(): void;
  do(deed: Deed): void;
}

/** Creates a client that connects to a port, and whose nick is the driver's name. */
export type Creator = (ircPort: number) => RealClient;

export interface Driver {
  readonly name: string;
  /**
   * Looks for the program.
   *
   * @throws {Error} saying why it is not there, or why its transcript is not one of this version
   */
  find(): Promise<Creator> | Creator;
}

/**
 * Checks that a program prints the version with which its transcript was made.
 *
 * @throws {Error} if there is no such program, or another version
 */
export function requireVersion(command: string, args: readonly string[], version: string): void {
  const { error, stdout } = spawnSync(command, args, { timeout: 5_000, encoding: "utf8" });
  if (error !== undefined) throw new Error(`there is no ${command} here`);
  if (!stdout.includes(version))
    throw new Error(`its transcript is of ${version}, and here is ${stdout.trim()}`);
}

/** A program that ends with the test, and all that it has printed. */
export class Program {
  readonly process: ChildProcess;
  printed = "";

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true });
    this.process = child;
    onTestFinished(() => {
      // The whole group: script(1) has children.
      if (child.pid !== undefined && child.exitCode === null) kill(-child.pid);
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (this.printed += text));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => (this.printed += String(error)));
  }

  type(text: string): void {
    this.process.stdin?.write(text);
  }
}

function kill(group: number): void {
  try {
    process.kill(group, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Returns how `/me` travels in IRC, for clients that have no such command. */
export function actionText(text: string): string {
  return `\x01ACTION ${text}\x01`;
}
