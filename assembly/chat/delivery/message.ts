/**
 * A sanitized message of a user in a room. It points to bytes elsewhere, so that a broadcast
 * allocates nothing. Protocols write it. The garbage collector does not know it, so that a line
 * costs it nothing: the owner of a message keeps it for ever, and keeps its bytes alive.
 */
import { SANITIZE_GROWTH } from "../../text/sanitize";
import { LINE_BYTES_MOST } from "../limits";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";

export enum MessageKind {
  /** A line: `ann: hello`. */
  MESSAGE = 0,
  /** An action: `* ann waves`, from `/me waves`. */
  ACTION = 1,
  /** A notice: `-ann- hello`. Programs must not answer it; only IRC can send it. */
  NOTICE = 2,
}

/**
 * The longest text in any protocol, in bytes. A byte either grows by sanitizing or by JSON escapes,
 * never by both.
 */
export const TEXT_BYTES_MOST: u32 = <u32>LINE_BYTES_MOST * SANITIZE_GROWTH;

/** Returns a private text for clients that are not told of its kind. */
export function shownText(kind: MessageKind, text: string): string {
  return kind == MessageKind.ACTION ? `/me ${text}` : text;
}

/** The address of the speakers of past messages. */
export const PAST_ADDRESS: ArrayBuffer = String.UTF8.encode("!past@history");
export const NO_BYTES: ArrayBuffer = new ArrayBuffer(0);


@unmanaged
export class Message {
  kind: MessageKind = MessageKind.MESSAGE;
  /** The id: greater than that of every earlier message in this epoch of the server. */
  id: u64 = 0;
  /** The time in milliseconds since 1970. */
  milliseconds: i64 = 0;
  /** The address of the room's name in UTF-8. */
  room: usize = 0;
  roomBytes: u32 = 0;
  /** The id of the speaker's session; 0 if it was in an earlier run of the server. */
  author: u64 = 0;
  /** The address of the speaker's name in UTF-8. */
  from: usize = 0;
  fromBytes: u32 = 0;
  /** The address of the text in UTF-8. */
  text: usize = 0;
  textBytes: u32 = 0;
  /** The rest of the speaker's source for IRC: `!~ann@host`. */
  address: usize = 0;
  addressBytes: u32 = 0;
  /** The tags of the speaker's client for IRC. */
  tags: usize = 0;
  tagsBytes: u32 = 0;
  /** The name of the batch in which IRC sends a past message. */
  batch: usize = 0;
  batchBytes: u32 = 0;

  /** Sets the name of the room. */
  // @ts-ignore: decorator
  @inline
  setRoom(name: ArrayBuffer): void {
    this.room = changetype<usize>(name);
    this.roomBytes = <u32>name.byteLength;
  }

  /** Sets what IRC adds. The buffers must stay until the message is written. */
  setIrcFields(address: ArrayBuffer, tags: ArrayBuffer, batch: ArrayBuffer): void {
    this.address = changetype<usize>(address);
    this.addressBytes = <u32>address.byteLength;
    this.tags = changetype<usize>(tags);
    this.tagsBytes = <u32>tags.byteLength;
    this.batch = changetype<usize>(batch);
    this.batchBytes = <u32>batch.byteLength;
  }

  /** Sets the name of the speaker. */
  // @ts-ignore: decorator
  @inline
  setSpeaker(name: ArrayBuffer): void {
    this.from = changetype<usize>(name);
    this.fromBytes = <u32>name.byteLength;
  }

  /** The time in seconds since 1970. */
  get seconds(): i64 {
    return this.milliseconds / MILLISECONDS_PER_SECOND;
  }
}
