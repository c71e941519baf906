/**
 * The pages tell the truth: their code is that of the programs, and their claims hold for their
 * runs.
 */
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Recording } from "../../../lab/explore/moment.js";
import { count, totalOf } from "../../../lab/explore/count.js";
import {
  CROWDS,
  crowdOrder,
  crowdRow,
  spinOrder,
  WAYS,
  type Way,
} from "../../../lab/explore/lessons.js";
import { PUZZLES, type PuzzleName } from "../../../lab/explore/puzzles.js";
import { finishes, MODELS, raceScript, vainCalls } from "../../../lab/explore/race.js";
import { record } from "../../../lab/explore/record.js";
import type { Act } from "../../../lab/explore/script.js";
import { shownOf } from "../../../lab/explore/view.js";
import { maskOf, say } from "../../../lab/explore/words.js";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { sameSections } from "../../../site/maps.mjs";
import { placeOf } from "../../../site/src/session.js";
import { makeMaps, moduleOf, play } from "./support/programs.js";

const PAGES = inRoot("site/pages");
const names = fs.readdirSync(PAGES).filter((name) => name.endsWith(".md"));
const pageOf = (name: string) => fs.readFileSync(`${PAGES}/${name}`, "utf8");
const figuresOf = (text: string) => text.match(/<poll-(?:stage|race|spin|scale)[^>]*>/g) ?? [];
const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
const stages = [...new Set(names.flatMap((name) => figuresOf(pageOf(name))))].filter((tag) =>
  tag.startsWith("<poll-stage"),
);

const SCRIPTS = Object.keys(
  (JSON.parse(fs.readFileSync(inRoot("package.json"), "utf8")) as { scripts: object }).scripts,
);

beforeAll(makeMaps);

describe.each(names)("%s", (name) => {
  test("has the same figures in both languages, and as many bets", () => {
    const [en, zh] = [pageOf(name), pageOf(`zh/${name}`)];
    expect(figuresOf(zh)).toEqual(figuresOf(en));
    const answers = (text: string) => text.match(/<poll-bet answer="\d"/g) ?? [];
    expect(answers(zh)).toEqual(answers(en));
  });

  test("shows code that is the programs'", () => {
    const blocks = [...pageOf(name).matchAll(/^```(ts|python)\n([^]*?)^```/gm)];
    const folders: Record<string, string> = {
      ts: inRoot("assembly/tutorial"),
      python: inRoot("tests/differential/python"),
    };
    for (const [, language = "", code = ""] of blocks) {
      const folder = folders[language] ?? "";
      const sources = fs
        .readdirSync(folder)
        .map((file) => fs.readFileSync(`${folder}/${file}`, "utf8"));
      for (const line of code.split("\n"))
        expect(
          sources.some((source) => source.includes(`${line}\n`)),
          line,
        ).toBe(true);
    }
  });

  test("names only commands that there are", () => {
    const text = pageOf(name) + pageOf(`zh/${name}`);
    for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g))
      expect(SCRIPTS).toContain(script);
  });

  test("links to pages that there are", () => {
    for (const [, target = ""] of pageOf(name).matchAll(/\]\(\.\/([a-z-]+)\.md\)/g))
      expect(names).toContain(`${target}.md`);
  });
});

describe.each(stages)("%s", (tag) => {
  test("can be played, and each of its moments has a sentence in both languages", () => {
    const recording = play(attribute(tag, "run") ?? "");
    for (const moment of shownOf(recording))
      for (const language of ["en", "zh"] as const)
        expect(say(moment, language)).toMatch(/^[^]{8,}[.。]$/);
  });

  test("begins where its page says", () => {
    const shown = shownOf(play(attribute(tag, "run") ?? ""));
    const where = attribute(tag, "at") ?? "start";
    const place = placeOf(shown, where);
    if (!["start", "end", "sleep"].includes(where)) expect(place).toBeGreaterThan(0);
    expect(shown[place]).toBeDefined();
  });
});

/** The stage of a page that has this in its run. */
function runOf(page: string, part: string): Recording {
  const found = figuresOf(pageOf(page)).find((tag) => attribute(tag, "run")?.startsWith(part));
  return play(attribute(found ?? "", "run") ?? "");
}

