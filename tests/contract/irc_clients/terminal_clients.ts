/** irssi, on a terminal of its own, and WeeChat without one: both write what they display to logs. */
import fs from "node:fs";
import path from "node:path";
import { hasTerminal } from "../../support/terminal.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { Program, requireVersion, type Deed, type Driver, type RealClient } from "./real_client.js";

const HOST = "127.0.0.1";

/** Returns what a user types for a deed, in the window of its channel. */
function typed(deed: Deed): string {
  switch (deed[0]) {
    case "join":
    case "names":
      return `/${deed[0]} ${deed[1]}`;
    case "history":
      return `/quote CHATHISTORY LATEST ${deed[1]} * 5`;
    case "say":
      return deed[2];
    case "act":
      return `/me ${deed[2]}`;
    case "tell":
      return `/msg ${deed[1]} ${deed[2]}`;
    case "topic":
      return `/topic ${deed[1]} ${deed[2]}`;
    case "kick":
      return `/kick ${deed[1]} ${deed[2]} ${deed[3]}`;
    case "quit":
      return "/quit good night";
  }
}

class Irssi implements RealClient {
  readonly name = "irssi";
  readonly getsReplay = true;
  readonly asksHistory = false;
  readonly comesBack = true;
  readonly endsFirst = false;
  readonly signs = {
    registered: /Your user mode is/,
    joined: (channel: string) => new RegExp(`Join to ${channel} was synced`),
    named: /tea: Total of/,
  };
  readonly #home = temporaryDirectory();
  #program: Program | undefined;

  constructor(private readonly port: number) {}

  get #log(): string {
    return path.join(this.#home, "displayed.log");
  }

  text(): string {
    return fs.existsSync(this.#log) ? fs.readFileSync(this.#log, "utf8") : "";
  }

  start(): void {
    const commands = [
      "set paste_detect_time 0",
      "set log_timestamp",
      "set cmd_queue_speed 1msec",
      "set cmds_max_at_once 100",
      "set show_server_time ON",
      "set group_multi_mode OFF",
      "set server_reconnect_time 1sec",
      "set user_name irssi",
      "set real_name a real client",
      `log open -- ${this.#log} ALL`,
      `connect -notls ${HOST} ${this.port}`,
    ];
    fs.writeFileSync(path.join(this.#home, "startup"), `${commands.join("\n")}\n`);
    const command = `stty cols 100 rows 40; exec irssi --home=${this.#home} -n irssi`;
    const env = { TERM: "xterm", SHELL: "/bin/sh", LC_ALL: "C.UTF-8", TZ: "UTC" };
    this.#program = new Program("script", ["-qefc", command, "/dev/null"], env);
  }

  do(deed: Deed): void {
    if (deed[0] === "say" || deed[0] === "act") this.#program?.type(`/window goto ${deed[1]}\r`);
    this.#program?.type(`${typed(deed)}\r`);
  }
}

class WeeChat implements RealClient {
  readonly name = "weechat";
  readonly getsReplay = true;
  readonly asksHistory = false;
  readonly comesBack = true;
  readonly endsFirst = false;
  readonly signs = {
    registered: /User mode for weechat|no message of the day/i,
    joined: (channel: string) => new RegExp(`Channel ${channel}: \\d+ nick`),
    named: /Channel #tea: \d+ nick/,
  };
  readonly #folder = temporaryDirectory();

  constructor(private readonly port: number) {}

  text(): string {
    const logs = path.join(this.#folder, "logs");
    if (!fs.existsSync(logs)) return "";
    return fs
      .readdirSync(logs)
      .filter((file) => file.startsWith("irc."))
      .sort()
      .map((file) => `== ${file}\n${fs.readFileSync(path.join(logs, file), "utf8")}`)
      .join("\n");
  }

  start(): void {
    const commands = [
      "/set logger.file.flush_delay 0",
      "/set logger.level.irc 9",
      '/set logger.file.time_format ""',
      "/set irc.server_default.autoreconnect_delay 1",
      "/set irc.server_default.anti_flood_prio_high 0",
      "/set irc.server_default.username weechat",
      '/set irc.server_default.realname "a real client"',
      `/server add pollcast ${HOST}/${this.port} -notls -nicks=weechat`,
      "/connect pollcast",
    ];
    const args = ["-d", this.#folder, "--stdout", "-P", "irc,fifo,logger"];
    new Program("weechat-headless", [...args, ...commands.flatMap((each) => ["-r", each])], {
      LC_ALL: "C.UTF-8",
      TZ: "UTC",
    });
  }

  do(deed: Deed): void {
    const isInChannel = deed[0] === "say" || deed[0] === "act";
    const buffer = isInChannel ? `irc.pollcast.${deed[1]}` : "irc.server.pollcast";
    const fifo = fs.readdirSync(this.#folder).find((name) => name.startsWith("weechat_fifo_"));
    fs.appendFileSync(path.join(this.#folder, fifo ?? "none"), `${buffer} *${typed(deed)}\n`);
  }
}

export const irssi: Driver = {
  name: "irssi",
  find() {
    if (!hasTerminal) throw new Error("there is no script(1) here, which provides its terminal");
    requireVersion("irssi", ["--version"], "irssi 1.4");
    return (port) => new Irssi(port);
  },
};

export const weechat: Driver = {
  name: "weechat",
  find() {
    requireVersion("weechat-headless", ["--version"], "3.8");
    return (port) => new WeeChat(port);
  },
};
