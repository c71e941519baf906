/** The server of a scene, started by the launcher, and the two users beside the IRC client. */
import { Launcher } from "../../support/launcher.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { connect, type Client } from "../conversations/support/client.js";
import { step, type Viewer } from "./step.js";

const LISTENING = /listening on \S*?:(\d+), \S*?:(\d+) \(IRC\)/;

/** A user of the line protocol, or a program that reads JSON. */
export class Person implements Viewer {
  #connection: Client | undefined;
  /** The bytes that the earlier connections received, as text. */
  #past = "";

  constructor(
    readonly name: string,
    /** The command that it sends before anything else, and the answer. */
    private readonly first?: readonly [string, RegExp],
  ) {}

  /** Connects, or connects again after a break, and takes its name. */
  async connect(port: number): Promise<void> {
    this.#past = this.text();
    this.#connection = await connect(port);
    if (this.first !== undefined)
      await step(() => this.say(this.first?.[0] ?? ""), [this, this.first[1]]);
    await step(() => this.say(`/nick ${this.name}`), [this, this.name]);
  }

  say(line: string): void {
    this.#connection?.say(line);
  }

  text(): string {
    return this.#past + (this.#connection?.heard.toString() ?? "");
  }
}

export class Stage {
  readonly bob = new Person("bob");
  readonly robot = new Person("robot", ["/style json2", /"type":"welcome"/]);

  private constructor(
    private readonly launcher: Launcher,
    readonly port: number,
    readonly ircPort: number,
  ) {}

  /** Starts the server. */
  static async start(): Promise<Stage> {
    const listeners = ["--listen", "127.0.0.1:0", "--listen-irc", "127.0.0.1:0"];
    const options = ["--style", "line", "--ctl", "none", "--data", temporaryDirectory()];
    const launcher = new Launcher(["serve", ...listeners, ...options]);
    const [, port, ircPort] = await launcher.says(LISTENING);
    return new Stage(launcher, Number(port), Number(ircPort));
  }

  /** Kills the server. The launcher starts it again at once, with the same listeners. */
  crash(): void {
    process.kill(this.launcher.guestPid, "SIGKILL");
  }

  /** Kills the server, and waits until it serves again. */
  async crashAndRestart(): Promise<void> {
    const server: Viewer = { name: "the launcher", text: () => this.launcher.stderr };
    await step(() => this.crash(), [server, LISTENING]);
  }
}
