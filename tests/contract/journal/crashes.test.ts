/**
 * Kills the shipped chat before each of its calls, with writes that end at any byte, and starts it
 * again on the same disk: nothing acknowledged is lost, and nothing is there twice.
 */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { allLines, readJournal } from "../../../host/launcher/history/journal_files.js";
import { Disk } from "../../../lab/world/disk.js";
import type { Faults } from "../../../lab/world/faults.js";
import { Random } from "../../../lab/world/random.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { play, type Played } from "./support/play.js";

const FIRST_FILE_FD = 5;
const SAID = ["one", "/join den", "two", "three", "/topic of the day", "four"];

/** Returns the messages that the launcher's reader finds on a disk. */
function found(disk: Disk): { id: number; text: string }[] {
  const directory = temporaryDirectory();
  for (const name of disk.names())
    fs.writeFileSync(`${directory}/${name}`, disk.content(name) ?? "");
  return allLines(readJournal(directory)).map(({ id, text }) => ({ id: Number(id), text }));
}

/** Everything acknowledged in the first life is heard in the next one, once. */
function expectKept(first: Played, disk: Disk, seed: number): void {
  const acknowledged = first.heard.map(({ id, text }) => ({ id, text }));
  expect(found(disk)).toEqual(expect.arrayContaining(acknowledged));
  const asked = ["/history 100", "/join den", "/history 100", "five"];
  const next = play({ disk, seed, sync: "never", say: asked });
  const again = next.heard.map(({ id, text }) => ({ id, text }));
  expect(again).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(again.map(({ id }) => id)).size).toBe(again.length);
  expect(again.slice(-1).map(({ text }) => text)).toEqual(["five"]);
  const newest = (lines: { id: number }[]) => Math.max(0, ...lines.map(({ id }) => id));
  expect(newest(again)).toBeGreaterThan(newest(acknowledged));
}

/** Writes to files end early, now and then, anywhere. */
function shortWrites(seed: number): Faults {
  const random = new Random(seed);
  return {
    onCall: (call, fd, bytes) =>
      call === "fd_write" && fd >= FIRST_FILE_FD && bytes > 1 && random.chance(0.5)
        ? { mostBytes: random.between(1, bytes) }
        : undefined,
  };
}

describe("killed before each call", () => {
  const whole = play({ disk: new Disk(), seed: 1, sync: "never", say: SAID });
  const moments = Array.from({ length: whole.calls }, (_, call) => call + 1);

  test("the whole conversation takes a few hundred calls", () => {
    expect(whole.heard.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
    expect(whole.calls).toBeGreaterThan(100);
    expect(whole.calls).toBeLessThan(2000);
  });

  test("the end of the process takes nothing", { timeout: 120_000 }, () => {
    for (const callsMost of moments) {
      const disk = new Disk();
      const first = play({ disk, seed: 1, sync: "never", say: SAID, callsMost });
      expectKept(first, disk, callsMost);
    }
  });

  test(
    "the end of the process in the middle of a write takes nothing",
    { timeout: 120_000 },
    () => {
      let torn = 0;
      for (const callsMost of moments) {
        const disk = new Disk();
        const faults = shortWrites(callsMost);
        const first = play({ disk, seed: 1, sync: "interval", say: SAID, callsMost, faults });
        expectKept(first, disk, callsMost);
        const again = play({ disk: disk.clone(), seed: 1, sync: "never", say: [] });
        if (/a torn tail of/.test(again.log)) torn++;
      }
      expect(torn).toBe(0);
    },
  );

  test("a loss of power takes nothing that was synced", { timeout: 120_000 }, () => {
    for (const callsMost of moments) {
      const disk = new Disk();
      const first = play({ disk, seed: 1, sync: "always", say: SAID, callsMost });
      expectKept(first, disk.afterPowerLoss(new Random(callsMost)), callsMost);
    }
  });
});

test(
  "whatever fails in the disk, the chat goes on and nobody notices",
  { timeout: 120_000 },
  () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const disk = new Disk();
      const calls = [
        "fd_write",
        "fd_sync",
        "fd_filestat_set_size",
        "path_open",
        "path_unlink_file",
      ];
      let opened = false;
      const faults: Faults = {
        onCall: (call, fd) => {
          // What fails before it has begun is a reason not to begin.
          opened ||= call === "sock_accept";
          if (!opened || fd < 4 || !calls.includes(call) || !random.chance(0.3)) return undefined;
          return { errno: random.pick([29, 51]) };
        },
      };
      const { heard } = play({ disk, seed, sync: "always", say: SAID, faults });
      expect(heard.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
      const next = play({ disk, seed, sync: "never", say: ["/history 100"] });
      expect(new Set(next.heard.map(({ id }) => id)).size).toBe(next.heard.length);
    }
  },
);
