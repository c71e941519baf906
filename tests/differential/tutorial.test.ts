/**
 * Compares the tutorial's echo server and its two chats with the Python originals. The same clients
 * do the same from the same ports, and must receive the same bytes. Only the times in stamps may
 * differ; a module that cannot know addresses shows numbers in their place.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../lab/world/random.js";
import { STAMP } from "../contract/conversations/support/client.js";
import { until } from "../support/wait.js";
import { drawScript, messagesOf, play, portsFor, type Step } from "./support/script.js";
import {
  type ChatServer,
  messagesIn,
  mustHavePython,
  type ProgramName,
  startComponent,
  startModule,
  startPython,
} from "./support/servers.js";

const DRAWN = 8;
const STEPS = 40;

const WRITTEN: Record<string, Step[]> = {
  "one who hears only itself": [
    { does: "come", who: 1 },
    { does: "say", who: 1, text: "is anybody there?" },
    { does: "quit", who: 1 },
  ],
  "three, one after another, who leave in the three ways there are": [
    { does: "come", who: 1 },
    { does: "say", who: 1, text: "one" },
    { does: "come", who: 2 },
    { does: "say", who: 2, text: "two\n" },
    { does: "come", who: 3 },
    { does: "say", who: 3, text: "three" },
    { does: "reset", who: 1 },
    { does: "say", who: 2, text: "who was that?" },
    { does: "leave", who: 2 },
    { does: "say", who: 3, text: "alone" },
    { does: "quit", who: 3 },
  ],
  "one who comes back from the same place": [
    { does: "come", who: 1 },
    { does: "say", who: 1, text: "first" },
    { does: "come", who: 2 },
    { does: "say", who: 2, text: "second" },
    { does: "quit", who: 1 },
    { does: "come", who: 3, likeWho: 1 },
    { does: "say", who: 3, text: "again" },
  ],
};

const scripts: [string, Step[]][] = [
  ...Object.entries(WRITTEN),
  ...Array.from({ length: DRAWN }, (_, at): [string, Step[]] => [
    `drawn from seed ${at + 1}`,
    drawScript(new Random(at + 1), STEPS),
  ]),
];

/** Each of ours, by what it is called here. */
const OURS: [string, (program: ProgramName) => Promise<ChatServer>][] = [
  ["a preview1 module", startModule],
  ["a component on wasmtime 48", (program) => startComponent(program, 48)],
];

const TIME = "TIME";

/** Ports of the clients that have come to a server so far, in order. */
type Arrivals = readonly number[];

function comparable(text: string, server: ChatServer, arrivals: Arrivals): string {
  const stamped = new RegExp(`^${STAMP} (\\S+)$`, "gm");
  return text.replaceAll(stamped, (_, name: string) => {
    const arrival = arrivals.findIndex((__, at) => server.nameOf?.(at + 1) === name);
    const place = arrival < 0 ? name : `127.0.0.1:${arrivals[arrival] ?? 0}`;
    return `${TIME} ${place}`;
  });
}

/** Every stamp in it is of the time that the test has taken. */
function expectTimes(text: string, from: number, to: number): void {
  for (const [stamp] of text.matchAll(new RegExp(`^${STAMP}(?= \\S+$)`, "gm"))) {
    const at = Date.parse(`${stamp.replaceAll("/", "-").replace(" ", "T")}Z`);
    expect(at).toBeGreaterThanOrEqual(Math.floor(from / 1000) * 1000);
    expect(at).toBeLessThanOrEqual(to);
  }
}

/** Returns the server's log of a script. */
async function logged(server: ChatServer, before = 0, script: Step[]): Promise<string[]> {
  const messages = (): string[] => messagesIn(server.log()).slice(before);
  // The echo server logs keys and masks alone, whose numbers are each kernel's own.
  const due = server.says === "echoed" ? 0 : messagesOf(script);
  await until("the log has come", () => messages().length >= due);
  return messages();
}

beforeAll(mustHavePython);

describe.each(["echo", "chat-v1", "chat-v2"] as const)("%s", (program) => {
  let python: ChatServer;
  beforeAll(async () => {
    python = await startPython(program);
  });
  afterAll(() => python.end());

  describe.each(OURS)("beside %s", (_, start) => {
    let ours: ChatServer;
    const arrivals: number[] = [];
    beforeAll(async () => {
      ours = await start(program);
    });
    afterAll(() => ours.end());

    test.each(scripts)("%s: every client hears the same bytes", async (__, script) => {
      const ports = await portsFor(script);
      const before = [python, ours].map((server) => messagesIn(server.log()).length);
      const startedAt = Date.now();
      const expected = await play(script, python, ports);
      const heard = await play(script, ours, ports);
      const endedAt = Date.now();
      arrivals.push(...ports);
      expect(heard.length).toBe(ports.length);
      const tell = (text: string, server: ChatServer): string => comparable(text, server, arrivals);
      expect(heard.map((text) => tell(text, ours))).toEqual(
        expected.map((text) => tell(text, python)),
      );
      for (const text of [...heard, ...expected]) expectTimes(text, startedAt, endedAt);
      const expectedLog = await logged(python, before[0], script);
      expect((await logged(ours, before[1], script)).map((text) => tell(text, ours))).toEqual(
        expectedLog.map((text) => tell(text, python)),
      );
    });
  });
});
