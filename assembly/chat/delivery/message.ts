/**
 * One line that somebody said, made safe, and how it looks in each style. It points to bytes that
 * lie elsewhere: a broadcast allocates nothing.
 */
import { STAMP_BYTES, writeStamp } from "../../text/calendar";
import { copyBytes } from "../../text/copy_bytes";
import { escapeJson, ESCAPE_GROWTH } from "../../text/json";
import { SANITIZE_GROWTH } from "../../text/sanitize";
import { LINE_BYTES_MOST } from "../limits";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";
import { Style } from "../protocol/style";

export enum MessageKind {
  /** `ann: hello` */
  MESSAGE = 0,
  /** `* ann waves`, by `/me waves` */
  ACTION = 1,
}

/** Where in a stamp the day ends and the time of the day begins. */
const TIME_AT: u32 = 11;
/**
 * The longest text in any style: bytes that grow when they are made safe are not those that JSON
 * escapes.
 */
export const TEXT_BYTES_MOST: u32 = <u32>LINE_BYTES_MOST * SANITIZE_GROWTH;
/** Everything in a rendering but names and text. */
const FRAME_BYTES: u32 = 128;

const SPACE: u8 = 0x20;
const NEWLINE: u8 = 0x0a;
const COLON: u8 = 0x3a;
const ASTERISK: u8 = 0x2a;

const stampText = memory.data(32);
let stampSeconds: i64 = i64.MIN_VALUE;
let stampZone: i32 = 0;

export class Message {
  kind: MessageKind = MessageKind.MESSAGE;
  /** Greater than that of everything said before in this epoch of the server. */
  id: u64 = 0;
  /** Since 1970. */
  milliseconds: i64 = 0;
  /** UTF-8, of the room's name and of the speaker's. */
  room: ArrayBuffer = new ArrayBuffer(0);
  from: usize = 0;
  fromBytes: u32 = 0;
  text: usize = 0;
  textBytes: u32 = 0;

  /** Bytes that {@link write} may need: the more there are, the fewer lines share a send. */
  most(style: Style): u32 {
    if (style != Style.JSON) return FRAME_BYTES + this.fromBytes + this.textBytes;
    const names = (<u32>this.room.byteLength + this.fromBytes) * ESCAPE_GROWTH;
    return FRAME_BYTES + names + min(this.textBytes * ESCAPE_GROWTH, TEXT_BYTES_MOST);
  }

  /**
   * Writes it in a style, with its newline.
   *
   * @param zone minutes east of UTC
   * @param dated with the day, for what was said in the past
   * @returns the bytes written
   */
  write(at: usize, style: Style, zone: i32, dated: bool): u32 {
    const start = at;
    if (style == Style.JSON) return this.writeJson(at);
    const from: u32 = dated || style == Style.TUTORIAL ? 0 : TIME_AT;
    this.stamp(zone);
    at = copy(at, stampText + from, STAMP_BYTES - from);
    store<u8>(at++, SPACE);
    if (this.kind == MessageKind.ACTION && style != Style.TUTORIAL) {
      store<u8>(at++, ASTERISK);
      store<u8>(at++, SPACE);
    }
    at = copy(at, this.from, this.fromBytes);
    if (style == Style.TUTORIAL) {
      store<u8>(at++, NEWLINE);
    } else {
      if (this.kind == MessageKind.MESSAGE) store<u8>(at++, COLON);
      store<u8>(at++, SPACE);
    }
    at = copy(at, this.text, this.textBytes);
    store<u8>(at++, NEWLINE);
    return <u32>(at - start);
  }

  private writeJson(start: usize): u32 {
    const type = this.kind == MessageKind.ACTION ? "action" : "message";
    const time = `"time":${this.seconds},"ms":${this.milliseconds % MILLISECONDS_PER_SECOND}`;
    let at = put(start, `{"type":"${type}","id":${this.id},${time},"room":"`);
    at += escapeJson(at, changetype<usize>(this.room), <u32>this.room.byteLength);
    at = put(at, '","from":"');
    at += escapeJson(at, this.from, this.fromBytes);
    at = put(at, '","text":"');
    at += escapeJson(at, this.text, this.textBytes);
    at = put(at, '"}\n');
    return <u32>(at - start);
  }

  /** Most lines are said in the second of the line before. */
  private stamp(zone: i32): void {
    const seconds = this.seconds;
    if (seconds == stampSeconds && zone == stampZone) return;
    stampSeconds = seconds;
    stampZone = zone;
    writeStamp(stampText, seconds + <i64>zone * 60);
  }

  /** Since 1970. */
  private get seconds(): i64 {
    return this.milliseconds / MILLISECONDS_PER_SECOND;
  }
}

function copy(to: usize, from: usize, bytes: u32): usize {
  copyBytes(to, from, bytes);
  return to + bytes;
}

function put(at: usize, text: string): usize {
  return at + String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
}
