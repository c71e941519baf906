/** Why a connection has ended. Every end has a reason; logs and last words say it. */
export enum CloseReason {
  /** It has not. */
  NONE = 0,
  /** The peer ended the stream. */
  LEFT = 1,
  /** The peer asked to be let go. */
  QUIT = 2,
  /** The socket broke: a reset, a timeout of the network. */
  BROKEN = 3,
  /** The peer read too slowly and was owed too much. */
  SLOW = 4,
  /** There was no place left. */
  FULL = 5,
  /** The server stops. */
  STOPPING = 6,
  /** A proxy was to say whom it speaks for, and did not within its time. */
  NO_HEADER = 7,
  /** What a proxy was to say makes no sense. */
  BAD_HEADER = 8,
  /** A proxy's header came from where nobody is believed. */
  FORGED_HEADER = 9,
  /** The peer sent more than is dealt with, for too long. */
  FLOOD = 10,
  /** An operator said so. */
  KICKED = 11,
  /** The peer has said nothing for too long. */
  IDLE = 12,
  /** The peer has not said anything since it came. */
  SILENT = 13,
  /** The peer did not finish a line. */
  UNFINISHED = 14,
  /** Too many have come from its address. */
  CROWDED = 15,
  /** All were owed too much together, and the peer most of it. */
  MEMORY = 16,
  /** An operator does not want its name or its address here. */
  BANNED = 17,
  /** The server sends everybody away, one after the other. */
  DRAINED = 18,
  /** The peer speaks another protocol. */
  FOREIGN = 19,
}

/** The reason in a log line: `left`, `too slow`. */
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
    case CloseReason.FOREIGN:
      return "another protocol";
    default:
      return "open";
  }
}
