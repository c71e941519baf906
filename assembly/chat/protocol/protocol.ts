/**
 * How a client and the server write to each other: how a line is parsed into a command, and how a
 * message or an event is written. A session has one; sessions of a room with the same protocol
 * share bytes. All sessions share the protocol objects, which keep nothing about a session.
 */
import { Message } from "../delivery/message";
import { Command } from "./command";
import { ChatEvent, EventRenderer } from "./events";
import { Style } from "./style";

/** What a protocol adds to the names and the text of a message takes no more bytes than this. */
export const FRAME_BYTES: u32 = 128;

export abstract class Protocol extends EventRenderer {
  /** Whether a client is welcomed, and told of what happens in its rooms besides messages. */
  tellsRoomEvents: bool = true;
  /** Whether people read it: they are shown what was said before, programs ask for it. */
  isForPeople: bool = true;

  constructor(public style: Style) {
    super();
  }

  /**
   * Parses a line of `length` bytes at `at` into `command`.
   *
   * @returns whether the line asks for anything
   */
  abstract parse(at: usize, length: u32, command: Command): bool;

  /** @returns the most bytes that {@link writeMessage} may need: with more, fewer share a send */
  abstract mostBytes(message: Message): u32;

  /**
   * Writes a message with its newline.
   *
   * @param isPast whether it comes from a history
   * @returns the bytes written
   */
  abstract writeMessage(at: usize, message: Message, isPast: bool): u32;

  /** @returns an event as this protocol writes it, with its newline */
  render(event: ChatEvent): string {
    return event.renderBy(this);
  }
}
