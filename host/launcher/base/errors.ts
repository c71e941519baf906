/**
 * Every error a user can cause or has to mend: one line each, "what, where, what to do", with a
 * stable code. Anything else that is thrown is our own mistake and shows its stack.
 */

/** Exit codes, as in sysexits.h where it has one. */
export const EXIT = {
  ok: 0,
  /** `doctor`: serving would not work. */
  notReady: 1,
  /** `ctl`: the server has not done it. */
  refused: 1,
  usage: 64,
  unavailable: 69,
  software: 70,
  notWritten: 74,
  noAnswer: 75,
  protocol: 76,
  noPermission: 77,
} as const;

/** The codes are for programs and tests; they stay as they are when a text gets better. */
const EXIT_OF = {
  E_USAGE: EXIT.usage,
  E_NOT_BUILT: EXIT.unavailable,
  E_PORT_IN_USE: EXIT.unavailable,
  E_PORT_IS_OURS: EXIT.unavailable,
  E_PORT_FORBIDDEN: EXIT.noPermission,
  E_ADDRESS_NOT_HERE: EXIT.unavailable,
  E_HOST_UNKNOWN: EXIT.unavailable,
  E_LISTEN: EXIT.unavailable,
  E_WASMTIME_UNSUITABLE: EXIT.unavailable,
  E_WASMTIME_UNAVAILABLE: EXIT.unavailable,
  E_CTL_SOCKET: EXIT.unavailable,
  E_METRICS: EXIT.unavailable,
  E_NO_SERVER: EXIT.unavailable,
  E_NO_ANSWER: EXIT.noAnswer,
  E_REFUSED: EXIT.refused,
  E_RELEASE: EXIT.unavailable,
  E_WHEEL: EXIT.unavailable,
  E_CARGO: EXIT.unavailable,
  E_CACHE: EXIT.unavailable,
  E_DATA: EXIT.unavailable,
  E_CONNECT: EXIT.unavailable,
  E_NOT_POLLCAST: EXIT.protocol,
  E_CLOSED: EXIT.unavailable,
  E_FULL: EXIT.noAnswer,
  E_SENT_AWAY: EXIT.noPermission,
} as const;

export type ErrorCode = keyof typeof EXIT_OF;

export class UserError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
    this.code = code;
    this.exitCode = EXIT_OF[code];
  }
}

export function usage(message: string): UserError {
  return new UserError("E_USAGE", `${message}; see pollcast --help`);
}

export function notBuilt(what: string): UserError {
  return new UserError("E_NOT_BUILT", `${what} is missing: not built, run npm run build`);
}

/** The port is taken, by a server of the same user. */
export function portIsOurs(host: string, port: number): UserError {
  const where = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new UserError(
    "E_PORT_IS_OURS",
    `a pollcast server of yours listens on ${where}: end that with pollcast ctl --port ${port} ` +
      "quit, or choose another with --port (0 picks a free one)",
  );
}

/** Listening failed: the system's error in words that say what to do. */
export function listenFailed(code: string, host: string, port: number): UserError {
  const where = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return new UserError(
        "E_PORT_IN_USE",
        `${where} is in use by another program: stop that one, or choose another with --port ` +
          "(0 picks a free one)",
      );
    case "EACCES":
      return new UserError(
        "E_PORT_FORBIDDEN",
        `no permission to listen on ${where}: choose a port above 1023 with --port`,
      );
    case "EADDRNOTAVAIL":
      return new UserError(
        "E_ADDRESS_NOT_HERE",
        `${host} is not an address of this machine: choose one that is with --host ` +
          "(127.0.0.1, ::1, 0.0.0.0, ::)",
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(
        "E_HOST_UNKNOWN",
        `the name ${host} cannot be resolved: give --host an address, such as 127.0.0.1 or ::1`,
      );
    default:
      return new UserError(
        "E_LISTEN",
        `cannot listen on ${where} (${code}): choose another with --host and --port`,
      );
  }
}

/** Whoever started us has handed in something else. */
export function notAListener(fd: number, code: string): UserError {
  return new UserError(
    "E_LISTEN",
    `fd ${fd}, handed in by LISTEN_FDS, is no listening TCP socket (${code}): look at its ` +
      "ListenStream=",
  );
}

/** What went wrong: a line for each mistake, where there are several. */
export function linesOf(error: UserError): string[] {
  return error.cause === undefined ? error.message.split("\n") : [messageOf(error)];
}

/** What went wrong, in one line, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; its cause knows.
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`.replaceAll(/\s*\n\s*/g, " ");
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
