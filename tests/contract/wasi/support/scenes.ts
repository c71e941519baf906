/** The scenes of the differential test, by subject. The listener is fd 3, the first client fd 4. */
import { act, ask, connect, heard, later, over, type Scene, type Script } from "./scene.js";

const LISTENER = 3;

/** Connects a client and has it accepted. */
function* join(peer: string, fd: number, how = ""): ReturnType<Script> {
  yield connect(peer);
  yield ask(`accept ${LISTENER}${how}`, (answer) => answer === String(fd));
}

/** Asks several things, one after another. */
function* askAll(...commands: string[]): ReturnType<Script> {
  for (const command of commands) yield ask(command);
}

/** Until the guest can see what a peer did. */
const arrived = (fd: number) => ask(`peek ${fd}`, (answer) => answer !== "AGAIN");
/** The same, with nothing taken: PEEK takes an error. */
const broken = (fd: number) => ask(`poll-one ${fd} r`, (answer) => answer === "2");

function scene(name: string, script: Script): Scene {
  return { name, script };
}

const accepting: Scene[] = [
  scene("a listener on which nobody waits", function* () {
    yield* askAll("accept 3", "poll-one 3 r", "poll r3 c1000", "poll r3 w3 c1000", "poll-one 3 w");
  }),
  scene("a listener on which somebody waits, and then nobody", function* () {
    yield connect("a");
    yield ask("poll-one 3 r", (answer) => answer === "1");
    yield* askAll("poll r3 c1000000000", "poll w3 c1000", "poll r3 w3 c1000000000", "accept 3");
    yield* askAll("accept 3", "poll-one 3 r", "listeners", "filetype 3", "filetype 4");
  }),
  scene("several wait, and are taken in turn", function* () {
    yield connect("a");
    yield act("a", "write", "first");
    yield connect("b");
    yield act("b", "write", "second");
    yield* askAll("accept 3", "poll r3 r4 c0", "accept 3", "accept 3", "recv 4 99", "recv 5 99");
  }),
  scene("numbers are not given twice", function* () {
    yield* join("a", 4);
    yield* askAll("close 4", "close 4");
    yield* join("b", 5);
    yield* askAll("close 5");
    yield* join("c", 6);
    yield* askAll("filetype 4", "filetype 5", "filetype 6", "listeners");
  }),
  scene("a client that has gone before it is accepted", function* () {
    yield connect("a");
    yield act("a", "write", "last words");
    yield act("a", "close");
    yield* askAll("accept 3", "poll r4 c0", "recv 4 99", "recv 4 99", "poll r4 w4 c0");
  }),
  scene("a client that was reset before it is accepted", function* () {
    yield connect("a");
    yield act("a", "reset");
    yield* askAll("poll-one 3 r", "accept 3", "poll r4 c0", "peek 4", "peek 4", "send 4 x");
  }),
  scene("an accept that blocks", function* () {
    yield connect("a");
    yield* askAll("accept 3 blocking");
    yield later(50, "a", "write", "late");
    yield* askAll("peek 4", "recv 4 99");
  }),
];

const reading: Scene[] = [
  scene("a peek takes nothing, a read takes what it asks for", function* () {
    yield* join("a", 4);
    yield* askAll("peek 4", "recv 4 10", "poll-one 4 r");
    yield act("a", "write", "abcdef");
    yield arrived(4);
    yield* askAll("peek 4", "poll r4 c0", "recv 4 2", "recv 4 3", "poll r4 c0", "recv 4 10");
    yield* askAll("recv 4 10", "peek 4", "poll r4 c1000");
  }),
  scene("a read of no bytes", function* () {
    yield* join("a", 4);
    yield* askAll("recv 4 0");
    yield act("a", "write", "abc");
    yield arrived(4);
    yield* askAll("recv 4 0", "recv 4 9");
    yield act("a", "end");
    yield arrived(4);
    yield* askAll("recv 4 0", "recv 4 9");
  }),
  scene("one byte looks like nothing", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield act("a", "write", "x");
    yield arrived(4);
    yield* askAll("poll r4 r5 r3 c1000000000", "poll r5 c1000", "poll-one 5 r", "recv 4 9");
  }),
  scene("a read that blocks until something comes", function* () {
    yield* join("a", 4, " blocking");
    yield later(50, "a", "write", "at last");
    yield* askAll("recv 4 99");
    yield later(50, "a", "end");
    yield* askAll("recv 4 99");
  }),
  scene("a blocking connection is made non-blocking", function* () {
    yield* join("a", 4, " blocking");
    yield* askAll("set-nonblocking 4", "recv 4 9", "set-nonblocking 3", "set-nonblocking 0");
    yield* askAll("set-nonblocking 1", "set-nonblocking 99");
  }),
  scene("the end of a stream", function* () {
    yield* join("a", 4);
    yield act("a", "end");
    yield arrived(4);
    yield* askAll("peek 4", "poll r4 c0", "poll w4 c0", "recv 4 9", "recv 4 9", "send 4 bye");
    yield heard("a", 3);
    yield* askAll("poll r4 w4 c0", "close 4");
    yield over("a");
  }),
  scene("the end of a stream behind its last bytes", function* () {
    yield* join("a", 4);
    yield act("a", "write", "abc");
    yield act("a", "end");
    yield arrived(4);
    yield* askAll("poll r4 c0", "recv 4 2", "poll r4 c0", "recv 4 9", "poll r4 c0", "recv 4 9");
  }),
];

