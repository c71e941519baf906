/**
 * Sentences about moments, made from the recorded data only. Each language is a table of the same
 * sentences.
 */
import { errnoName } from "../../host/runtime/abi.js";
import { textOf } from "../../host/runtime/bytes.js";
import type { Call, Watched } from "./calls.js";
import type { Moment, Role } from "./moment.js";
import { EN } from "./words_en.js";
import { ZH } from "./words_zh.js";

export type Language = "en" | "zh";

/** The data for a sentence about a call. */
export interface Said {
  /** The program's function that makes the call; undefined if it is unknown. */
  by: string | undefined;
  /** As in `sock_recv(4)`. */
  what: string;
  fd: number;
  moved: number;
  address: number;
  text: string;
  /** The name of the errno. */
  failure: string;
  /** The number of consecutive calls. */
  times: number;
}

/** The data for a sentence about a wait. */
export interface SaidWait {
  watched: string;
  count: number;
  told: string;
  waited: string;
  toldCount: number;
  /** The number that is really ready; undefined if it is unknown. */
  ready: number | undefined;
  times: number;
}

/** The sentences of one language. */
export interface Words {
  client: (client: number) => string;
  console: string;
  sleepsInPoll(watched: string): string;
  sleepsInCall(said: Said): string;
  stops: string;
  happening: Record<
    "connect" | "write" | "end" | "pause" | "resume" | "console" | "arrived" | "received" | "ended",
    (who: string, text: string) => string
  >;
  returns(wait: SaidWait): string;
  /** The last wait was followed by `times` equal ones. */
  again(times: number): string;
  asksInVain(said: Said): string;
  accepts(said: Said): string;
  reads(said: Said): string;
  readsEnd(said: Said): string;
  readsConsole(said: Said): string;
  sends(said: Said): string;
  closes(said: Said): string;
  logs(said: Said): string;
  verifies(said: Said, isReady: boolean): string;
  calls(said: Said): string;
  fails(said: Said): string;
}

const LANGUAGES: Record<Language, Words> = { en: EN, zh: ZH };
const QUOTED_CHARACTERS = 40;
const MILLISECOND_NS = 1_000_000;
const MICROSECOND_NS = 1_000;

export function wordsOf(language: Language): Words {
  return LANGUAGES[language];
}

export function say(moment: Moment, language: Language): string {
  const words = wordsOf(language);
  const { kind, happening, call, errno = 0, role = "other" } = moment;
  if (kind === "stop") return words.stops;
  if (happening !== undefined) {
    const who = happening.client < 0 ? words.console : words.client(happening.client);
    return words.happening[happening.what](who, quoted(happening.text));
  }
  if (call === undefined) return "";
  const by = callbackOf(moment);
  if (kind === "sleep")
    return call.poll === undefined
      ? words.sleepsInCall(saidOf(call, errno, by, 1))
      : words.sleepsInPoll(maskOf(call.poll.watched));
  return sayCall({ call, errno, role, by, times: moment.repeat }, language);
}

export interface ReturnedCall {
  call: Call;
  errno: number;
  role: Role;
  by?: string | undefined;
  times: number;
}

/** Returns the sentence about a call that has returned. */
export function sayCall(returned: ReturnedCall, language: Language): string {
  const words = wordsOf(language);
  const { call, errno, role, by, times } = returned;
  const said = saidOf(call, errno, by, times);
  if (call.poll !== undefined && errno === 0) {
    if (role === "verify") return words.verifies(said, call.poll.told.length > 0);
    return role === "wait" ? words.returns(waitOf(call.poll, times)) : words.calls(said);
  }
  if (role === "verify") return words.verifies(said, errno === 0);
  if (errno !== 0) return said.failure === "AGAIN" ? words.asksInVain(said) : words.fails(said);
  switch (call.name) {
    case "sock_accept":
      return words.accepts(said);
    case "sock_recv":
      if (call.peeks) return words.calls(said);
      return call.moved > 0 ? words.reads(said) : words.readsEnd(said);
    case "sock_send":
      return words.sends(said);
    case "fd_read":
      return words.readsConsole(said);
    case "fd_close":
      return words.closes(said);
    case "fd_write":
      return words.logs(said);
    default:
      return words.calls(said);
  }
}

/** Returns the innermost function of the program's own file, except the loop. */
export function callbackOf({ frames = [] }: Moment): string | undefined {
  const own = frames.filter(
    ({ file, short }) => /tutorial\/(?!program)/.test(file) && short !== "serve",
  );
  return own.at(-1)?.short;
}

function saidOf(call: Call, errno: number, by: string | undefined, times: number): Said {
  const { name, fd, peeks, moved, address = 0, bytes = new Uint8Array(0), poll } = call;
  const about = poll === undefined ? `${fd ?? ""}${peeks ? ", PEEK" : ""}` : maskOf(poll.watched);
  return {
    ...{
      by,
      what: `${name}(${about})`,
      fd: fd ?? poll?.watched[0]?.fd ?? -1,
      moved,
      address,
      times,
    },
    text: quoted(textOf(bytes)),
    failure: errno === 0 ? "" : errnoName(errno),
  };
}

function waitOf(poll: NonNullable<Call["poll"]>, times: number): SaidWait {
  return {
    watched: maskOf(poll.watched),
    count: new Set(poll.watched.map(({ fd }) => fd)).size,
    told: maskOf(poll.told),
    waited: poll.waited === 0 ? "" : timeOf(poll.waited),
    toldCount: poll.told.length,
    ready: poll.ready,
    times,
  };
}

/** Returns descriptors with the events they are watched for: `3 R, 4 RW`. */
export function maskOf(list: readonly Watched[]): string {
  const masks = new Map<number, string>();
  for (const { fd, type } of [...list].sort((one, other) => one.type - other.type))
    masks.set(fd, (masks.get(fd) ?? "") + (type === 1 ? "R" : "W"));
  return [...masks]
    .sort(([one], [other]) => one - other)
    .map(([fd, mask]) => `${fd} ${mask}`)
    .join(", ");
}

export function timeOf(nanoseconds: number): string {
  if (nanoseconds < MILLISECOND_NS) return `${Math.round(nanoseconds / MICROSECOND_NS)} µs`;
  const text = (nanoseconds / MILLISECOND_NS).toFixed(3);
  return `${text.replace(/\.?0+$/, "")} ms`;
}

function quoted(text: string): string {
  const short = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  return JSON.stringify(short);
}
