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
  UNKNOWN = 0,
  ACCESS_DENIED = 1,
  NOT_SUPPORTED = 2,
  INVALID_ARGUMENT = 3,
  OUT_OF_MEMORY = 4,
  WOULD_BLOCK = 8,
  NEW_SOCKET_LIMIT = 10,
  ADDRESS_NOT_BINDABLE = 11,
  ADDRESS_IN_USE = 12,
  CONNECTION_RESET = 15,
  CONNECTION_ABORTED = 16,
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
