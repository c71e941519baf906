/** JSON for programs at the other end: one object a line, written without parsing anything. */

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const TAB: u8 = 0x09;
const LETTER_T: u8 = 0x74;

/** One byte in makes at most this many out. */
export const ESCAPE_GROWTH: u32 = 2;

/**
 * Copies text that has been made safe (sanitize.ts: a tab is the only control left) into a JSON
 * string. There must be room for `length * ESCAPE_GROWTH` bytes at `to`.
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

/** An object under construction: `new JsonObject("notice").text("text", "hello").line()`. */
export class JsonObject {
  private written: string = "";

  /** @param type its first field; empty for none */
  constructor(type: string = "") {
    if (type != "") this.text("type", type);
  }

  /** Adds a field with text that has been made safe, in lines or not. */
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

  /** The object. */
  toString(): string {
    return `{${this.written}}`;
  }

  /** The object, and the newline that ends it. */
  line(): string {
    return `${this.toString()}\n`;
  }
}

function escaped(value: string): string {
  const quoted = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return quoted.replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}
