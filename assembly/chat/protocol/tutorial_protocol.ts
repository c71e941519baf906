/**
 * The tutorial's chat, exactly: `YYYY/MM/DD HH:MM:SS name`, then the text on a line of its own. All
 * lines are said, those that look like commands as well. A client is told of nothing but messages
 * and what concerns it alone. It is chosen for a whole server.
 */
import { copyBytes } from "../../text/copy_bytes";
import { Message } from "../delivery/message";
import { Command } from "./command";
import { LineProtocol } from "./line_protocol";
import { parseTextLine } from "./slash_line";
import { Style } from "./style";

const NEWLINE: u8 = 0x0a;

export class TutorialProtocol extends LineProtocol {
  /** @param zone minutes east of UTC, for stamps */
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
