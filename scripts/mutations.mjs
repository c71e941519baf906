/**
 * npm run sim:mutations [-- WORD...]: breaks the chat in each of these ways, or in those whose
 * names have one of the words, and shows that the simulator sees it, within so many worlds.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "./lib/build.mjs";
import { inRoot } from "./lib/root.mjs";
import { Failed, mustRun, script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

/** @type {{ name: string, within: number, file: string, from: string, to: string }[]} */
const MUTATIONS = [
  {
    name: "off by one in the outbox cursor",
    within: 10,
    file: "net/outbox.ts",
    from: "this.spans[this.first * 2] = from + left;",
    to: "this.spans[this.first * 2] = from + left - 1;",
  },
  {
    name: "forgotten EAGAIN",
    within: 10,
    file: "net/outbox.ts",
    from: "if (sent == -AGAIN) return 0;",
    to: "",
  },
  {
    name: "write interest never dropped",
    within: 10,
    file: "net/connection.ts",
    from: "(this.outbox.bytes > 0 ? EVENT_WRITE : 0)",
    to: "(this.outbox.bytes > 0 ? EVENT_WRITE : this.watched & EVENT_WRITE)",
  },
  {
    name: "close without reap",
    within: 20,
    file: "net/connection.ts",
    from: "this.set.bury(this);",
    to: "if (this.reason != CloseReason.QUIT) this.set.bury(this);",
  },
  {
    name: "unsanitised byte",
    within: 40,
    file: "text/sanitize.ts",
    from: "if (code == DELETE) return DELETE_PICTURE;",
    to: "if (code == DELETE) return DELETE;",
  },
  {
    name: "limit ignored",
    within: 40,
    file: "net/slowness.ts",
    from: "if (owed > limits.hardBytes) {",
    to: "if (owed / 2 > limits.hardBytes) {",
  },
  {
    name: "newcomer hears what was said before",
    within: 20,
    file: "chat/audience.ts",
    from: "session._heard = this.said;",
    to: "session._heard = 0;",
  },
  {
    name: "somebody in the room is skipped",
    within: 10,
    file: "chat/audience.ts",
    from: "this.members[session._place] = last;",
    to: "",
  },
  {
    name: "lost partial line",
    within: 40,
    file: "net/line_reader.ts",
    from: "if (length > 0 && !this.skipping)",
    to: "if (length > 1 && !this.skipping)",
  },
  {
    name: "double flush",
    within: 10,
    file: "net/outbox.ts",
    from: "this.advance(sent);",
    to: "if (<i32>sent == this.gathered) this.advance(sent);",
  },
  {
    name: "starved fd",
    within: 40,
    file: "net/connection.ts",
    from: "const reads = !this.peerEnded &&",
    to: "const reads = !this.peerEnded && this.outbox.bytes == 0 &&",
  },
  {
    name: "one dropped line too few is told",
    within: 40,
    file: "net/output.ts",
    from: "const lines = this.dropped;",
    to: "const lines = this.dropped - 1;",
  },
  {
    name: "a write that may block",
    within: 40,
    file: "wasi/preview1/stdio.ts",
    from: "const state = pollOne(fd, WRITE);",
    to: "const state = READY;",
  },
  {
    name: "the end of the console is not minded",
    within: 20,
    file: "chat/console.ts",
    from: "if (this.stopAtEnd) this.server.stop();",
    to: "if (this.stopAtEnd && this.server.people.size == 0) this.server.stop();",
  },
  {
    name: "a private line goes to somebody else",
    within: 40,
    file: "chat/commands.ts",
    from: "person.tellEvent(`${session.name} -> you",
    to: "session.server.people.all()[0].tellEvent(`${session.name} -> you",
  },
  {
    name: "whoever is ignored is heard",
    within: 60,
    file: "chat/room.ts",
    from: "if (session === speaker || !session.ignored.has(speaker.key))",
    to: "if (session.room === this)",
  },
  {
    name: "whoever is ignored is in the history",
    within: 100,
    file: "chat/server.ts",
    from: "if (ignores(session, said)) continue;",
    to: "",
  },
  {
    name: "names that look alike are two",
    within: 40,
    file: "chat/name_key.ts",
    from: 'return fold == "" ? name : fold;',
    to: "return name;",
  },
  {
    name: "history off by one",
    within: 40,
    file: "chat/history.ts",
    from: "let skip = this.count - count;",
    to: "let skip = this.count - count + 1;",
  },
  {
    name: "since doubles a line",
    within: 60,
    file: "chat/history.ts",
    from: "load<u64>(this.memory + place, 8) <= id",
    to: "load<u64>(this.memory + place, 8) < id",
  },
  {
    name: "a topic is not told",
    within: 40,
    file: "chat/room_commands.ts",
    from: "happened(session, `${session.name} set",
    to: "session.tellEvent(`${session.name} set",
  },
  {
    name: "part leaves one where it was",
    within: 40,
    file: "chat/room_commands.ts",
    from: "else move(session, lobby);",
    to: "else session.server.introduce(session, lobby);",
  },
  {
    name: "no bound on lines a second",
    within: 40,
    file: "net/pace.ts",
    from: "if (this.ownWait() > 0) return false;",
    to: "",
  },
  {
    name: "a flood is never closed",
    within: 60,
    file: "net/intake.ts",
    from: "if (this.pace.isOverdue) {",
    to: "if (this.pace.isOverdue && this.reader.isSkipping) {",
  },
  {
    name: "away is not told",
    within: 40,
    file: "chat/commands.ts",
    from: 'if (person.away != "") session.tell(',
    to: "if (person.away.length > 1000) session.tell(",
  },
  {
    name: "a room more than there may be",
    within: 40,
    file: "chat/rooms.ts",
    from: "this.byKey.size >= this.settings.rooms",
    to: "this.byKey.size > this.settings.rooms",
  },
  {
    name: "a quote in an object is not escaped",
    within: 40,
    file: "text/json.ts",
    from: "byte == QUOTE || byte == BACKSLASH",
    to: "byte == BACKSLASH",
  },
  {
    name: "a proxy's header is believed anywhere",
    within: 60,
    file: "net/intake.ts",
    from: "first.verdict == Verdict.FORGED",
    to: "first.verdict == Verdict.MORE",
  },
  {
    name: "kick closes another",
    within: 60,
    file: "chat/console.ts",
    from: "person.connection.close(CloseReason.KICKED);",
    to: "this.server.people.all()[0].connection.close(CloseReason.KICKED);",
  },
  {
    name: "a reply goes to whom one wrote to",
    within: 60,
    file: "chat/commands.ts",
    from: "person.correspondent = session;",
    to: "session.correspondent = person;",
  },
  {
    name: "who leaves a room that is full is not told",
    within: 60,
    file: "chat/server.ts",
    from: "room.size > this.settings.announce) return;",
    to: "room.size >= this.settings.announce) return;",
  },
  {
    name: "somebody mute is heard",
    within: 100,
    file: "chat/session.ts",
    from: "if (this.mute !== null && this.isMute()) return;",
    to: "",
  },
  {
    name: "whoever is banned stays",
    within: 200,
    file: "chat/door.ts",
    from: "for (let i = 0; i < found.length; i++) this.turnAway(found[i], ban);",
    to: "",
  },
];

