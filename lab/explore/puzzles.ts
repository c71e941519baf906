/** Puzzles for a reader. The recording of the reader's run decides whether a puzzle is solved. */
import type { Recording } from "./moment.js";

export type PuzzleName = "longest" | "both" | "lost" | "cured";

export interface Verdict {
  done: boolean;
  /** A measure of progress towards the solution, in virtual microseconds, bytes or calls. */
  value: number;
}

/** The program of each puzzle, and its judge. */
export const PUZZLES: Record<PuzzleName, { program: string; judge(run: Recording): Verdict }> = {
  /** Client 3 waits longer than two milliseconds from its line to its answer. */
  longest: { program: "chat_v0", judge: longest },
  /** One poll reports a client as readable and writable: mask 0b11. */
  both: { program: "chat_v2", judge: both },
  /** v1 sends a message that a client's socket does not take completely. */
  lost: { program: "chat_v1", judge: lost },
  /** Something was queued, and after it was sent no client is watched for EVENT_WRITE. */
  cured: { program: "chat_v3", judge: cured },
};

const WAIT_LEAST = 2_000;
const THIRD = 2;

function longest({ moments, now }: Recording): Verdict {
  const at = (what: string) =>
    moments.find(({ happening }) => happening?.what === what && happening.client === THIRD)?.at;
  const said = at("write");
  if (said === undefined) return { done: false, value: 0 };
  const heard = at("received");
  const value = Math.round(((heard ?? now) - said) / 1000);
  return { done: heard !== undefined && value > WAIT_LEAST, value };
}

function both({ moments }: Recording): Verdict {
  const masks = moments.flatMap(({ kind, call }) => {
    const told = kind === "call" ? (call?.poll?.told ?? []) : [];
    return told.map(({ fd }) =>
      told.filter((one) => one.fd === fd && fd > 3).reduce((mask, { type }) => mask | type, 0),
    );
  });
  const value = Math.max(0, ...masks);
  return { done: value === 3, value };
}

function lost({ log, moments }: Recording): Verdict {
  const value = log.split(" lost part of a message").length - 1;
  return { done: value > 0 && moments.length > 0, value };
}

function cured({ moments }: Recording): Verdict {
  const waits = moments.filter(({ role }) => role === "wait");
  const watchesWrite = (at: number) =>
    waits.at(at)?.call?.poll?.watched.some(({ type }) => type === 2) ?? false;
  const value = waits.filter((_, at) => watchesWrite(at)).length;
  return { done: value > 0 && !watchesWrite(-1), value };
}
