/**
 * Kills a server with a journal again and again at random moments, and checks that no acknowledged
 * message is lost or duplicated: in the files, as an independent reader finds them, and for clients
 * that resume.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { allLines, readJournal } from "../../host/launcher/history/journal_files.js";
import { DATA_NAME, launchGuest, type Guest } from "../../host/launcher/guest/launch.js";
import { type HostListener, openListener } from "../../host/launcher/serve/listener.js";
import { findModule, findProgram } from "../../host/launcher/base/programs.js";
import { Random } from "../world/random.js";
import type { Abi } from "../../host/launcher/base/config.js";
import { Talker } from "./talker.js";

const MEMORY_BYTES = 256 * 1024 * 1024;
/**
 * A kill comes within this time after all talkers have begun. It comes earlier if a talker has sent
 * all its lines.
 */
const KILL_WITHIN_MS = 120;
const START_WAIT_MS = 60_000;
/** A small journal, so that segments are created and removed all the time. */
const DATA_MIB = "1";
const HISTORY_LINES = "10000";
const ROOMS = ["lobby", "den"] as const;
const TALKERS = 6;

export interface Plan {
  times: number;
  seed: number;
  sync: string;
  /** The path of a wasmtime; undefined runs the guest on Node. */
  wasmtime: string | undefined;
  /** The module by default; a component opens its own listener. */
  abi?: Abi;
  signal?: AbortSignal;
  progress?: (kills: number) => void;
}

export interface Result {
  kills: number;
  acknowledged: number;
  /** Acknowledged messages that are not in the files after a kill. */
  lost: string[];
  /**
   * Messages that are in the files under two ids, or that a client received twice or out of order.
   */
  doubled: string[];
  /** Acknowledged messages that a client did not receive when it resumed. */
  missed: string[];
  tornTails: number;
  damages: number;
  /** Segments that were created. */
  segments: number;
}

export async function killAgainAndAgain(plan: Plan): Promise<Result> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-kills-"));
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  if (plan.abi === "p3") await listener.close();
  const random = new Random(plan.seed);
  const result: Result = {
    ...{ kills: 0, acknowledged: 0, lost: [], doubled: [], missed: [] },
    ...{ tornTails: 0, damages: 0, segments: 0 },
  };
  let allSaid = new AbortController();
  const talkers = Array.from(
    { length: TALKERS },
    (_, index) =>
      new Talker(`talker${index}`, ROOMS[index % ROOMS.length] ?? "lobby", () => allSaid.abort()),
  );
  try {
    while (result.kills < plan.times && plan.signal?.aborted !== true) {
      allSaid = new AbortController();
      const guest = launch(plan, directory, listener);
      await listens(guest);
      await Promise.all(talkers.map((talker) => talker.begin(listener.port)));
      // A kill may also come while they begin to talk: the first write is as good a moment as any.
      await sleepUnless(allSaid.signal, (random.next() / 2 ** 32) * KILL_WITHIN_MS);
      guest.kill("SIGKILL");
      await guest.exited;
      await Promise.all(talkers.map((talker) => talker.ended()));
      result.kills++;
      judge(result, directory, talkers);
      plan.progress?.(result.kills);
    }
  } finally {
    for (const talker of talkers) talker.destroy();
    await listener.close();
    fs.rmSync(directory, { recursive: true, force: true });
  }
  return result;
}

/** Sleeps for a time, or until `signal`. */
async function sleepUnless(signal: AbortSignal, milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

function launch({ wasmtime, abi, sync }: Plan, directory: string, listener: HostListener): Guest {
  const isComponent = abi === "p3";
  return launchGuest({
    ...{ wasmtime, abi },
    module: findModule(findProgram("chat"), abi),
    args: [
      ...(isComponent ? ["--listen", listener.address] : []),
      ...["--stop-at-eof", "--address", "kills", "--style", "json"],
      ...["--rate", "0", "--room-rate", "0", "--unknown-share", "0", "--announce", "0"],
      ...["--data", DATA_NAME, "--data-size", DATA_MIB, "--sync", sync],
      ...["--history", HISTORY_LINES],
    ],
    listeners: isComponent ? [] : [listener.fd],
    maxMemoryBytes: MEMORY_BYTES,
    directory,
  });
}

/** Waits until the guest listens. Its later output is ignored. */
async function listens(guest: Guest): Promise<void> {
  let said = "";
  guest.stdout.resume();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it does not serve: ${said}`)), START_WAIT_MS);
    const stop = (): void => clearTimeout(timer);
    guest.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(0, 4096);
      if (!said.includes("listening on")) return;
      stop();
      resolve();
    });
    void guest.exited.then(({ code }) => {
      stop();
      reject(new Error(`it ended with ${code ?? "a signal"}: ${said}`));
    });
  });
}

/** Checks, after a kill, everything that was acknowledged since the kill before. */
function judge(result: Result, directory: string, talkers: readonly Talker[]): void {
  const segments = readJournal(directory);
  const newest = segments.at(-1);
  if (newest !== undefined && newest.bytes > newest.end) result.tornTails++;
  result.damages += segments.flatMap(({ damages }) => damages).length;
  result.segments = Math.max(result.segments, Number(/\d+/.exec(newest?.name ?? "0")?.[0]));
  const kept = allLines(segments);
  const byId = new Map(kept.map((line) => [Number(line.id), line]));
  const texts = new Map<string, number>();
  for (const { text, from, id } of kept) {
    const said = `${from}: ${text}`;
    if (texts.has(said)) result.doubled.push(`${said} is ${texts.get(said)} and ${id}`);
    texts.set(said, Number(id));
  }
  for (const talker of talkers) {
    for (const { id, text } of talker.acknowledged) {
      const line = byId.get(id);
      if (line?.text !== text || line.room !== talker.room) result.lost.push(`${id} ${text}`);
    }
    for (const { id, text } of talker.doubled) result.doubled.push(`${id} ${text} heard again`);
  }
  missing(result, talkers);
  for (const talker of talkers) {
    result.acknowledged += talker.acknowledged.length;
    talker.acknowledged.length = 0;
    talker.doubled.length = 0;
  }
}

/**
 * Checks that each talker received the acknowledged messages of its room, up to the last one it
 * received.
 */
function missing(result: Result, talkers: readonly Talker[]): void {
  for (const talker of talkers) {
    const heard = new Set(talker.heard.map(({ id }) => id));
    const last = talker.heard.at(-1)?.id ?? 0;
    const first = talker.heard[0]?.id ?? 0;
    for (const other of talkers.filter(({ room }) => room === talker.room)) {
      for (const { id, text } of other.acknowledged) {
        if (id >= first && id < last && !heard.has(id))
          result.missed.push(`${talker.name} has not heard ${id} ${text}`);
      }
    }
  }
}
