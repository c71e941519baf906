/**
 * Scenes for tests/contract/wasi/guest/raw_component.ts, which prints the answers of a host of WASI
 * 0.3. The first peer's streams are `in0` and `out0`; `ending0` tells how reading ended.
 */
import { act, ask, connect, heard, later, over, type Scene, type Script } from "./scene.js";

function scene(name: string, script: Script): Scene {
  return { name, script };
}

function* askAll(...commands: string[]): ReturnType<Script> {
  for (const command of commands) yield ask(command);
}

/** Each lets the host work once. A busy one needs more than one to hear of a new socket. */
const WORK_TIMES = 20;

/** Connects a peer, and lets the host work: it knows of room and of bytes then. */
function* join(peer: string, number: number): ReturnType<Script> {
  yield connect(peer);
  yield ask("accept", (answer) => answer === `peer ${number}`);
  yield* letWork();
}

function* letWork(): ReturnType<Script> {
  for (let left = WORK_TIMES; left > 0; left--) yield ask("listeners");
}

const accepting: Scene[] = [
  scene("no peer connects, one does, and no other", function* () {
    yield* askAll("set", "join listener set0", "read listener", "poll set0", "yield", "poll set0");
    yield connect("a");
    yield* askAll("wait set0", "greet", "poll set0", "read listener", "poll set0");
  }),
  scene("several wait, and are taken one at a time, however many are asked for", function* () {
    yield* askAll("set", "join listener set0", "read listener 8");
    yield connect("a");
    yield act("a", "write", "first");
    yield connect("b");
    yield act("b", "write", "second");
    yield* askAll("wait set0", "greet", "read listener 8", "greet", "read listener 8");
    yield* askAll("read in0 99", "read in1 99");
  }),
  scene(
    "one that has said its last, and one that was reset, before they are accepted",
    function* () {
      yield connect("a");
      yield act("a", "write", "last words");
      yield act("a", "end");
      yield connect("b");
      yield act("b", "reset");
      yield* askAll("accept", "remote socket0", "accept", "remote socket1", "read in0 99");
      yield* askAll("read in0 99", "read in1 9", "read ending1", "set", "join ending1 set0");
      yield ask("wait set0");
    },
  ),
  scene("an accept that is called off, with and without a connection", function* () {
    yield* askAll("read listener", "cancel listener", "read listener");
    yield connect("a");
    yield* letWork();
    yield* askAll("cancel listener", "greet", "remote socket0");
  }),
];

const reading: Scene[] = [
  scene("a read takes what it asks for, and is blocked at last", function* () {
    yield* join("a", 0);
    yield act("a", "write", "abcdef");
    yield* askAll("read in0 2", "read in0 3", "read in0 9", "read in0 9", "set", "join in0 set0");
    yield ask("poll set0");
    yield act("a", "write", "gh");
    yield* askAll("poll set0", "poll set0", "read in0 9", "poll set0");
  }),
  scene("a read of nothing says ready, until a read has found nothing", function* () {
    yield* join("a", 0);
    yield* askAll("set", "join in0 set0", "read in0 0", "poll set0");
    yield act("a", "write", "abc");
    yield* askAll("wait set0", "read in0 2", "read in0 0", "read in0 9", "read in0 0");
    yield* askAll("read in0 9", "poll set0");
    yield act("a", "write", "de");
    yield* askAll("wait set0", "read in0 0");
  }),
  scene("a wait that something ends", function* () {
    yield* join("a", 0);
    yield* join("b", 1);
    yield* askAll("set", "join in0 set0", "join in1 set0", "read in0 9", "read in1 9");
    yield later(50, "b", "write", "wake up");
    yield* askAll("wait set0", "read in1 9");
    yield later(50, "a", "end");
    yield* askAll("wait set0");
  }),
  scene("the end of a stream behind its last bytes", function* () {
    yield* join("a", 0);
    yield act("a", "write", "abc");
    yield act("a", "end");
    yield* askAll("read in0 2", "read in0 9", "read in0 9", "read ending0", "set");
    yield* askAll("join ending0 set0", "wait set0", "write out0 bye");
    yield heard("a", 3);
  }),
  scene("a reset, found by a read", function* () {
    yield* join("a", 0);
    yield act("a", "reset");
    yield* askAll("read in0 9", "read ending0", "set", "join ending0 set0", "wait set0");
    yield* askAll("write out0 x");
  }),
  scene("a reset while a read is under way", function* () {
    yield* join("a", 0);
    yield* askAll("set", "join in0 set0", "read in0 9");
    yield act("a", "reset");
    yield* askAll("wait set0", "read ending0", "join ending0 set0", "wait set0");
  }),
  scene("a reset behind unread bytes", function* () {
    yield* join("a", 0);
    yield act("a", "write", "abc");
    yield act("a", "reset");
    yield* askAll("read in0 9", "read in0 9", "read ending0", "set", "join ending0 set0");
    yield* askAll("wait set0");
  }),
  scene("a reset, found by a write", function* () {
    yield* join("a", 0);
    yield act("a", "reset");
    yield* askAll("write out0 x", "read in0 9", "read ending0", "set", "join ending0 set0");
    yield* askAll("wait set0");
  }),
  scene("a read that is called off, with and without bytes", function* () {
    yield* join("a", 0);
    yield* askAll("read in0 9", "cancel in0");
    yield act("a", "write", "abc");
    yield* askAll("read in0 9", "read in0 9");
    yield act("a", "write", "def");
    yield* askAll("cancel in0", "read in0 9", "cancel in0");
  }),
  scene("a read that is called off, and had found the end", function* () {
    yield* join("a", 0);
    yield* askAll("read in0 9");
    yield act("a", "end");
    yield* askAll("cancel in0", "read ending0", "set", "join ending0 set0", "wait set0");
  }),
  scene("how it ended is asked for before it has", function* () {
    yield* join("a", 0);
    yield* askAll("read ending0", "cancel ending0", "read ending0", "set", "join ending0 set0");
    yield* askAll("poll set0", "read in0 9");
    yield act("a", "end");
    yield* askAll("wait set0", "drop ending0");
  }),
  scene("a second receive of a socket", function* () {
    yield* join("a", 0);
    yield act("a", "write", "abc");
    yield* askAll("receive socket0", "read in-again 9", "read ending-again", "set");
    yield* askAll("join ending-again set0", "wait set0", "read in0 9");
  }),
];

