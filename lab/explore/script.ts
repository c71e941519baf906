/**
 * The script of a run: a program, a host, and the clients' acts with their times. It determines the
 * run, so a run can be passed on as one line: `echo,1000c0,4000w0hello%0A`.
 */
import type { Dialect } from "../../host/runtime/table/readiness.js";

/** The acts, with their letters in a link. */
const LETTERS = {
  connect: "c",
  write: "w",
  end: "e",
  pause: "p",
  resume: "r",
  console: "k",
} as const;

export type Deed = keyof typeof LETTERS;

export interface Act {
  /** Microseconds of virtual time. */
  at: number;
  does: Deed;
  /** The client's number from 0; 0 for the console. */
  client: number;
  /** The text to write; empty for acts without text. */
  text: string;
}

export interface Script {
  /** The module's name, as in `echo` or `chat_v1`. */
  program: string;
  /** The program's arguments, as in `blocking`. */
  words: string[];
  host: Dialect;
  acts: Act[];
}

/** The most characters of a link. */
export const LINK_CHARACTERS = 16_384;
export const CLIENTS_MOST = 64;
/** The latest time of an act, in microseconds: a minute of virtual time. */
export const TIME_MOST = 60_000_000;
const HOSTS: readonly Dialect[] = ["exact", "wasmtime-36"];

/** The error for an invalid link; its message says what is wrong, and where. */
export class BadLink extends Error {
  override readonly name = "BadLink";
}

export function linkOf({ program, words, host, acts }: Script): string {
  const head = [program, ...words].join(":") + (host === "exact" ? "" : `@${host}`);
  const tail = acts.map(
    ({ at, does, client, text }) => `${at}${LETTERS[does]}${client}${encoded(text)}`,
  );
  return [head, ...tail].join(",");
}

/** Encodes a text that follows a number: a digit at its start is encoded, too. */
function encoded(text: string): string {
  const start = /^\d/.test(text) ? `%3${text[0] ?? ""}` : "";
  return start + encodeURIComponent(text.slice(start === "" ? 0 : 1));
}

/**
 * Parses a link.
 *
 * @param link the output of {@link linkOf}, or an address that ends with `#run=` and the link
 * @throws BadLink
 */
export function scriptOf(link: string): Script {
  const text = link.slice(link.lastIndexOf("run=") + 1).replace(/^un=/, "");
  if (text.length > LINK_CHARACTERS)
    throw new BadLink(`the link has ${text.length} characters, at most ${LINK_CHARACTERS} go`);
  const [head = "", ...tail] = text.split(",");
  const [, names = "", host = "exact"] = /^([a-z0-9_:]+)(?:@([a-z0-9-]+))?$/.exec(head) ?? [];
  const [program = "", ...words] = names.split(":");
  if (program === "") throw new BadLink(`the link begins with no program: ${quoted(head)}`);
  const dialect = HOSTS.find((one) => one === host);
  if (dialect === undefined)
    throw new BadLink(`there is no host ${quoted(host)}, there are ${HOSTS.join(", ")}`);
  const acts = tail.map((one, index) => actOf(one, index + 1));
  return { program, words, host: dialect, acts: acts.sort((one, other) => one.at - other.at) };
}

function actOf(text: string, number: number): Act {
  const bad = (what: string) => new BadLink(`act ${number} of the link, ${quoted(text)}: ${what}`);
  const [, time = "", letter = "", client = "", said = ""] =
    /^(\d+)([a-z])(\d{1,3})(.*)$/s.exec(text) ?? [];
  if (time === "") throw bad("an act is a time, a letter and a client, as in 1000c0");
  const found = Object.entries(LETTERS).find(([, one]) => one === letter);
  if (found === undefined) throw bad(`there is no act ${letter}`);
  if (Number(time) > TIME_MOST) throw bad(`a time is at most ${TIME_MOST} microseconds`);
  if (Number(client) >= CLIENTS_MOST) throw bad(`a client is at most ${CLIENTS_MOST - 1}`);
  let words: string;
  try {
    words = decodeURIComponent(said);
  } catch {
    throw bad("its text is not percent-encoded UTF-8");
  }
  return { at: Number(time), does: found[0] as Deed, client: Number(client), text: words };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Returns the number of clients in the script. */
export function clientsOf({ acts }: Script): number {
  return acts.reduce(
    (most, { does, client }) => Math.max(most, does === "console" ? 0 : client + 1),
    0,
  );
}
