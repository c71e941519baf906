/** Maps the error codes of `wasi:sockets/types` to errnos. */
import {
  ACCES,
  ADDRINUSE,
  ADDRNOTAVAIL,
  CONNABORTED,
  CONNRESET,
  INVAL,
  IO,
  NOMEM,
  NOTSUP,
  PIPE,
} from "../errno";

/** The codes that have an errno of their own, or that the listener tests. */
export enum Code {
  ACCESS_DENIED = 0,
  NOT_SUPPORTED = 1,
  INVALID_ARGUMENT = 2,
  OUT_OF_MEMORY = 3,
  INVALID_STATE = 5,
  ADDRESS_NOT_BINDABLE = 6,
  ADDRESS_IN_USE = 7,
  CONNECTION_BROKEN = 10,
  CONNECTION_RESET = 11,
  CONNECTION_ABORTED = 12,
  OTHER = 14,
}

/** Returns the errno for an error code: IO for a code without a counterpart. */
export function errnoOf(code: i32): i32 {
  switch (code) {
    case Code.ACCESS_DENIED:
      return ACCES;
    case Code.NOT_SUPPORTED:
      return NOTSUP;
    case Code.INVALID_ARGUMENT:
      return INVAL;
    case Code.OUT_OF_MEMORY:
      return NOMEM;
    case Code.ADDRESS_NOT_BINDABLE:
      return ADDRNOTAVAIL;
    case Code.ADDRESS_IN_USE:
      return ADDRINUSE;
    case Code.CONNECTION_BROKEN:
      return PIPE;
    case Code.CONNECTION_RESET:
      return CONNRESET;
    case Code.CONNECTION_ABORTED:
      return CONNABORTED;
    default:
      return IO;
  }
}