const writing: Scene[] = [
  scene("what is written arrives, in order", function* () {
    yield* join("a", 0);
    yield* askAll("write out0 one", "write out0 two", "write-bytes out0 0", "write out0 three");
    yield heard("a", 11);
  }),
  scene("a peer that does not read, and then does", function* () {
    yield* join("a", 0);
    yield act("a", "pause");
    yield* askAll("fill out0", "write-bytes out0 0", "set", "join out0 set0", "poll set0");
    yield act("a", "resume");
    yield* askAll("wait set0", "write out0 x");
  }),
  scene("a write that waits for room is called off, and none of it is gone", function* () {
    yield* join("a", 0);
    yield act("a", "pause");
    yield* askAll("fill out0", "write out0 abc", "cancel out0", "write-bytes out0 0");
    yield* askAll("cancel out0", "drop out0");
  }),
  scene("a full socket whose peer is reset, asked for room", function* () {
    yield* join("a", 0);
    yield act("a", "pause");
    yield* askAll("fill out0", "write-bytes out0 0", "set", "join out0 set0");
    yield act("a", "reset");
    yield* askAll("wait set0", "write out0 x");
  }),
  scene("a full socket whose peer is reset, with a write under way", function* () {
    yield* join("a", 0);
    yield act("a", "pause");
    yield* askAll("fill out0", "write out0 abc", "set", "join out0 set0");
    yield act("a", "reset");
    yield* askAll("wait set0");
  }),
  scene("a peer that has gone for good", function* () {
    yield* join("a", 0);
    yield act("a", "close");
    // The answer of its kernel to the first is a reset.
    yield* askAll("write out0 one", "timer 20000000", "set", "join timer0 set0", "wait set0");
    yield* askAll("write out0 two");
  }),
];

const ending: Scene[] = [
  scene("our side ends first", function* () {
    yield* join("a", 0);
    yield* askAll("write out0 bye", "drop out0");
    yield heard("a", 3);
    yield over("a");
    yield act("a", "write", "still here");
    yield* askAll("read in0 99");
    yield act("a", "end");
    yield* askAll("read in0 9", "drop in0", "drop socket0");
  }),
  scene("nothing more is to be read, and writing goes on", function* () {
    yield* join("a", 0);
    yield* askAll("drop in0", "write out0 on", "drop out0");
    yield heard("a", 2);
    yield over("a");
  }),
  scene("the streams keep a connection whose socket is given back", function* () {
    yield* join("a", 0);
    yield act("a", "write", "hi");
    yield* askAll("drop socket0", "read in0 9", "write out0 yo");
    yield heard("a", 2);
    yield* askAll("drop in0", "drop out0");
    yield over("a");
  }),
  scene("a stream in a set is given back", function* () {
    yield* join("a", 0);
    yield* askAll("set", "join in0 set0", "join out0 set0", "drop in0", "drop out0");
    yield* askAll("drop socket0", "poll set0", "drop set0");
    yield over("a");
  }),
];

