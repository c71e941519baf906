/** The words with which Tab completes a line: commands, names and rooms. */
import { type ServerObject, textOf, textsOf } from "./objects.js";

/** The commands of docs/reference/commands.md, except `/style`: this client needs style json. */
export const COMMANDS: readonly string[] = [
  ...["/help", "/nick", "/join", "/part", "/in", "/rooms", "/who", "/whois", "/msg", "/reply"],
  ...["/me", "/topic", "/history", "/away", "/ignore", "/ping", "/quit"],
  ...["/op", "/deop", "/voice", "/devoice", "/kick", "/invite", "/mode"],
];
/** The commands that take a name, and those that take a room. */
const WITH_NAME: readonly string[] = [
  ...["/whois", "/msg", "/ignore", "/op", "/deop", "/voice", "/devoice", "/kick", "/invite"],
];
const WITH_ROOM: readonly string[] = ["/join", "/who", "/in"];
/** The most names, and the most rooms. The client forgets the oldest ones. */
const WORDS_MOST = 1_000;
/** Matches a name or a room that is safe to insert into the typed line. */
const SAFE = /^[\p{L}\p{M}\p{N}._:[\]-]{1,64}$/u;

export class KnownWords {
  readonly #names = new Set<string>();
  readonly #rooms = new Set<string>();

  /** Learns the names and rooms in an object of the server. */
  hear(object: ServerObject): void {
    switch (object.type) {
      case "leave":
        this.#names.delete(textOf(object, "from"));
        break;
      case "nick":
        this.#names.delete(textOf(object, "from"));
        keep(this.#names, textOf(object, "to"));
        break;
      case "who":
      case "names":
        for (const name of textsOf(object, "names")) keep(this.#names, name);
        break;
      default:
        keep(this.#names, textOf(object, "from"));
    }
    keep(this.#rooms, textOf(object, "room"));
  }

  /** Returns the completions of the last word of a line. */
  complete(line: string): string[] {
    const words = line.trimStart().split(/\s+/);
    const last = words.at(-1) ?? "";
    const [command = ""] = words;
    if (words.length === 1 && last === "") return [];
    if (words.length === 1 && last.startsWith("/")) return matching(COMMANDS, last, " ");
    if (words.length === 2 && WITH_ROOM.includes(command)) return matching(this.#rooms, last, " ");
    const isAddressed = words.length === 1;
    if (command.startsWith("/") && !WITH_NAME.includes(command) && words.length === 2) return [];
    return matching(this.#names, last, isAddressed ? ": " : " ");
  }
}

function keep(words: Set<string>, word: string): void {
  if (!SAFE.test(word)) return;
  // The newest word is the last one in the set.
  words.delete(word);
  words.add(word);
  const [oldest = ""] = words;
  if (words.size > WORDS_MOST) words.delete(oldest);
}

function matching(words: Iterable<string>, start: string, end: string): string[] {
  const lower = start.toLowerCase();
  return [...words]
    .filter((word) => word.toLowerCase().startsWith(lower))
    .map((word) => word + end)
    .sort();
}
