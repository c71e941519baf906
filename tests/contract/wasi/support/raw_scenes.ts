/** Scenes for guest/raw.ts: calls that none of the programs makes. */
import { act, ask, connect, later, type Scene, type Script } from "./scene.js";

function* askAll(...commands: string[]): ReturnType<Script> {
  for (const command of commands) yield ask(command);
}

function* join(peer: string, fd: number, flags = 4): ReturnType<Script> {
  yield connect(peer);
  yield ask(`accept 3 ${flags}`, (answer) => answer === String(fd));
}

/** `peek` of one byte, in this guest's words. */
const arrived = (fd: number) => ask(`recv ${fd} 1 1`, (answer) => answer !== "AGAIN");

/** The right of `path_open` to read. */
const READ = 1 << 1;
/** The rights of `path_open` to read and write. */
const BOTH = READ | (1 << 6);

export const RAW_SCENES: readonly Scene[] = [
  {
    name: "who it is and what time it is",
    *script() {
      yield* askAll("environ", "clock 0", "clock 1", "clock 2", "clock 3", "resolution 2");
      yield* askAll("resolution 0", "random", "bad stale-first");
    },
  },
  {
    name: "the descriptors it was handed",
    *script() {
      for (const fd of [0, 1, 2, 3, 99]) {
        yield* askAll(`stat ${fd}`, `filestat ${fd}`, `sync ${fd}`, `prestat ${fd}`);
        yield* askAll(`prestat-name ${fd}`, `seek ${fd} 0 1`, `flags ${fd} 1`, `read ${fd} 0`);
      }
      yield* askAll("flags 3 0", "stat 3", "flags 3 4", "stat 3", "read 1 5", "write 0 x");
    },
  },
  {
    name: "a connection's flags",
    *script() {
      yield* join("a", 4);
      yield* join("b", 5, 0);
      yield* askAll("stat 4", "stat 5", "flags 4 0", "stat 4", "flags 5 4", "stat 5", "flags 4 8");
      yield* askAll("filestat 4", "sync 4", "seek 4 0 1", "prestat 4", "prestat-name 4");
      yield connect("c");
      yield* askAll("accept 3 1", "accept 3 4");
    },
  },
  {
    name: "several targets: the first that is not empty is filled",
    *script() {
      yield* join("a", 4);
      yield act("a", "write", "abcdefghij");
      yield arrived(4);
      yield* askAll("recv 4 1 0 2 9", "recv 4 0 2 9", "recv 4 0 0 0 3 3", "read 4 0 1 5");
      yield* askAll(
        "recv 4 0",
        "recv 4 0 0",
        "read 4 0",
        "recv 4 1 0",
        "read 4 99 1",
        "recv 4 0 9",
      );
      yield* askAll("recv 4 0 0", "recv 4 1 0", "recv 4 1", "recv 4 0", "recv 4 3 0");
    },
  },
  {
    name: "reading and writing a socket as a file",
    *script() {
      yield* join("a", 4);
      yield* askAll("write 4 ab c def", "send 4 gh i", "send 4", "write 4", "read 4 9");
      yield act("a", "write", "xyz");
      yield arrived(4);
      yield* askAll("read 4 2", "read 4 9", "read 4 9", "read 3 9", "write 3 x", "read 3 0");
      yield act("a", "end");
      yield arrived(4);
      yield* askAll("read 4 9", "read 4 0");
    },
  },
  {
    name: "WAITALL on a connection that is non-blocking loses what there was",
    *script() {
      yield* join("a", 4);
      yield* askAll("recv 4 2 4");
      yield act("a", "write", "abcdef");
      yield arrived(4);
      yield* askAll("recv 4 2 4", "recv 4 2 4", "recv 4 0 9", "recv 4 2 0", "recv 4 3 4");
    },
  },
  {
    name: "WAITALL on a connection that blocks waits for all",
    *script() {
      yield* join("a", 4, 0);
      yield act("a", "write", "ab");
      yield later(50, "a", "write", "cd");
      yield* askAll("recv 4 2 4");
    },
  },
  {
    name: "an end in one direction, in the other, in both, in none",
    *script() {
      yield* join("a", 4);
      yield* askAll("shutdown 4 0", "shutdown 4 1", "recv 4 0 9", "poll r4 1:0:0", "send 4 x");
      yield act("a", "write", "abc");
      yield* askAll("recv 4 0 9", "recv 4 0 9", "shutdown 4 2", "send 4 x", "poll r4 w4 1:0:0");
      yield* join("b", 5);
      yield* askAll("shutdown 5 3", "recv 5 0 9", "send 5 x", "poll r5 w5 1:0:0", "shutdown 5 3");
      yield* askAll("shutdown 0 3", "shutdown 3 3", "shutdown 99 3");
    },
  },
  {
    name: "clocks of every kind",
    *script() {
      yield* askAll("poll 1:1:0", "poll 0:1:0", "poll 2:0:0", "poll 3:0:1000", "poll 2:1:0");
      yield* askAll("poll 2:0:0 1:0:0", "poll 9:0:0", "poll 1:2:0", "poll 0:0:0 1:0:0");
      yield* askAll("poll 1:1:1000000:now", "poll 1:1:1000000:now r3", "poll 1:1:0 0:0:0 r3");
      yield* askAll("poll w1 0:1:0", "poll r99 0:1:0", "poll 0:1:0 r99", "poll w1 9:0:0");
      yield* askAll("poll w1 1:1:0 0:0:1000000000", "poll 0:0:1000000 1:0:50000000");
    },
  },
  {
    name: "a directory and what is in it",
    directory: true,
    *script() {
      yield* askAll(
        "prestat 4",
        "prestat-name 4",
        "prestat 5",
        "list 4 4096",
        "sync 4",
        "read 4 9",
      );
      yield* askAll("list 3 99", "list 9 99", `open 4 a 0 ${READ} 0`, `open 4 a 1 ${BOTH} 1`);
      yield* askAll(`open 4 a 5 ${BOTH} 0`, `open 4 b 5 ${BOTH} 1`, "list 4 4096", "list 4 60");
      yield* askAll(`open 4 ../b 0 ${READ} 0`, `open 4 .. 0 ${READ} 0`, `open 4 - 0 ${READ} 0`);
      yield* askAll(`open 4 /b 0 ${READ} 0`, `open 3 b 0 ${READ} 0`, `open 9 b 0 ${READ} 0`);
      yield* askAll(`open 4 b 2 ${READ} 0`, "unlink 4 c", "unlink 4 ../c", "unlink 4 b");
      yield* askAll("unlink 3 a", "unlink 9 a", "list 4 4096", `open 4 b 0 ${READ} 0`);
      yield* askAll("filestat 5", "filestat 6", "poll r5 w5 1:0:0");
    },
  },
  {
    name: "a file that is appended to, cut, and read from its beginning",
    directory: true,
    *script() {
      yield* askAll(`open 4 a 5 ${BOTH} 1`, "write 5 abc defgh", "filestat 5", "sync 5");
      yield* askAll(
        "seek 5 0 0",
        "write 5 ij",
        "filestat 5",
        "datasync 5",
        "seek 5 2 0",
        "read 5 4",
      );
      yield* askAll("seek 5 0 1", "seek 5 -2 2", "read 5 9", "read 5 9", "seek 5 -99 1");
      yield* askAll("set-size 5 4", "filestat 5", "write 5 XY", "set-size 5 9", "filestat 5");
      yield* askAll(`open 4 a 0 ${READ} 0`, "read 6 99", "read 6 99", "write 6 no", "set-size 6 1");
      yield* askAll("unlink 4 a", "write 5 more", "filestat 5", "sync 6");
      yield* askAll(
        `open 4 b 1 ${BOTH} 0`,
        "write 7 hello",
        "seek 7 1 0",
        "write 7 a",
        "seek 7 0 0",
      );
      yield* askAll("read 7 99", `open 4 b 8 ${BOTH} 0`, "filestat 8", "write 8", "write 3 x");
      yield* askAll("set-size 3 1", "set-size 4 1", "set-size 9 1", "datasync 9", "datasync 3");
    },
  },
];

/** Each ends the guest. */
export const TRAPPING: readonly string[] = [
  ...["bad clock-nowhere", "bad clock-odd", "bad poll-odd", "bad vectors-odd"],
  ...["bad random-nowhere", "bad write-nowhere", "clock 9", "flags 0 99", "seek 0 0 9"],
  ...["recv 0 8 5", "accept 0 64", "shutdown 0 4"],
];
