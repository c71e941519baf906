/**
 * A journal that the first version of the format wrote: the chat reads it, goes on in a segment of
 * its own version, and the launcher's reader agrees. Its times are seconds, and it has no epoch.
 */
import fs from "node:fs";
import { expect, test } from "vitest";
import { allLines, readJournal } from "../../../host/launcher/history/journal_files.js";
import { Disk } from "../../../lab/world/disk.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { play } from "./support/play.js";

const [FIRST, SECOND] = ["chat-00000001.journal", "chat-00000002.journal"];
/** ann said `one` and `/me waves` in the lobby, a topic and `two` in den; a network is banned. */
const VERSION_1 = Buffer.from(
  [
    "cG9sbGNhc3QBAAAAAAAAAAEAAAAAAAAAAAAAADpCFSx+9HMUGAAAAAQAAAAAAAAAAAAAABAnAAAAAAAAAAAAAAAA",
    "AAC6jbjIDAAAAAUAAAAAAAAABAAAAGJhbnOhftHoDQAAAAUAAAAAAAAABQAAAG11dGVzjzu1hh8AAAABAAAAAQAA",
    "AAAAAAABuVVpAAAAAAAFAwBsb2JieWFubm9uZZbmCb0hAAAAAQAAAAIAAAAAAAAAArlVaQAAAAABBQMAbG9iYnlh",
    "bm53YXZlczzMTvEZAAAAAgAAAAAAAAAAAAAAAwAAAGRlbm9mIHRoZSBkYXlZ1z2fHQAAAAEAAAADAAAAAAAAAAS5",
    "VWkAAAAAAAMDAGRlbmFubnR3b0CHgfcgAAAABQAAAAAAAAAEAAAAYmFuczAgMTkyLjAuMi4wLzI0IHNwYW0KvuZG",
    "kBgAAAAEAAAAAwAAAAAAAAADAAAAAAAAAAAAAAAAAAAA",
  ].join(""),
  "base64",
);
const KEPT = [
  { id: 1, time: 1_767_225_601, ms: 0, room: "lobby", from: "ann", text: "one" },
  { id: 2, time: 1_767_225_602, ms: 0, room: "lobby", from: "ann", text: "waves" },
  { id: 3, time: 1_767_225_604, ms: 0, room: "den", from: "ann", text: "two" },
];
const say = ["/history 10", "/join den", "/history since 1", "three"];

test("a journal of version 1 is read, and gone on with in version 2", () => {
  const disk = new Disk();
  disk.put(FIRST, VERSION_1);
  const first = play({ disk, seed: 1, sync: "never", say });
  expect(first.heard).toMatchObject([...KEPT, { id: 4, room: "den", text: "three" }]);
  expect(disk.content(FIRST)).toEqual(VERSION_1);
  expect(disk.content(SECOND)?.readUInt32LE(8)).toBe(2);
  expect(first.epoch).toBeGreaterThan(1_767_225_600_000_000);

  const next = play({ disk, seed: 2, sync: "never", say });
  expect(next.heard).toMatchObject([...KEPT, { id: 4, text: "three" }, { id: 5 }]);
  expect(next.heard[3]).toEqual(first.heard[3]);
  expect(next.epoch).toBe(first.epoch);

  const directory = temporaryDirectory();
  for (const [name, content] of disk.files) fs.writeFileSync(`${directory}/${name}`, content);
  const lines = allLines(readJournal(directory)).map(({ id, milliseconds, room, from, text }) => {
    const [time, ms] = [Math.floor(milliseconds / 1000), milliseconds % 1000];
    return { id: Number(id), time, ms, room, from, text };
  });
  const heard = [...first.heard, ...next.heard.slice(-1)];
  expect(lines).toEqual(
    heard.map(({ id, time, ms, room, from, text }) => ({ id, time, ms, room, from, text })),
  );
});
