/** The precedence of flags, environment, configuration file and defaults, and errors in them. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { chatSettings } from "../../host/launcher/options/chat.js";
import { listeningSettings, servingSettings } from "../../host/launcher/options/launcher.js";
import { type Configuration, resolve, type Sources } from "../../host/launcher/options/resolve.js";
import { showConfiguration } from "../../host/launcher/options/show.js";
import { pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";

const settings = [...listeningSettings, ...servingSettings, ...chatSettings()];

function configFile(content: string): string {
  const file = path.join(temporaryDirectory(), "pollcast.toml");
  fs.writeFileSync(file, content);
  return file;
}

function resolved(sources: Partial<Sources>): Configuration {
  return resolve(settings, { flags: new Map(), environment: {}, ...sources });
}

/** Each line without the directory of the file. */
function mistakesIn(sources: Partial<Sources>): string[] {
  try {
    resolved(sources);
  } catch (error) {
    return (error as Error).message.split("\n").map((line) => line.replace(/^\S*\//, ""));
  }
  return [];
}

describe("precedence", () => {
  const file = (): string => configFile("port = 1\nrate = 1\nburst = 101\nhost = '::1'\n");
  const environment = { POLLCAST_PORT: "2", POLLCAST_RATE: "2" };
  const flags = new Map([["port", ["3"]]]);

  test("a flag goes before the environment, that before the file, that before the default", () => {
    const { chosen, options, chatArguments } = resolved({ file: file(), environment, flags });
    const whereOf = (name: string) => chosen.get(name)?.where.replace(/^\S*\//, "");
    expect(options).toMatchObject({ port: 3, host: "::1", maxMemory: 512 });
    expect(chatArguments).toEqual(["--rate", "2", "--burst", "101"]);
    expect(["port", "rate", "burst", "max-line"].map(whereOf)).toEqual([
      "--port",
      "POLLCAST_RATE",
      "pollcast.toml:3",
      "default",
    ]);
  });

  test("an empty variable is none", () => {
    expect(resolved({ environment: { POLLCAST_PORT: "" } }).options.port).toBe(9999);
  });

  test("a list replaces a list", () => {
    const places = configFile('listen = ["127.0.0.1:1", "127.0.0.1:2"]');
    const from = { file: places, environment: { POLLCAST_LISTEN: "127.0.0.1:3,[::1]:4" } };
    expect(resolved(from).options.listen).toEqual([
      { host: "127.0.0.1", port: 3 },
      { host: "::1", port: 4 },
    ]);
  });

  test("of --listen and --port, the one from the stronger source counts", () => {
    const places = configFile('listen = "127.0.0.1:1"\nlisten-proxy = "127.0.0.1:2"');
    const stronger = resolved({ file: places, flags });
    expect(stronger.options).toMatchObject({ port: 3 });
    expect(stronger.chosen.has("listen") || stronger.chosen.has("listen-proxy")).toBe(false);
    const weaker = resolved({ file: file(), environment: { POLLCAST_LISTEN: "127.0.0.1:1" } });
    expect(weaker.options).toMatchObject({ port: 9999, listen: [{ port: 1 }] });
  });

  test("what is on can be put off, and what is off on", () => {
    const { options } = resolved({ file: configFile("precompile = false\nsetup = true") });
    expect(options).toMatchObject({ precompile: false, setup: true });
  });
});

describe("mistakes", () => {
  test("all are named at once, each with its place", () => {
    const file = configFile(
      [
        "port = 70000",
        "max-lin = 3",
        'style = "loud"',
        "history = 1.5",
        'proxy-from = ["::1", "x"]',
        'setup = "yes"',
        "host = 7",
        "listen = [1]",
        'rate = "5"',
        "[measures]",
      ].join("\n"),
    );
    expect(mistakesIn({ file, environment: { POLLCAST_BURST: "3" } })).toEqual([
      "pollcast.toml:1: port 70000 is not a whole number from 0 to 65535",
      'pollcast.toml:2: there is no option "max-lin"',
      'pollcast.toml:3: style "loud" is not line, json, json2 or tutorial',
      "pollcast.toml:4: history 1.5 is not a whole number from 0 to 10000",
      'pollcast.toml:5: proxy-from "x" is not an address or a network such as 10.0.0.0/8',
      "pollcast.toml:6: setup takes true or false, without quotes",
      'pollcast.toml:7: host takes a text, in quotes: "..."',
      'pollcast.toml:8: listen takes a text or several: ["...", "..."]',
      "pollcast.toml:9: rate takes a number, without quotes",
      'pollcast.toml:10: there is no option "measures"',
      'POLLCAST_BURST "3" is not a whole number from 4 to 1000000',
    ]);
  });

  test.each([
    ["port = ", "pollcast.toml:2: "],
    ["port = 1\nport = 2", "pollcast.toml:3: "],
    ["[", "pollcast.toml:2: "],
  ])("what is no TOML has a place: %j", (text, place) => {
    const [mistake, ...more] = mistakesIn({ file: configFile(`# a comment\n${text}`) });
    expect(mistake).toMatch(new RegExp(`^${place}.`));
    expect(more).toEqual([]);
  });

  test("a file that is not there is a mistake", () => {
    expect(mistakesIn({ file: "/nowhere/pollcast.toml" })).toEqual([
      "pollcast.toml cannot be read (ENOENT)",
    ]);
  });

  test("one source cannot say both --listen and --port", () => {
    const file = configFile('port = 7\nlisten-proxy = "[::1]:8"');
    expect(mistakesIn({ file })[0]).toMatch(/:2: listen-proxy stands instead of \S+:1: port: /);
    const flags = new Map([
      ["listen", ["127.0.0.1:1"]],
      ["host", ["::1"]],
    ]);
    expect(mistakesIn({ flags })).toEqual([
      "--listen stands instead of --host: leave one of them out",
    ]);
  });

  test("serve says them all, with code 64, and starts nothing", async () => {
    const file = configFile("port = 0\nrate = -1\nburst = 1\n");
    const { code, stdout, stderr } = await pollcast(["serve"], { env: { POLLCAST_CONFIG: file } });
    expect(stderr).toBe(
      `pollcast: ${file}:2: rate -1 is not a whole number from 0 to 1000000\n` +
        `pollcast: ${file}:3: burst 1 is not a whole number from 4 to 1000000\n`,
    );
    expect([code, stdout]).toEqual([64, ""]);
  });
});

describe("config check", () => {
  test("shows what would be used and where it is from, as a file that says the same", async () => {
    const file = configFile(
      'rate = 007\nstyle = "json"\nlisten = ["[::1]:7000"]\n'.replace("00", ""),
    );
    const args = ["config", "check", "--config", file, "--burst", "0500"];
    const { code, stdout, stderr } = await pollcast(args, { env: { POLLCAST_HISTORY: "30" } });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^rate = 7 +# \S+pollcast\.toml:1$/m);
    expect(stdout).toMatch(/^style = "json" +# \S+pollcast\.toml:2$/m);
    expect(stdout).toMatch(/^listen = \["\[::1\]:7000"\] +# \S+pollcast\.toml:3$/m);
    expect(stdout).toMatch(/^burst = 500 +# --burst$/m);
    expect(stdout).toMatch(/^history = 30 +# POLLCAST_HISTORY$/m);
    expect(stdout).toMatch(/^max-line = 4096 +# default$/m);
    expect(stdout).not.toMatch(/^(host|port) = /m);
    const again = resolved({ file: configFile(stdout) });
    const values = (text: string) => text.replaceAll(/ +# .*/g, "");
    expect(values(showConfiguration(again))).toBe(values(stdout));
  });

  test("does not show passwords", async () => {
    const file = configFile('irc-password = "hunter2"\n');
    const args = ["config", "check", "--config", file, "--irc-oper", "boss:sesame"];
    const { stdout } = await pollcast(args);
    expect(stdout).toMatch(/^# irc-password is set +# \S+pollcast\.toml:1$/m);
    expect(stdout).toMatch(/^# irc-oper is set +# --irc-oper$/m);
    expect(stdout).not.toMatch(/hunter2|sesame/);
  });

  test("names what looks like an option in the environment and is none", async () => {
    const env = { POLLCAST_MAX_LINES: "3", POLLCAST_RATE: "3" };
    const { code, stderr } = await pollcast(["config", "check"], { env });
    expect(stderr).toBe("pollcast: POLLCAST_MAX_LINES in the environment is no option\n");
    expect(code).toBe(0);
  });

  test("asks the module what the launcher cannot know", async () => {
    const { code, stdout, stderr } = await pollcast([
      ...["config", "check", "--soft-limit", "2000", "--hard-limit", "1999"],
    ]);
    expect(stderr).toBe("pollcast: option --soft-limit must not exceed --hard-limit\n");
    expect([code, stdout]).toEqual([64, ""]);
  });
});
