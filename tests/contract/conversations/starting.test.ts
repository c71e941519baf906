/** The common behaviour of all programs: how they start, and how they refuse to start. */
import { describe, expect, test } from "vitest";
import { componentRuntime, exitCode, has } from "../../support/runtime.js";
import { launchProgram, startProgram, type Server } from "./support/server.js";

const PROGRAMS = [
  { name: "echo", says: "echo", words: [] },
  { name: "chat-v0", says: "chat_v0", words: [] },
  { name: "chat-v1", says: "chat_v1", words: [] },
  { name: "chat-v2", says: "chat_v2", words: [] },
  { name: "chat-v3", says: "chat_v3", words: [] },
  { name: "chat", says: "chat", words: [] },
  { name: "io-models", says: "io_models", words: ["multiplexed"] },
];

const isComponent = componentRuntime() !== undefined;
const HOW = isComponent ? "say where, --listen " : "start with -S tcplisten=";

async function refusal(server: Server): Promise<{ code: number | null; stderr: string }> {
  const { code } = await server.exited;
  return { code, stderr: server.stderr };
}

describe.each(PROGRAMS)("$name", ({ name, says, words }) => {
  test("says first where it listens, by the name that it was told", async () => {
    const server = await startProgram(name, [...words, "--address", "[::1]:1234"]);
    expect(server.stderr).toMatch(new RegExp(`^${says}: listening on \\[::1\\]:1234[ ,\n]`));
  });

  test("calls the listener by what it knows of it when it was told no name", async () => {
    const server = await startProgram(name, words, { plain: true });
    const known = isComponent ? server.address : "fd 3";
    expect(server.stderr).toMatch(new RegExp(`^${says}: listening on ${known}[ ,\n]`));
  });

  test("without a listener it says how to start it, and ends with 69", async () => {
    const server = await launchProgram(name, words, { listeners: 0 });
    const { code, stderr } = await refusal(server);
    expect(stderr).toMatch(
      new RegExp(`^${says}: no listener: ${HOW}127\\.0\\.0\\.1:9999[^\n]*\n$`),
    );
    expect(code).toBe(exitCode(69));
  });

  test("an option that it does not know is named in one line, and it ends with 64", async () => {
    const server = await launchProgram(name, [...words, "--speed", "9"]);
    expect(await refusal(server)).toEqual({
      code: exitCode(64),
      stderr: `${says}: unknown option --speed: see --help\n`,
    });
  });

  test("an option without its value is named in one line, and it ends with 64", async () => {
    const server = await launchProgram(name, [...words, "--address"], { plain: true });
    expect(await refusal(server)).toEqual({
      code: exitCode(64),
      stderr: `${says}: option --address needs a value: --address TEXT\n`,
    });
  });

  test("--help lists the options on stdout, and it ends with 0", async () => {
    const server = await launchProgram(name, ["--help"], { plain: true });
    await server.prints(/^usage: /);
    await server.prints(/--stop-at-eof +stops when stdin ends/);
    expect(await refusal(server)).toEqual({ code: 0, stderr: "" });
  });
});

test.each(["echo", "chat-v0", "chat-v1", "chat-v2", "chat-v3", "chat"])(
  "%s takes no words",
  async (name) => {
    const server = await launchProgram(name, ["loudly"]);
    const { code, stderr } = await refusal(server);
    expect(stderr).toMatch(/^\w+: unexpected argument loudly: see --help\n$/);
    expect(code).toBe(exitCode(64));
  },
);

test.each([[[]], [["telepathic"]], [["blocking", "nonblocking"]], [[""]], [["multi"]]])(
  "io-models %j names the models that there are, and ends with 64",
  async (words) => {
    const server = await launchProgram("io-models", words);
    expect(await refusal(server)).toEqual({
      code: exitCode(64),
      stderr: "io_models: which model? One of blocking|nonblocking|multiplexed|asynchronous\n",
    });
  },
);

if (has("a module untried"))
  describe("the chat's options are checked at their bounds", () => {
    const bounds = [
      { option: "--max-line", least: 16, most: 16_384 },
      { option: "--max-clients", least: 1, most: 100_000 },
      { option: "--max-rooms", least: 1, most: 100_000 },
      { option: "--history", least: 0, most: 10_000 },
      { option: "--replay", least: 0, most: 1000 },
      { option: "--announce", least: 0, most: 10_000 },
      { option: "--soft-seconds", least: 1, most: 3600 },
      { option: "--hard-limit", least: 1024, most: 268_435_456 },
      { option: "--soft-limit", least: 1024, most: 67_108_864 },
    ];

    test.each(bounds)("$option takes $least and $most", async ({ option, least, most }) => {
      // The soft limit must stay below the hard one, whichever of them moves.
      const rest: Record<string, string[]> = {
        "--soft-limit": ["--hard-limit", "268435456"],
        "--hard-limit": ["--soft-limit", "1024"],
      };
      for (const value of [least, most])
        await startProgram("chat", [`${option}=${value}`, ...(rest[option] ?? [])]);
    });

    test.each(
      bounds.flatMap(({ option, least, most }) => [
        { option, value: String(least - 1), least, most },
        { option, value: String(most + 1), least, most },
      ]),
    )("$option does not take $value", async ({ option, value, least, most }) => {
      const server = await launchProgram("chat", [`${option}=${value}`]);
      expect(await refusal(server)).toEqual({
        code: exitCode(64),
        stderr: `chat: option ${option} takes a whole number from ${least} to ${most}, not "${value}"\n`,
      });
    });

    test.each(["-1", "1.5", "0x40", "1e3", "", "many"])("a number is not %j", async (value) => {
      const server = await launchProgram("chat", ["--max-clients", value]);
      expect(await refusal(server)).toEqual({
        code: exitCode(64),
        stderr: `chat: option --max-clients takes a whole number from 1 to 100000, not "${value}"\n`,
      });
    });

    test("a soft limit above the hard one is refused", async () => {
      const server = await launchProgram("chat", ["--soft-limit", "2049", "--hard-limit", "2048"]);
      expect(await refusal(server)).toEqual({
        code: exitCode(64),
        stderr: "chat: option --soft-limit must not exceed --hard-limit\n",
      });
    });

    test.each(["Europe/Paris", "+8", "+08:60", "+14:01", "+0a:00", ""])(
      "--time-zone does not take %j",
      async (zone) => {
        const server = await launchProgram("chat", ["--time-zone", zone]);
        expect(await refusal(server)).toEqual({
          code: exitCode(64),
          stderr: `chat: option --time-zone takes UTC, +HH:MM or -HH:MM, not "${zone}"\n`,
        });
      },
    );

    test("a style that does not exist is refused", async () => {
      const server = await launchProgram("chat", ["--style", "loud"]);
      expect(await refusal(server)).toEqual({
        code: exitCode(64),
        stderr: 'chat: option --style takes line, json, json2 or tutorial, not "loud"\n',
      });
    });

    test("a flag takes no value", async () => {
      const server = await launchProgram("chat", ["--stop-at-eof=yes"]);
      expect(await refusal(server)).toEqual({
        code: exitCode(64),
        stderr: "chat: option --stop-at-eof takes no value\n",
      });
    });
  });
