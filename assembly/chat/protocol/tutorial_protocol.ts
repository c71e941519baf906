/**
 * The protocol of the tutorial's chat: `YYYY/MM/DD HH:MM:SS name`, then the text on a line of its
 * own. All lines are messages, even those that look like commands. A client gets messages, and the
 * events that only this client gets; no others. The whole server has this style, or no client has
 * it.
 */
import { copyBytes } from "../../text/copy_bytes";
import { Message } from "../delivery/message";
import { Command } from "./command";
import { LineProtocol } from "./line_protocol";
import { parseTextLine } from "./slash_line";
import { Style } from "./style";

const NEWLINE: u8 = 0x0a;

export class TutorialProtocol extends LineProtocol {
  /** @param zone the time zone of stamps, in minutes east of UTC */
  constructor(zone: i32) {
    super(zone, Style.TUTORIAL);
    this.tellsRoomEvents = false;
  }

  parse(at: usize, length: u32, command: Command): bool {
    return parseTextLine(at, length, command);
  }

  writeMessage(start: usize, message: Message, _isPast: bool): u32 {
    let at = this.writeStamp(start, message, 0);
    copyBytes(at, message.from, message.fromBytes);
    at += message.fromBytes;
    store<u8>(at++, NEWLINE);
    copyBytes(at, message.text, message.textBytes);
    at += message.textBytes;
    store<u8>(at++, NEWLINE);
    return <u32>(at - start);
  }
}