const writing: Scene[] = [
  scene("what is sent arrives, in order", function* () {
    yield* join("a", 4);
    yield* askAll("send 4 one", "send 4 two", "send 4 three", "poll w4 c0", "poll-one 4 w");
    yield heard("a", 11);
  }),
  scene("a send of no bytes", function* () {
    yield* join("a", 4);
    yield* askAll("send 4 ", "shutdown 4", "send 4 ", "send 4 x");
    yield over("a");
  }),
  scene("a peer that does not read", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield act("a", "pause");
    yield* askAll("fill 4", "poll-one 4 w", "poll w4 c1000000", "poll-one 5 w");
    yield* askAll("poll w4 w5 c1000000000", "poll r3 w4 w5 c1000000000", "recv 4 9");
    yield act("a", "resume");
    yield ask("poll-one 4 w", (answer) => answer === "1");
    yield* askAll("send 4 x", "poll w4 c1000000000");
  }),
  scene("a full socket whose peer is reset", function* () {
    yield* join("a", 4);
    yield act("a", "pause");
    yield* askAll("fill 4", "poll-one 4 w");
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("poll w4 c0", "poll r4 w4 c0", "fill 4", "fill 4", "recv 4 9", "poll w4 c0");
  }),
  scene("a full socket that is closed: the rest still arrives", function* () {
    yield* join("a", 4);
    yield act("a", "pause");
    yield* askAll("send 4 hello", "shutdown 4", "close 4");
    yield act("a", "resume");
    yield over("a");
    yield heard("a", 5);
  }),
];

const ending: Scene[] = [
  scene("our side ends first", function* () {
    yield* join("a", 4);
    yield* askAll("shutdown 4");
    yield over("a");
    yield* askAll("send 4 x", "recv 4 9", "poll r4 c1000", "poll w4 c0", "poll r4 w4 c0");
    yield act("a", "write", "still here");
    yield arrived(4);
    yield* askAll("poll r4 c0", "recv 4 99", "shutdown 4");
    yield act("a", "end");
    yield arrived(4);
    yield* askAll("poll r4 c0", "poll w4 c0", "recv 4 9", "send 4 x", "shutdown 4");
  }),
  scene("the peer's side ends first", function* () {
    yield* join("a", 4);
    yield act("a", "end");
    yield arrived(4);
    yield* askAll("send 4 x", "shutdown 4", "send 4 x", "recv 4 9", "poll r4 w4 c0");
    yield over("a");
    yield* askAll("shutdown 4", "poll r4 r3 c1000000000", "close 4");
  }),
  scene("a close with nothing unread is an end", function* () {
    yield* join("a", 4);
    yield* askAll("send 4 bye", "close 4");
    yield over("a");
    yield heard("a", 3);
  }),
  scene("a close with something unread is a reset", function* () {
    yield* join("a", 4);
    yield act("a", "write", "unread");
    yield arrived(4);
    yield* askAll("close 4");
    yield over("a");
  }),
  scene("a write to a connection that the guest has closed resets it", function* () {
    yield* join("a", 4);
    yield* askAll("close 4");
    yield over("a");
    yield act("a", "write", "hello?");
    yield over("a");
  }),
  scene("a peer that has gone for good", function* () {
    yield* join("a", 4);
    yield act("a", "close");
    yield arrived(4);
    yield* askAll("poll r4 w4 c0", "send 4 one");
    yield ask("poll-one 4 w", (answer) => answer === "2");
    yield* askAll("poll r4 w4 c0", "recv 4 9", "poll r4 c0", "send 4 two", "send 4 three");
    yield* askAll("poll r4 w4 c0", "recv 4 9", "shutdown 4");
  }),
];

