/**
 * A message that a user says in a room, made safe. It points to bytes that lie elsewhere, so that a
 * broadcast allocates nothing. A protocol writes it.
 */
import { SANITIZE_GROWTH } from "../../text/sanitize";
import { LINE_BYTES_MOST } from "../limits";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";

export enum MessageKind {
  /** `ann: hello` */
  MESSAGE = 0,
  /** `* ann waves`, by `/me waves` */
  ACTION = 1,
}

/**
 * The longest text in any style: bytes that grow when they are made safe are not those that JSON
 * escapes.
 */
export const TEXT_BYTES_MOST: u32 = <u32>LINE_BYTES_MOST * SANITIZE_GROWTH;

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

  /** Since 1970, in seconds. */
  get seconds(): i64 {
    return this.milliseconds / MILLISECONDS_PER_SECOND;
  }
}
