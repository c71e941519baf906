/**
 * Writes messages for IRC: `@time=...;msgid=... :ann!~a@host PRIVMSG #tea :hello`. A message that
 * is too long for a line of IRC becomes several lines (clients without IRC can send one), cut
 * between words if there is a space near the end.
 */
import { copyBytes } from "../../../text/copy_bytes";
import { Message, MessageKind } from "../../delivery/message";
import { PrivateMessage } from "../events";
import { Capability } from "./capabilities";
import { BODY_BYTES_MOST, NEWLINE_BYTES } from "./irc_line";
import { TIME_BYTES, writeTime } from "./time_tag";

/** A line is cut at a space if there is one among its last bytes, as many as this. */
const SPACE_WITHIN: u32 = 80;
/** The most bytes of the fixed parts of a line's tags, with the number of the part in the msgid. */
const FIXED_BYTES: u32 = 96;
const SPACE: u8 = 0x20;
const CTCP: u8 = 0x01;
/** The beginning of an action. */
const ACTION = "\x01ACTION ";
/** The bytes that a line adds to the text of an action: the beginning, and 0x01 at the end. */
const ACTION_BYTES: u32 = 9;

export class MessageWriter {
  private hasTime: bool;
  private hasTags: bool;

  constructor(
    /** The epoch of the ids of messages. */
    private epoch: u64,
    capabilities: u32,
  ) {
    this.hasTime = (capabilities & Capability.SERVER_TIME) != 0;
    this.hasTags = (capabilities & Capability.MESSAGE_TAGS) != 0;
  }

  /** Returns the most bytes that {@link write} may need. */
  mostBytes(message: Message): u32 {
    const head = headBytes(message);
    const room = BODY_BYTES_MOST - NEWLINE_BYTES - head - ACTION_BYTES;
    const lines = message.textBytes / (room - SPACE_WITHIN) + 1;
    const tags = TIME_BYTES + FIXED_BYTES + message.tagsBytes + message.batchBytes;
    return message.textBytes + lines * (head + ACTION_BYTES + tags);
  }

  /** Writes all lines of a message. @returns the bytes written */
  write(start: usize, message: Message, isPast: bool): u32 {
    const isAction = message.kind == MessageKind.ACTION;
    const most =
      BODY_BYTES_MOST - NEWLINE_BYTES - headBytes(message) - (isAction ? ACTION_BYTES : 0);
    let at = start;
    let text = message.text;
    let left = message.textBytes;
    for (let part = 1; part == 1 || left > 0; part++) {
      const taken = lengthOfCut(text, left, most);
      at = this.writeTags(at, message, part, isPast);
      at = writeHead(at, message);
      if (isAction) at = putText(at, ACTION);
      copyBytes(at, text, taken);
      at += taken;
      if (isAction) store<u8>(at++, CTCP);
      at = putText(at, "\r\n");
      text += taken;
      left -= taken;
      // The space at the cut is dropped.
      if (left > 0 && load<u8>(text) == SPACE) {
        text++;
        left--;
      }
    }
    return <u32>(at - start);
  }

  private writeTags(start: usize, message: Message, part: i32, isPast: bool): usize {
    let at = start;
    if (isPast && message.batchBytes > 0) {
      at = putBytes(putText(at, "@batch="), message.batch, message.batchBytes);
    }
    if (this.hasTime) {
      at = putText(at, at == start ? "@time=" : ";time=");
      writeTime(at, message.milliseconds);
      at += TIME_BYTES;
    }
    if (this.hasTags) {
      at = putText(at, `${at == start ? "@" : ";"}msgid=${this.epoch}-${message.id}`);
      if (part > 1) at = putText(at, `.${part}`);
      if (part == 1 && message.tagsBytes > 0) {
        at = putBytes(putText(at, ";"), message.tags, message.tagsBytes);
      }
    }
    return at == start ? at : putText(at, " ");
  }

  /** Returns a private message as lines. Its tags come with `@` and a space. */
  privateLines(event: PrivateMessage, tags: string): string {
    const command = event.kind == MessageKind.NOTICE ? "NOTICE" : "PRIVMSG";
    const head = `:${event.from.mask} ${command} ${event.to.name} :`;
    const isAction = event.kind == MessageKind.ACTION;
    const most =
      BODY_BYTES_MOST -
      NEWLINE_BYTES -
      <u32>String.UTF8.byteLength(head) -
      (isAction ? ACTION_BYTES : 0);
    const text = String.UTF8.encode(event.text);
    let at = changetype<usize>(text);
    let left = <u32>text.byteLength;
    let all = "";
    while (all == "" || left > 0) {
      const taken = lengthOfCut(at, left, most);
      const words = String.UTF8.decodeUnsafe(at, taken);
      all += `${tags}${head}${isAction ? `${ACTION}${words}\x01` : words}\r\n`;
      at += taken;
      left -= taken;
    }
    return all;
  }
}

/** Returns as much of a text as fits a line that begins with `begin`. */
export function fitText(begin: string, text: string): string {
  const most = BODY_BYTES_MOST - NEWLINE_BYTES - <u32>String.UTF8.byteLength(begin);
  const bytes = String.UTF8.encode(text);
  const at = changetype<usize>(bytes);
  const length = <u32>bytes.byteLength;
  return length <= most ? text : String.UTF8.decodeUnsafe(at, characterEnd(at, most));
}

/** Returns the bytes of a line before its text. */
function headBytes(message: Message): u32 {
  const names = message.fromBytes + message.addressBytes + message.roomBytes;
  return names + (message.kind == MessageKind.NOTICE ? 12 : 13);
}

/** Writes `:ann!~a@host PRIVMSG #tea :`. */
function writeHead(start: usize, message: Message): usize {
  let at = putText(start, ":");
  at = putBytes(at, message.from, message.fromBytes);
  at = putBytes(at, message.address, message.addressBytes);
  at = putText(at, message.kind == MessageKind.NOTICE ? " NOTICE #" : " PRIVMSG #");
  at = putBytes(at, message.room, message.roomBytes);
  return putText(at, " :");
}

/** Returns how many bytes of a text go into one line. */
function lengthOfCut(at: usize, length: u32, most: u32): u32 {
  if (length <= most) return length;
  for (let end = most; end + SPACE_WITHIN > most && end > 0; end--) {
    if (load<u8>(at + end) == SPACE) return end;
  }
  return characterEnd(at, most);
}

/** Returns the greatest number of bytes up to `most` that ends with a whole character. */
export function characterEnd(at: usize, most: u32): u32 {
  let end = most;
  while (end > 0 && (load<u8>(at + end) & 0xc0) == 0x80) end--;
  return end;
}

function putText(at: usize, text: string): usize {
  return at + String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
}

function putBytes(to: usize, from: usize, bytes: u32): usize {
  copyBytes(to, from, bytes);
  return to + bytes;
}
