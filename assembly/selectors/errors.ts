/**
 * The errors of a selector. Python raises exceptions for them. AssemblyScript has none (a `throw`
 * ends the program), so each call of a selector returns one of these values.
 */
export enum SelectorError {
  /** Success. */
  NONE = 0,
  /** The mask is empty or has a bit other than EVENT_READ and EVENT_WRITE. Python: ValueError. */
  BAD_EVENTS = 1,
  /** The descriptor is not open. Python: ValueError or OSError (EBADF). */
  BAD_FD = 2,
  /** The descriptor is open but cannot be waited for. Python with epoll: PermissionError. */
  UNPOLLABLE = 3,
  /** The descriptor is registered already. Python: KeyError. */
  ALREADY_REGISTERED = 4,
  /** The descriptor is not registered. Python: KeyError. */
  NOT_REGISTERED = 5,
  /** The selector has been closed. Python: RuntimeError or ValueError. */
  CLOSED = 6,
  /** Nothing is registered and there is no timeout: the wait would never end. Python hangs. */
  NOTHING_TO_WAIT_FOR = 7,
  /** The host refused the whole call; `selector.errno` has the cause. Python: OSError. */
  HOST = 8,
}

/** Returns a message for people, one line without a newline. */
export function selectorErrorText(error: SelectorError): string {
  switch (error) {
    case SelectorError.NONE:
      return "no error";
    case SelectorError.BAD_EVENTS:
      return "events must be EVENT_READ, EVENT_WRITE or both";
    case SelectorError.BAD_FD:
      return "the descriptor is not open";
    case SelectorError.UNPOLLABLE:
      return "the descriptor cannot be waited for";
    case SelectorError.ALREADY_REGISTERED:
      return "the descriptor is registered already";
    case SelectorError.NOT_REGISTERED:
      return "the descriptor is not registered";
    case SelectorError.CLOSED:
      return "the selector is closed";
    case SelectorError.NOTHING_TO_WAIT_FOR:
      return "nothing is registered and there is no timeout: the wait would never end";
    default:
      return "the host refused the call";
  }
}
