/**
 * Scenes for tests/wasi/guest/raw_component.ts, which says what a host of WASI 0.2 answers and
 * nothing more. The first peer is 0, and so is the first pollable.
 */
import { act, ask, connect, heard, later, over, type Scene, type Script } from "./scene.js";

/** More than a host looks at in one go. */
const CROWD = 150;

function scene(name: string, script: Script): Scene {
  return { name, script };
}

function* askAll(...commands: string[]): ReturnType<Script> {
  for (const command of commands) yield ask(command);
}

function* join(peer: string, number: number): ReturnType<Script> {
  yield connect(peer);
  yield ask("accept", (answer) => answer === `peer ${number}`);
}

/** Until the host has seen that there is room for the first bytes. */
const room = (peer: number) => ask(`check ${peer}`, (answer) => answer !== "0");

/** Until the guest has read what a peer did. */
const reads = (peer: number, most: number) =>
  ask(`read ${peer} ${most}`, (answer) => answer !== '""');

/** Waits for a pollable, but not for ever. */
function* waits(pollable: number, timer: number): ReturnType<Script> {
  yield ask(`sub timer 20000000`);
  yield ask(`poll ${pollable} ${timer}`);
}

const accepting: Scene[] = [
  scene("nobody waits, somebody does, and nobody again", function* () {
    yield* askAll("accept", "sub listener", "sub timer 1000000", "poll 0 1");
    yield connect("a");
    yield* askAll("poll 0", "poll 0", "accept", "accept", "sub timer 1000000", "poll 0 2");
  }),
  scene("several wait, and are taken in turn", function* () {
    yield connect("a");
    yield act("a", "write", "first");
    yield connect("b");
    yield act("b", "write", "second");
    yield* askAll("accept", "accept", "accept", "read 0 99", "read 1 99");
  }),
  scene("one that has gone, and one that was reset, before they are accepted", function* () {
    yield connect("a");
    yield act("a", "write", "last words");
    yield act("a", "close");
    yield connect("b");
    yield act("b", "reset");
    yield* askAll("accept", "accept", "read 0 99", "read 0 99", "read 1 9", "read 1 9");
  }),
  scene("somebody comes while it waits", function* () {
    yield* askAll("sub listener", "sub timer 5000000000");
    yield connect("a");
    yield* askAll("poll 0 1", "accept");
  }),
];

const reading: Scene[] = [
  scene("a read takes what it asks for, and finds nothing at last", function* () {
    yield* join("a", 0);
    yield* askAll("read 0 9");
    yield act("a", "write", "abcdef");
    yield reads(0, 2);
    yield* askAll("read 0 0", "read 0 3", "read 0 9", "read 0 9");
  }),
  scene("a stream is ready before anything is read, and until a read finds nothing", function* () {
    yield* join("a", 0);
    yield* askAll("sub in 0");
    yield* waits(0, 1);
    yield act("a", "write", "ab");
    yield* askAll("poll 0", "read 0 1", "poll 0", "read 0 9", "poll 0");
    yield* waits(0, 2);
    yield ask("read 0 9");
    yield* waits(0, 3);
  }),
  scene("a wait that something ends", function* () {
    yield* join("a", 0);
    yield* join("b", 1);
    yield* askAll("sub in 0", "sub in 1", "sub timer 5000000000");
    yield later(50, "b", "write", "wake up");
    yield* askAll("poll 0 1 2", "read 1 99", "read 1 99");
    yield later(50, "a", "end");
    yield* askAll("poll 0 1 2", "read 0 99");
  }),
  scene("the end of a stream behind its last bytes", function* () {
    yield* join("a", 0);
    yield room(0);
    yield act("a", "write", "abc");
    yield act("a", "end");
    yield* askAll("sub in 0", "poll 0", "read 0 2", "poll 0", "read 0 9", "poll 0", "read 0 9");
    yield* askAll("poll 0", "read 0 9", "poll 0", "check 0", "write 0 bye");
    yield heard("a", 3);
  }),
  scene("a reset", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("sub in 0", "sub out 0");
    yield act("a", "reset");
    yield* askAll("poll 0", "poll 1", "read 0 9", "read 0 9", "poll 0", "check 0", "check 0");
  }),
  scene("a reset behind unread bytes", function* () {
    yield* join("a", 0);
    yield act("a", "write", "abc");
    yield act("a", "reset");
    yield* askAll("sub in 0", "poll 0", "read 0 9", "read 0 9", "read 0 9", "poll 0");
  }),
  scene("more than one read brings", function* () {
    yield* join("a", 0);
    yield act("a", "write", "x".repeat(50_000));
    yield* askAll("read 0 1000", "read 0 200000", "read 0 9");
  }),
];

