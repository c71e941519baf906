/** The last text that a client gets, by the reason of its close. */
import { CloseReason } from "../../net/connection/close_reason";

/** Returns the text for a reason; empty if the client gets none. */
export function lastWordsText(reason: CloseReason): string {
  switch (reason) {
    case CloseReason.QUIT:
      return "goodbye";
    case CloseReason.SLOW:
      return "closed: you read too slowly, and lines for you have been dropped";
    case CloseReason.FULL:
      return "closed: the server is full, try again later";
    case CloseReason.STOPPING:
      return "closed: the server is stopping";
    case CloseReason.FLOOD:
      return "closed: you have been sending too much for too long";
    case CloseReason.KICKED:
      return "closed: an operator has sent you away";
    case CloseReason.IDLE:
      return "closed: you have said nothing for too long";
    case CloseReason.SILENT:
      return "closed: you have not said anything in time";
    case CloseReason.UNFINISHED:
      return "closed: you did not finish your line in time";
    case CloseReason.CROWDED:
      return "closed: too many have come from your address";
    case CloseReason.MEMORY:
      return "closed: memory is short and you read slowly; lines for you have been dropped";
    case CloseReason.BANNED:
      return "closed: you are banned";
    case CloseReason.DRAINED:
      return "closed: the server is going down, come back later";
    case CloseReason.FOREIGN:
      return "closed: this is a chat server, and you speak";
    case CloseReason.PASSWORD:
      return "closed: that password is wrong";
    case CloseReason.FORGED_HEADER:
      return "closed: a PROXY header is not expected here";
    default:
      // There are no last words if the client has disconnected, or a proxy sent no valid header.
      // Only the log has the reason.
      return "";
  }
}
