/** The reasons why connections close. Each closed connection has one, for the log and the peer. */
export enum CloseReason {
  /** Not closed. */
  NONE = 0,
  /** The peer ended the stream. */
  LEFT = 1,
  /** The peer asked to leave. */
  QUIT = 2,
  /** The socket broke: a reset, or a timeout of the network. */
  BROKEN = 3,
  /** A slow consumer: the peer read too slowly, and its outbox grew too large. */
  SLOW = 4,
  /** The server had no room for another client. */
  FULL = 5,
  /** The server stops. */
  STOPPING = 6,
  /** A proxy did not send its PROXY header in time. */
  NO_HEADER = 7,
  /** The PROXY header is malformed. */
  BAD_HEADER = 8,
  /** A PROXY header arrived on a listener that accepts none. */
  FORGED_HEADER = 9,
  /** The peer sent more than its rate limit allows, for too long. */
  FLOOD = 10,
  /** An operator kicked it. */
  KICKED = 11,
  /** The peer was silent for too long. */
  IDLE = 12,
  /** The peer has sent nothing since it connected. */
  SILENT = 13,
  /** The peer did not finish a line in time. */
  UNFINISHED = 14,
  /** Its address has too many connections. */
  CROWDED = 15,
  /** All outboxes together were too large, and the peer's was among the largest. */
  MEMORY = 16,
  /** An operator has banned its name or its address. */
  BANNED = 17,
  /** The server drains: it closes all connections one by one. */
  DRAINED = 18,
  /** The peer speaks another protocol. */
  FOREIGN = 19,
  /** The peer gave a wrong password. */
  PASSWORD = 20,
  /** The number of members before this one. New reasons go before it. */
  COUNT,
}

/** Returns the reason as the log shows it: `left`, `too slow`. */
export function closeReasonText(reason: CloseReason): string {
  switch (reason) {
    case CloseReason.LEFT:
      return "left";
    case CloseReason.QUIT:
      return "quit";
    case CloseReason.BROKEN:
      return "connection broken";
    case CloseReason.SLOW:
      return "too slow";
    case CloseReason.FULL:
      return "server full";
    case CloseReason.STOPPING:
      return "server stopping";
    case CloseReason.NO_HEADER:
      return "no proxy header in time";
    case CloseReason.BAD_HEADER:
      return "malformed proxy header";
    case CloseReason.FORGED_HEADER:
      return "proxy header not expected here";
    case CloseReason.FLOOD:
      return "flood";
    case CloseReason.KICKED:
      return "kicked";
    case CloseReason.IDLE:
      return "idle";
    case CloseReason.SILENT:
      return "said nothing";
    case CloseReason.UNFINISHED:
      return "unfinished line";
    case CloseReason.CROWDED:
      return "too many from its address";
    case CloseReason.MEMORY:
      return "memory";
    case CloseReason.BANNED:
      return "banned";
    case CloseReason.DRAINED:
      return "server draining";
    case CloseReason.PASSWORD:
      return "wrong password";
    case CloseReason.FOREIGN:
      return "another protocol";
    default:
      return "open";
  }
}