const writing: Scene[] = [
  scene("what is written arrives, in order", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("write 0 one", "check 0", "write 0 two", "flush 0", "check 0");
    yield* askAll("write 0 three");
    yield heard("a", 11);
  }),
  scene("a write of nothing", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("write-bytes 0 0", "check 0", "write 0 x");
    yield heard("a", 1);
  }),
  scene("room is there from the beginning", function* () {
    yield* join("a", 0);
    yield* askAll("sub out 0", "poll 0", "poll 0", "check 0", "write 0 x", "poll 0", "check 0");
  }),
  scene("a peer that does not read, and then does", function* () {
    yield* join("a", 0);
    yield room(0);
    yield act("a", "pause");
    yield* askAll("fill 0", "check 0", "sub out 0");
    yield* waits(0, 1);
    yield act("a", "resume");
    yield ask("poll 0");
    yield ask("check 0", (answer) => answer !== "0");
    yield* askAll("write 0 x");
  }),
  scene("a full socket whose peer is reset", function* () {
    yield* join("a", 0);
    yield room(0);
    yield act("a", "pause");
    yield* askAll("fill 0", "check 0", "sub out 0");
    yield act("a", "reset");
    yield* askAll("poll 0");
    yield ask("check 0", (answer) => answer !== "0");
    yield* askAll("check 0", "check 0", "poll 0", "read 0 9", "read 0 9");
  }),
  scene("a peer that has gone for good", function* () {
    yield* join("a", 0);
    yield room(0);
    yield act("a", "close");
    yield* askAll("sub in 0", "poll 0", "read 0 9", "check 0", "write 0 one");
    // Its kernel answers with a reset.
    yield* waits(0, 1);
    yield* askAll("check 0", "write 0 two", "check 0", "read 0 9", "poll 0", "check 0");
  }),
  scene("a reset is found by a write", function* () {
    yield* join("a", 0);
    yield room(0);
    yield act("a", "reset");
    yield* askAll("write 0 x", "check 0", "check 0", "read 0 9");
  }),
];

const ending: Scene[] = [
  scene("our side ends first", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("sub in 0", "sub out 0", "shutdown 0 1");
    yield over("a");
    yield* askAll("check 0", "poll 1", "shutdown 0 1");
    yield act("a", "write", "still here");
    yield* askAll("poll 0", "read 0 99", "read 0 99");
    yield act("a", "end");
    yield* askAll("poll 0", "read 0 9", "shutdown 0 1");
  }),
  scene("an end behind what was written", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("write 0 bye", "shutdown 0 1");
    yield heard("a", 3);
    yield over("a");
  }),
  scene("nothing more is to be read", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("sub in 0", "shutdown 0 0", "read 0 9", "poll 0", "read 0 9", "check 0");
    yield* askAll("write 0 x");
    yield heard("a", 1);
  }),
  scene("an end of both directions", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("shutdown 0 2", "read 0 9", "check 0");
    yield over("a");
    yield* askAll("shutdown 0 2", "shutdown 0 0");
  }),
  scene("an output stream that is given back", function* () {
    yield* join("a", 0);
    yield room(0);
    yield* askAll("write 0 bye", "drop out 0");
    yield heard("a", 3);
    yield act("a", "write", "abc");
    yield reads(0, 9);
  }),
  scene("a socket that is given back, children first", function* () {
    yield* join("a", 0);
    yield* askAll("sub in 0", "sub out 0", "drop pollable 0", "drop pollable 1");
    yield* askAll("drop in 0", "drop out 0", "drop socket 0");
    yield over("a");
  }),
  scene("one with something unread", function* () {
    yield* join("a", 0);
    yield* askAll("sub in 0");
    yield act("a", "write", "unread");
    yield* askAll("poll 0", "drop pollable 0", "drop in 0", "drop out 0", "drop socket 0");
    yield over("a");
  }),
];