/** @param {typeof MUTATIONS[number]} mutation @param {string} folder */
async function compile(mutation, folder) {
  fs.cpSync(inRoot("assembly"), path.join(folder, "assembly"), { recursive: true });
  const file = path.join(folder, "assembly", mutation.file);
  const text = fs.readFileSync(file, "utf8");
  if (text.split(mutation.from).length !== 2) {
    throw new Failed(`${mutation.file}: "${mutation.from}" is not there once`);
  }
  fs.writeFileSync(file, text.replace(mutation.from, mutation.to));
  const asc = inRoot("node_modules/assemblyscript/bin/asc.js");
  const entry = ["assembly/chat/main.ts", "--config", "asconfig.json", "--target", "chat"];
  await mustRun(process.execPath, [asc, ...entry, "--baseDir", folder]);
  return path.join(folder, "build/chat.wasm");
}

await script(async () => {
  await setUp();
  await build({ debug: false });
  const load = (/** @type {string} */ name) =>
    import(String(new URL(`../dist/sim/${name}.js`, import.meta.url)));
  const { drawWorld } = /** @type {typeof import("../host/sim/draw.js")} */ (await load("draw"));
  const { play } = /** @type {typeof import("../host/sim/play.js")} */ (await load("play"));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-mutations-"));
  const words = process.argv.slice(2);
  const isWanted = (/** @type {string} */ name) =>
    words.length === 0 || words.some((word) => name.includes(word));
  let missed = 0;
  try {
    fs.copyFileSync(inRoot("asconfig.json"), path.join(folder, "asconfig.json"));
    fs.symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"));
    for (const mutation of MUTATIONS.filter(({ name }) => isWanted(name))) {
      const file = await compile(mutation, folder);
      const module = new WebAssembly.Module(fs.readFileSync(file));
      let verdict = `NOT caught in ${mutation.within} worlds`;
      for (let seed = 1; seed <= mutation.within; seed++) {
        const { failure } = play(drawWorld(seed), module);
        if (failure === undefined) continue;
        const worlds = seed === 1 ? "1 world" : `${seed} worlds`;
        verdict = `caught after ${worlds} by "${failure.oracle}": ${failure.message.slice(0, 80)}`;
        break;
      }
      if (verdict.startsWith("NOT")) missed++;
      process.stdout.write(`${mutation.name.padEnd(36)} ${verdict}\n`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  if (missed > 0) throw new Failed(`${missed} of ${MUTATIONS.length} were not caught`);
});
