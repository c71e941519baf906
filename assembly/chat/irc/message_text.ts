/**
 * The text of a PRIVMSG or a NOTICE: without the codes for bold and colours, which other clients
 * cannot show, and with CTCP understood. The CTCP ACTION is what other users type as `/me`.
 */
import { MessageKind } from "../delivery/message";
import { BODY_BYTES_MOST } from "../protocol/irc/irc_line";
import { characterEnd } from "../protocol/irc/message_writer";
import { safeText } from "../protocol/safe_text";

const CTCP: u8 = 0x01;
const COLOUR: u8 = 0x03;
const HEX_COLOUR: u8 = 0x04;
const COMMA: u8 = 0x2c;
const SPACE: u8 = 0x20;
const ACTION = "ACTION";
/** The bytes that a line adds to the text of an action: `\x01ACTION \x01`. */
const ACTION_FRAME: i32 = 9;
/** The bytes that a line adds to the text of other CTCP: 0x01 at both ends. */
const CTCP_FRAME: i32 = 2;

const buffer = memory.data(1024);

export class MessageText {
  kind: MessageKind = MessageKind.MESSAGE;
  /** True for CTCP other than ACTION: only clients with IRC get it. */
  isCtcp: bool = false;
  /** The text, valid until the next one is read. */
  at: usize = buffer;
  length: u32 = 0;

  /** Reads the bytes of a parameter. */
  readParameter(from: usize, bytes: u32, isNotice: bool): void {
    let start = from;
    let end = from + min(bytes, BODY_BYTES_MOST);
    this.kind = isNotice ? MessageKind.NOTICE : MessageKind.MESSAGE;
    this.isCtcp = load<u8>(start) == CTCP && end > start + 1;
    if (this.isCtcp) {
      start++;
      // If the client has cut the line, the 0x01 at its end is missing.
      if (load<u8>(end - 1) == CTCP) end--;
      if (!isNotice && beginsWithAction(start, end)) {
        this.isCtcp = false;
        this.kind = MessageKind.ACTION;
        start = min(start + ACTION.length + 1, end);
      }
    }
    this.length = stripFormatting(start, end);
  }

  /** Cuts the text off, so that it takes at most `most` bytes of a line of IRC. */
  cutToFit(most: i32): void {
    const isAction = this.kind == MessageKind.ACTION;
    const frame = this.isCtcp ? CTCP_FRAME : isAction ? ACTION_FRAME : 0;
    if (<i32>this.length + frame > most) this.length = characterEnd(this.at, <u32>(most - frame));
  }

  /** Returns the text for IRC, sanitized, with the frame of CTCP. */
  ircText(): string {
    const text = safeText(this.at, this.length);
    if (this.isCtcp) return `\x01${text}\x01`;
    return this.kind == MessageKind.ACTION ? `\x01ACTION ${text}\x01` : text;
  }
}

function beginsWithAction(at: usize, end: usize): bool {
  if (<i32>(end - at) < ACTION.length) return false;
  for (let i = 0; i < ACTION.length; i++) {
    if (load<u8>(at + i) != <u8>ACTION.charCodeAt(i)) return false;
  }
  return at + ACTION.length == end || load<u8>(at + ACTION.length) == SPACE;
}

/** Copies a text to the buffer without the codes for bold and colours. @returns the bytes copied */
function stripFormatting(from: usize, end: usize): u32 {
  let to: u32 = 0;
  for (let at = from; at < end;) {
    const byte = load<u8>(at++);
    if (byte == COLOUR) at = afterColours(at, end, 2, false);
    else if (byte == HEX_COLOUR) at = afterColours(at, end, 6, true);
    else if (!isLook(byte)) store<u8>(buffer + to++, byte);
  }
  return to;
}

/** Returns true for bold, reset, monospace, reverse, italics, strikethrough and underline. */
function isLook(byte: u8): bool {
  if (byte == 0x02 || byte == 0x0f || byte == 0x11 || byte == 0x16) return true;
  return byte == 0x1d || byte == 0x1e || byte == 0x1f;
}

/** Returns the address after one colour, or two with a comma between them. */
function afterColours(at: usize, end: usize, digits: i32, isHex: bool): usize {
  const first = afterDigits(at, end, digits, isHex);
  if (first == at || first >= end || load<u8>(first) != COMMA) return first;
  const second = afterDigits(first + 1, end, digits, isHex);
  return second == first + 1 ? first : second;
}

function afterDigits(at: usize, end: usize, most: i32, isHex: bool): usize {
  const last = min(at + most, end);
  while (at < last && isDigit(load<u8>(at), isHex)) at++;
  return at;
}

function isDigit(byte: u8, isHex: bool): bool {
  if (byte >= 0x30 && byte <= 0x39) return true;
  const letter = byte | 0x20;
  return isHex && letter >= 0x61 && letter <= 0x66;
}