const heard = ({ moments }: Recording, client: number) =>
  moments.filter(({ happening }) => happening?.what === "received" && happening.client === client);

test("one wait: the last wait that returns reports two clients at once", () => {
  const waits = runOf("one-wait.md", "echo").moments.filter(
    ({ kind, role }) => kind === "call" && role === "wait",
  );
  const told = waits.map(({ call }) => (call?.poll?.told ?? []).map(({ fd }) => fd));
  expect(told.at(-1)).toEqual([5, 6]);
});

test("two phases: a wait is told of bytes before any is read", () => {
  const { moments } = runOf("two-phases.md", "chat_v0");
  const arrived = moments.find(({ happening }) => happening?.what === "arrived");
  expect(arrived?.counters[0]).toMatchObject({ arrived: 6, read: 0 });
  const read = moments.find(({ call, kind }) => kind === "call" && call?.name === "sock_recv");
  expect(read?.counters[0]?.read).toBe(6);
  expect(read?.call?.address).toBeGreaterThan(0);
});

test("models: the blocking one never answers those who wait behind a silent client", () => {
  const [blocking, ...others] = MODELS.map((model) =>
    record(moduleOf("io_models"), raceScript(model, [1, 2, 0])),
  );
  if (blocking === undefined) throw new Error("no run");
  expect(finishes(blocking).map(({ answered }) => answered !== undefined)).toEqual([
    true,
    false,
    false,
  ]);
  for (const one of others)
    expect(finishes(one).every(({ answered }) => answered !== undefined)).toBe(true);
  const nonblocking = others[0];
  expect(vainCalls(nonblocking ?? blocking)).toBeGreaterThan(100);
  expect(heard(runOf("models.md", "io_models:blocking"), 1)).toHaveLength(0);
});

test("select, poll, epoll: what is handed over grows with the clients, what is ready does not", () => {
  const row = (clients: number) => {
    const counted = WAYS.map(
      (way) => [way, count(moduleOf("io_models"), crowdOrder(way, clients))] as const,
    );
    return crowdRow(clients, Object.fromEntries(counted) as Record<Way, ReturnType<typeof count>>);
  };
  const [few, many] = [row(CROWDS[1]), row(CROWDS[8])];
  expect(many.handed).toBeGreaterThan(many.clients);
  expect(many.handed / few.handed).toBeGreaterThan(60);
  expect([few.ready, many.ready].map(Math.round)).toEqual([1, 1]);
  expect(many.circle).toBeGreaterThan(many.clients);
  expect(many.lying).toBeGreaterThan(many.poll);
});

test("a host that names all is not believed", () => {
  const { moments } = runOf("select-poll-epoll.md", "chat_v1@wasmtime-36");
  const lies = moments.filter(({ call }) =>
    call?.poll?.told.some(({ isReady }) => isReady === false),
  );
  expect(lies.length).toBeGreaterThan(0);
  expect(moments.some(({ role }) => role === "verify")).toBe(true);
  const vain = moments.filter(
    ({ kind, role, errno }) => kind === "call" && role === "work" && errno !== 0,
  );
  expect(vain).toEqual([]);
});

test("the selectors library: register, modify and unregister are seen in the list of a wait", () => {
  const { moments } = play("chat_v3,1000c0,2000w0hi%0A,3000e0");
  const lists = moments
    .filter(({ kind, role }) => kind === "call" && role === "wait")
    .map(({ call }) => maskOf(call?.poll?.watched ?? []));
  expect(lists).toEqual(expect.arrayContaining(["0 R, 3 R", "0 R, 3 R, 4 R", "0 R, 3 R, 4 RW"]));
});

test("echo: keys are logged with their data", () => {
  expect(runOf("echo.md", "echo").log).toMatch(/SelectorKey\(fd=4, events=1, data=onRead\)/);
});

test("v0: the second client is answered only once the first has gone", () => {
  const run = runOf("chat-v1.md", "chat_v0");
  expect(heard(run, 1)).toHaveLength(0);
  const gone = play("chat_v0,1000c0,1500c1,3000w1anybody%3F%0A,5000e0");
  expect(heard(gone, 1)).toHaveLength(1);
});

