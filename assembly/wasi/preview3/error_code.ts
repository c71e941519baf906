/** The errors of `wasi:sockets/network`, as this project passes errors on. */
import {
  ACCES,
  ADDRINUSE,
  ADDRNOTAVAIL,
  AGAIN,
  CONNABORTED,
  CONNRESET,
  INVAL,
  IO,
  MFILE,
  NOMEM,
  NOTSUP,
} from "../errno";
import { CODE_AT, RESULT, succeeded } from "./abi";

/** Those that are told apart. */
enum Code {
  ACCESS_DENIED = 0,
  NOT_SUPPORTED = 1,
  INVALID_ARGUMENT = 2,
  OUT_OF_MEMORY = 3,
  ADDRESS_NOT_BINDABLE = 6,
  ADDRESS_IN_USE = 7,
  CONNECTION_RESET = 11,
  CONNECTION_ABORTED = 12,
  WOULD_BLOCK = 98,
  NEW_SOCKET_LIMIT = 99,
  UNKNOWN = 14,
}

/** The errno of an error. Without descriptors left some hosts do not know what went wrong. */
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
    case Code.WOULD_BLOCK:
      return AGAIN;
    case Code.UNKNOWN:
    case Code.NEW_SOCKET_LIMIT:
      return MFILE;
    case Code.ADDRESS_NOT_BINDABLE:
      return ADDRNOTAVAIL;
    case Code.ADDRESS_IN_USE:
      return ADDRINUSE;
    case Code.CONNECTION_RESET:
      return CONNRESET;
    case Code.CONNECTION_ABORTED:
      return CONNABORTED;
    default:
      return IO;
  }
}

/** How a call without a value went. @returns 0, or -errno */
export function finished(): i32 {
  return succeeded() ? 0 : -errnoOf(load<u8>(RESULT, CODE_AT));
}