const waiting: Scene[] = [
  scene("timers, and the same one twice", function* () {
    yield* askAll("sub timer 0", "poll 0", "poll 0", "poll 0 0", "sub timer 1000000");
    // How long ago a time must be over for a host to know it by the first look, is by the millisecond.
    yield* askAll("poll 1", "sub timer 0", "poll 2 0", "poll 0 2", "sub timer 5000000000");
    yield* askAll("poll 3 2", "poll 3 0");
  }),
  scene("a pollable that is in the list several times", function* () {
    yield* join("a", 0);
    yield act("a", "write", "a");
    yield* askAll("sub in 0", "sub out 0", "poll 0 1 0 1", "sub in 0", "poll 2 0 1", "poll 0 0");
  }),
  scene("a socket has a pollable, too", function* () {
    yield* join("a", 0);
    yield* askAll("sub socket 0", "sub timer 5000000000", "poll 0 1");
  }),
  scene("handles are given again, the last one first", function* () {
    // Its answer needs a stream, which has a handle as well.
    yield ask("listeners");
    yield* join("a", 0);
    yield* join("b", 1);
    yield* askAll("handles 0", "handles 1", "sub in 0", "pollable 0", "sub out 1", "pollable 1");
    yield* askAll("drop pollable 0", "drop in 0", "sub in 1", "pollable 2", "sub out 0");
    yield* askAll("pollable 3", "sub timer 0", "pollable 4", "drop pollable 4", "sub timer 0");
    yield* askAll("pollable 5", "stdout", "sub stdout", "pollable 6");
  }),
];

const spending: Scene[] = [
  scene("a budget is spent with asking for room, and with what is read", function* () {
    yield* join("a", 0);
    yield* askAll("checks 300 0", "checks 300 0", "reads 300 0");
    yield act("a", "write", "x".repeat(1000));
    yield* askAll("reads 300 0", "reads 100 0", "checks 50 0", "checks 300 0");
  }),
  scene("a budget is spent with writing", function* () {
    yield* join("a", 0);
    yield* askAll("writes 100 0", "writes 40 0");
  }),
  scene("of a crowd some are named, the oldest first", function* () {
    for (let peer = 0; peer < CROWD; peer++) {
      yield* join(`p${peer}`, peer);
      yield act(`p${peer}`, "write", "x");
    }
    yield* askAll("sub all", "poll-all", "poll-all", "sub timer 0", "poll-all", "read 0 1");
    yield* askAll("read 0 1", "poll-all");
  }),
];

export const COMPONENT_SCENES: readonly Scene[] = [
  ...[...accepting, ...reading, ...writing, ...ending, ...waiting, ...spending],
];

/** Each ends the guest, and is asked with nobody there. */
export const COMPONENT_TRAPS: readonly { words: readonly string[] }[] = [
  { words: ["poll"] },
  { words: ["drop handle 99"] },
  { words: ["sub timer 0", "drop pollable 0", "drop pollable 0"] },
  { words: ["sub timer 0", "drop pollable 0", "poll 0"] },
  { words: ["stdout", "sub stdout", "drop stdout"] },
  { words: ["stdout", "stdout-blocking 4097"] },
];
