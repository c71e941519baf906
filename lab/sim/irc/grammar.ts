/**
 * A strict parser of the lines that an IRC server sends. It accepts what the specifications allow
 * a server to send, and no more; the guest's own parser is lenient, and is not used here.
 *
 *     [@tags SPACE] [:source SPACE] command {SPACE parameter} [SPACE :last] CR LF
 */
import { OracleFailure, quote } from "../failure.js";

/** The most bytes of a line without its tags, with CR LF. */
const BODY_BYTES_MOST = 512;
/** The most bytes of the tags that a server sends, with `@` and the space (message-tags). */
const TAGS_BYTES_MOST = 8191;
const NEWLINE_BYTES = 2;
const PARAMETERS_MOST = 15;

const TAG = /^(\+?(?:[^\0\r\n;=+ /]+\/)?[A-Za-z0-9-]+)(?:=((?:[^\0\r\n; \\]|\\[:s\\rn])*))?$/;
const SOURCE = /^[^\0\r\n !@]+(?:![^\0\r\n !@]+@[0-9A-Za-z_:.-]+)?$/;
const COMMAND = /^(?:[A-Z]+|[0-9]{3})$/;

export interface IrcLine {
  tags: ReadonlyMap<string, string>;
  /** Empty if the line has no source. */
  source: string;
  /** The nick of the source, or the server's name. */
  nick: string;
  /** The command in capitals, or a numeric. */
  command: string;
  parameters: readonly string[];
}

/**
 * Parses a line without its LF.
 *
 * @throws {OracleFailure} if it is not as the specifications say
 */
export function parseLine(bytes: Uint8Array): IrcLine {
  const wrong = (what: string): never => {
    throw new OracleFailure("grammar", `${what} in the IRC line ${quote(bytes, 600)}`);
  };
  if (bytes.at(-1) !== 0x0d) wrong("LF without CR");
  const text = decoded(bytes.subarray(0, -1)) ?? wrong("bytes that are not UTF-8");
  if (/[\0\r\n]/.test(text)) wrong("a forbidden byte");
  const [, tagText, body = ""] = /^(?:@([^ ]*) )?(.*)$/su.exec(text) ?? [];
  if (tagText !== undefined && Buffer.byteLength(tagText) + 2 > TAGS_BYTES_MOST) {
    wrong(`more than ${TAGS_BYTES_MOST} bytes of tags`);
  }
  if (Buffer.byteLength(body) + NEWLINE_BYTES > BODY_BYTES_MOST) {
    wrong(`more than ${BODY_BYTES_MOST} bytes`);
  }
  const tags = tagsOf(tagText) ?? wrong("a malformed tag, or one that comes twice,");
  const [, source = "", rest = ""] = /^(?::([^ ]*) )?(.*)$/su.exec(body) ?? [];
  if (body.startsWith(":") && !SOURCE.test(source)) wrong("a malformed source");
  const [command = "", ...parameters] = wordsOf(rest) ?? wrong("two spaces, or one at the end,");
  if (!COMMAND.test(command)) wrong("a malformed command");
  if (parameters.length > PARAMETERS_MOST) wrong(`more than ${PARAMETERS_MOST} parameters`);
  return { tags, source, nick: source.replace(/!.*/su, ""), command, parameters };
}

/** Splits a command and its parameters. @returns undefined if a word is empty */
function wordsOf(text: string): string[] | undefined {
  const colon = text.indexOf(" :");
  const words = (colon < 0 ? text : text.slice(0, colon)).split(" ");
  if (words.includes("")) return undefined;
  return colon < 0 ? words : [...words, text.slice(colon + 2)];
}

function tagsOf(text: string | undefined): Map<string, string> | undefined {
  const tags = new Map<string, string>();
  if (text === undefined) return tags;
  for (const one of text.split(";")) {
    const [, key, value = ""] = TAG.exec(one) ?? [];
    if (key === undefined || tags.has(key)) return undefined;
    tags.set(key, value);
  }
  return tags;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
