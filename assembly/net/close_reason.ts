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
    default:
      return "open";
  }
}