test("v1: everybody hears a line, and what does not fit is lost", () => {
  const run = runOf("chat-v1.md", "chat_v1,1000c0,1500c1,2000c2");
  for (const client of [0, 1, 2]) expect(heard(run, client)).toHaveLength(1);
});

test("v2: the run has the masks 01, 10 and 11", () => {
  const masks = new Set<number>();
  for (const { kind, role, call } of runOf("chat-v2.md", "chat_v2").moments) {
    if (kind !== "call" || role !== "wait") continue;
    for (const { fd } of call?.poll?.told ?? [])
      masks.add(
        (call?.poll?.told ?? [])
          .filter((one) => one.fd === fd)
          .reduce((sum, { type }) => sum | type, 0),
      );
  }
  expect([...masks].sort()).toEqual([1, 2, 3]);
});

test("the closing lesson: v2 spins, v3 waits", () => {
  expect(runOf("closing-lesson.md", "chat_v2").spins).toBe(true);
  expect(runOf("closing-lesson.md", "chat_v3").spins).toBe(false);
  const polls = ["chat_v2", "chat_v3"].map(
    (program) => totalOf(count(moduleOf(program), spinOrder(program, 20))).polls,
  );
  expect(polls[0]).toBeGreaterThan(100 * (polls[1] ?? Infinity));
  const v1 = totalOf(count(moduleOf("chat_v1"), spinOrder("chat_v1", 20)));
  expect(v1.polls).toBeLessThan(200);
});

test("the closing lesson: each wait of v3 leads to work, and its other polls do not wait", () => {
  const { program, clients, lines, host } = spinOrder("chat_v3", 20);
  const acts: Act[] = [
    ...Array.from({ length: clients }, (_, client): Act => {
      return { at: 1 + client, does: "connect", client, text: "" };
    }),
    ...lines.map((line): Act => ({ ...line, does: "write" })),
  ];
  const { moments } = record(moduleOf(program), { program, words: [], host, acts });
  const polls = moments.filter(({ kind, call }) => kind === "call" && call?.poll !== undefined);
  const [waits, others] = [true, false].map((isWait) =>
    polls.filter(({ role }) => (role === "wait") === isWait),
  );
  expect(waits?.map(({ call }) => call?.poll?.told.length)).not.toContain(0);
  expect([...new Set(others?.map(({ call }) => call?.poll?.waited))]).toEqual([0]);
  expect(others?.map(({ role }) => role)).toEqual(expect.arrayContaining(["verify", "log"]));
});

test("select, poll, epoll: the listener and the console are handed over, too", () => {
  const order = crowdOrder("poll", 8);
  const { handed, polls, ready } = totalOf(count(moduleOf("io_models"), order));
  expect(polls).toBeGreaterThan(0);
  expect(handed).toBe((8 + 2) * ready);
});

const LINE =
  "a%20line%20that%20is%20long%20enough%20to%20fill%20the%20buffers%20of%20a%20client%20soon%0A";
const SOLUTIONS: Record<PuzzleName, string> = {
  longest: "chat_v0,1000c0,2000c1,3000c2,4000w2hi%0A,7000e0,8000e1",
  both: "chat_v2,1000c0,2000w0hi%0A",
  lost: `chat_v1,1000c0,2000c1,3000p0${Array.from({ length: 14 }, (_, at) => `,${4 + at}000w1${LINE}`).join("")}`,
  cured: "chat_v3,1000c0,2000w0hi%0A",
};

test.each(Object.entries(SOLUTIONS))(
  "the puzzle %s can be solved, and is not solved at first",
  (name, link) => {
    const puzzle = PUZZLES[name as PuzzleName];
    expect(puzzle.judge(play(puzzle.program)).done).toBe(false);
    expect(puzzle.judge(play(link))).toMatchObject({ done: true });
    expect(link.startsWith(puzzle.program)).toBe(true);
  },
);

test("a module that is another is told by its sections, and by nothing but these", () => {
  const module = fs.readFileSync(inRoot("build/echo.wasm"));
  const custom = Buffer.concat([module, Buffer.from([0, 3, 1, 97, 98])]);
  expect(sameSections(module, custom)).toBe(true);
  const other = Buffer.from(module);
  other[module.length - 1] = (other[module.length - 1] ?? 0) ^ 1;
  expect(sameSections(module, other)).toBe(false);
});
