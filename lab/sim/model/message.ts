/**
 * A message in a room, and its rendering in each style, after guide/chat.md and
 * reference/protocol.md.
 */
import type { Session } from "./session.js";
import type { Style } from "./settings.js";

export interface Message {
  kind: "message" | "action";
  id: number;
  /** Milliseconds since 1970. */
  milliseconds: number;
  room: string;
  from: string;
  /** The session of the speaker; undefined for a message of an earlier life of the server. */
  author?: Session;
  text: Buffer;
}

/**
 * Renders a message.
 *
 * @param zone minutes east of UTC
 * @param dated true for old messages, which also have the date
 */
export function rendered(message: Message, style: Style, zone: number, dated: boolean): Buffer {
  const { kind, id, milliseconds, room, from, text } = message;
  const seconds = Math.floor(milliseconds / 1000);
  if (style === "json" || style === "json2") {
    const time = { time: seconds, ms: milliseconds % 1000 };
    const object = { type: kind, id, ...time, room, from, text: text.toString() };
    return Buffer.from(`${JSON.stringify(object)}\n`);
  }
  const stamp = stampAt(seconds, zone);
  const [head, end] = [(before: string) => Buffer.from(before), Buffer.from("\n")];
  if (style === "tutorial") return Buffer.concat([head(`${stamp} ${from}\n`), text, end]);
  const time = dated ? stamp : stamp.slice("YYYY/MM/DD ".length);
  const who = kind === "action" ? `* ${from}` : `${from}:`;
  return Buffer.concat([head(`${time} ${who} `), text, end]);
}

let last = { seconds: NaN, zone: NaN, text: "" };

/** Returns the time as `YYYY/MM/DD HH:MM:SS`. */
function stampAt(seconds: number, zone: number): string {
  if (last.seconds !== seconds || last.zone !== zone) {
    const text = new Date((seconds + zone * 60) * 1000).toISOString();
    last = {
      seconds,
      zone,
      text: `${text.slice(0, 10).replaceAll("-", "/")} ${text.slice(11, 19)}`,
    };
  }
  return last.text;
}