const resetting: Scene[] = [
  scene("a reset is told once, to the one who peeks", function* () {
    yield* join("a", 4);
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("poll r4 c0", "poll w4 c0", "poll r4 r3 w4 c0", "peek 4", "peek 4", "recv 4 9");
    yield* askAll("send 4 x", "poll r4 c0", "poll w4 c0", "poll r3 r4 c0", "shutdown 4", "close 4");
  }),
  scene("a reset is told once, to the one who reads", function* () {
    yield* join("a", 4);
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("recv 4 9", "recv 4 9", "send 4 x", "shutdown 4");
  }),
  scene("a reset is told once, to the one who sends", function* () {
    yield* join("a", 4);
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("send 4 ", "send 4 x", "send 4 x", "recv 4 9", "poll r4 c0");
  }),
  scene("a reset behind unread bytes", function* () {
    yield* join("a", 4);
    yield act("a", "write", "abc");
    yield arrived(4);
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("poll r4 c0", "peek 4", "recv 4 9", "recv 4 9", "recv 4 9", "send 4 x");
  }),
  scene("a reset after the end", function* () {
    yield* join("a", 4);
    yield act("a", "end");
    yield arrived(4);
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("poll r4 c0", "peek 4", "recv 4 9", "poll w4 c0", "send 4 x", "send 4 x");
  }),
  scene("a reset after our end", function* () {
    yield* join("a", 4);
    yield* askAll("shutdown 4");
    yield act("a", "reset");
    yield broken(4);
    yield* askAll("poll r4 w4 c0", "send 4 x", "recv 4 9", "recv 4 9", "shutdown 4");
  }),
];

const polling: Scene[] = [
  scene("reads are told before writes, clocks before both", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield act("b", "write", "abc");
    yield arrived(5);
    yield* askAll("poll w5 r4 c1000000000 w4 r5 r3", "poll w4 c0 r4", "poll r5 c0", "poll c0 r5");
    yield* askAll("poll c0 w4 c0 r3 c1000000000");
  }),
  scene("clocks alone", function* () {
    // Not two short ones: whether the second is due with the first is the machine's affair.
    yield* askAll("poll c0", "poll c1000", "poll c0 c0", "poll c0 c1000000000");
    yield* askAll("poll c1000000000 c1000", "poll r3 c1000000000 c0 c0");
  }),
  scene("nothing to wait for, and a descriptor that is stale", function* () {
    yield* join("a", 4);
    yield* askAll("poll", "close 4", "poll r4 c0", "poll w1 r4", "poll r4", "poll r99 w1 c0");
    yield* askAll("peek 4", "recv 4 9", "send 4 x", "shutdown 4", "poll-one 4 r", "accept 4");
    yield* askAll("set-nonblocking 4", "filetype 4", "close 4", "close 99");
  }),
  scene("the same descriptor twice", function* () {
    yield* join("a", 4);
    yield act("a", "write", "abc");
    yield arrived(4);
    yield* askAll("poll r4 r4 c1000000000", "poll w4 r4 w4 r4");
  }),
  scene("a wait that something ends", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield later(50, "b", "write", "wake up");
    yield* askAll("poll r3 r4 r5 c5000000000", "recv 5 99");
    yield later(50, "a", "end");
    yield* askAll("poll r4 r5");
    yield later(50, "b", "reset");
    yield* askAll("poll r5");
  }),
  scene("stdin, stdout and stderr", function* () {
    yield* askAll("poll-one 0 r", "poll-one 0 w", "poll-one 1 w", "poll-one 2 w", "poll r0 c1000");
    yield* askAll("poll w1 w2 c0", "poll r0 w1 c0", "poll-one 1 r", "poll r1 c1000", "poll r1 w1");
    yield* askAll("filetype 0", "filetype 1", "filetype 2", "watchable-stdin", "readiness");
  }),
  scene("calls on descriptors of another kind", function* () {
    yield* join("a", 4);
    for (const fd of [0, 1, 2, 3]) {
      yield* askAll(`peek ${fd}`, `recv ${fd} 9`, `send ${fd} x`, `shutdown ${fd}`);
    }
    yield* askAll("accept 0", "accept 1", "accept 4", "accept 99");
  }),
];

const selecting: Scene[] = [
  scene("a selector over a quiet and a busy connection", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield* askAll("new verified", "register 3 1 listener", "register 4 1 a", "register 5 3 b");
    yield act("a", "write", "abc");
    yield arrived(4);
    yield* askAll("select 0", "modify 5 1 b", "select 0", "recv 4 9", "select 0", "map");
    yield connect("c");
    yield* askAll("select 1", "accept 3", "select 0");
    yield act("b", "reset");
    yield broken(5);
    yield* askAll("select 1", "peek 5", "unregister 5", "select 0");
  }),
  scene("a selector whose descriptors go", function* () {
    yield* join("a", 4);
    yield* join("b", 5);
    yield* askAll("new default", "register 4 1 a", "register 5 1 b", "close 4", "select 0", "map");
    yield act("b", "end");
    yield arrived(5);
    yield* askAll("select 1", "recv 5 9", "close-selector");
  }),
];

export const SCENES: readonly Scene[] = [
  ...[...accepting, ...reading, ...writing, ...ending],
  ...[...resetting, ...polling, ...selecting],
];