const waiting: Scene[] = [
  scene("timers", function* () {
    yield* askAll("timer 0", "timer 1000000", "set", "join timer1 set0", "wait set0");
    yield* askAll("join timer1 none", "drop timer1", "timer 5000000000", "cancel timer2");
    yield* askAll("drop timer2", "poll set0");
  }),
  scene("one that is up before it is called off", function* () {
    yield* askAll("timer 1000000", "timer 50000000", "set", "join timer1 set0", "wait set0");
    yield* askAll("cancel timer0", "drop timer0");
  }),
  scene("from set to set, and out of both", function* () {
    yield* join("a", 0);
    yield* askAll("set", "set", "join in0 set0", "read in0 9", "join in0 set1");
    yield act("a", "write", "x");
    yield* askAll("poll set0", "join in0 none", "poll set1", "join in0 set0", "poll set0");
  }),
  scene("numbers are given again, the last one first", function* () {
    // Its answer needs a stream, which has a number as well.
    yield ask("listeners");
    yield* join("a", 0);
    yield* askAll("handle socket0", "handle in0", "handle ending0", "handle sent0", "handle out0");
    yield* askAll("drop ending0", "drop sent0", "drop in0", "drop out0", "drop socket0");
    yield* askAll("timer 5000000000", "handle timer0", "set", "handle set0", "stream");
    yield* askAll("handle far0", "handle out-new0", "cancel timer0", "drop timer0", "set");
    yield* askAll("handle set1", "drop set0", "timer 0", "set", "handle set2");
  }),
];

export const COMPONENT_SCENES: readonly Scene[] = [
  ...[...accepting, ...reading, ...writing, ...ending, ...waiting],
];

const HOUR = "timer 3600000000000";

/** Each ends the guest, and needs no peer; some only from a version of wasmtime on. */
export const COMPONENT_TRAPS: readonly { words: readonly string[]; since?: number }[] = [
  { words: ["stream", "write out-new0 a", "write out-new0 b"] },
  { words: ["stream", "write-bytes out-new0 0", "write-bytes out-new0 0"] },
  { words: ["stream", "write out-new0 a", "drop out-new0"] },
  { words: ["stream", "cancel out-new0"] },
  {
    words: ["stream", "set", "write out-new0 a", "join out-new0 set0", "cancel out-new0"],
    since: 48,
  },
  { words: ["stream", "set", "join out-new0 set0", "drop set0"] },
  { words: ["stream", "write-bytes out-new0 268435456"] },
  { words: ["stream", "write-badly out-new0"] },
  { words: ["stream", "join far0 1"] },
  { words: ["set", "join set0 set0"] },
  { words: ["set", "join 99 set0"] },
  { words: ["stream", "join out-new0 99"] },
  { words: ["stream", "wait out-new0"] },
  { words: [HOUR, "drop timer0"] },
  { words: [HOUR, "set", "join timer0 set0", "cancel timer0"] },
  { words: [HOUR, "cancel timer0", "cancel timer0"] },
  { words: [HOUR, "write timer0 a"] },
  { words: ["drop in-none"] },
  { words: ["read listener", "read listener"] },
  { words: ["read listener", "drop listener"] },
  { words: ["cancel listener"] },
];

/** The same, with a peer. */
export const COMPONENT_ENDS: readonly { name: string; script: Script }[] = [
  {
    name: "a read after the end",
    script: function* () {
      yield* join("a", 0);
      yield act("a", "end");
      yield* askAll("read in0 9", "read in0 9");
    },
  },
  {
    name: "a write after a reset",
    script: function* () {
      yield* join("a", 0);
      yield act("a", "reset");
      yield* askAll("write out0 x", "write out0 x");
    },
  },
  {
    name: "a second look at how it ended",
    script: function* () {
      yield* join("a", 0);
      yield act("a", "end");
      yield* askAll("read in0 9", "read ending0", "set", "join ending0 set0", "wait set0");
      yield* askAll("read ending0");
    },
  },
  {
    name: "two looks at it at a time",
    script: function* () {
      yield* join("a", 0);
      yield* askAll("read ending0", "read ending0");
    },
  },
  {
    name: "it is given back while it is asked for",
    script: function* () {
      yield* join("a", 0);
      yield* askAll("read ending0", "drop ending0");
    },
  },
];
