/**
 * A protocol parses a client's lines into commands, and writes messages and events for it. Each
 * session has one. Sessions of a room with the same protocol share bytes. The protocol objects are
 * shared by all sessions and have no state of a session.
 */
import { Message } from "../delivery/message";
import { Command } from "./command";
import { ChatEvent, EventRenderer } from "./events";
import { parseSlashLine } from "./slash_line";
import { Style } from "./style";

/** The most bytes that a protocol adds to the names and the text of a message. */
export const FRAME_BYTES: u32 = 128;

export abstract class Protocol extends EventRenderer {
  /** True if the client gets a welcome, and the events of its rooms besides messages. */
  tellsRoomEvents: bool = true;
  /** True if people read it: they get the history on entering a room, programs request it. */
  isForPeople: bool = true;
  /**
   * True if a client may be in several rooms. Such a client keeps lists of the members: it is told
   * once of a user that renames or quits, and of each user in a large room that speaks there.
   */
  hasSeveralRooms: bool = false;

  constructor(public style: Style) {
    super();
  }

  /**
   * Parses a line of `length` bytes at `at` into `command`.
   *
   * @returns false if the line is ignored
   */
  parse(at: usize, length: u32, command: Command): bool {
    return parseSlashLine(at, length, command);
  }

  /**
   * Returns the most bytes that {@link writeMessage} may need. A tight bound lets more messages
   * share a send.
   */
  abstract mostBytes(message: Message): u32;

  /**
   * Writes a message with its newline.
   *
   * @param isPast true if it comes from a history
   * @returns the bytes written
   */
  abstract writeMessage(at: usize, message: Message, isPast: bool): u32;

  /** Returns an event as this protocol writes it, with its newline. */
  render(event: ChatEvent): string {
    return event.renderBy(this);
  }
}
