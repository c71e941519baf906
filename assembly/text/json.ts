/** Writes JSON for programs: one object in each line. */

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const TAB: u8 = 0x09;
const LETTER_T: u8 = 0x74;

/** The factor by which escaping can lengthen a text. */
export const ESCAPE_GROWTH: u32 = 2;

/**
 * Escapes a text for a JSON string. The text must be sanitized (sanitize.ts), so that a tab is its
 * only control character. There must be room for `length * ESCAPE_GROWTH` bytes at `to`.
 *
 * @returns the bytes written
 */
export function escapeJson(to: usize, from: usize, length: u32): u32 {
  let at = to;
  for (const end = from + length; from < end; from++) {
    const byte = load<u8>(from);
    if (byte == QUOTE || byte == BACKSLASH || byte == TAB) store<u8>(at++, BACKSLASH);
    store<u8>(at++, byte == TAB ? LETTER_T : byte);
  }
  return <u32>(at - to);
}

/** Returns how many bytes {@link escapeJson} adds to a text. */
export function countEscapes(at: usize, length: u32): u32 {
  let count: u32 = 0;
  for (const end = at + length; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == TAB || byte == BACKSLASH || byte == QUOTE) count++;
  }
  return count;
}

/** A builder for an object: `new JsonObject("notice").text("text", "hello").line()`. */
export class JsonObject {
  private written: string = "";

  /** @param type the value of a first field `type`; empty for none */
  constructor(type: string = "") {
    if (type != "") this.text("type", type);
  }

  /** Adds a text field. The value must be sanitized, and may have several lines. */
  text(name: string, value: string): JsonObject {
    return this.json(name, `"${escaped(value)}"`);
  }

  texts(name: string, values: Array<string>): JsonObject {
    const quoted = values.map<string>((value) => `"${escaped(value)}"`);
    return this.json(name, `[${quoted.join(",")}]`);
  }

  number(name: string, value: i64): JsonObject {
    return this.json(name, value.toString());
  }

  /** Adds a field whose value is JSON already. */
  json(name: string, value: string): JsonObject {
    this.written += `${this.written == "" ? "" : ","}"${name}":${value}`;
    return this;
  }

  /** Returns the object. */
  toString(): string {
    return `{${this.written}}`;
  }

  /** Returns the object with a newline. */
  line(): string {
    return `${this.toString()}\n`;
  }
}

function escaped(value: string): string {
  const quoted = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return quoted.replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}
