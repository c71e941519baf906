/**
 * The errors that a user can cause or must fix. Each has a stable code, and a message in one line:
 * what, where, what to do. Anything else that is thrown is a bug of pollcast, and is shown with its
 * stack.
 */

/** The exit codes. Those from 64 on are those of sysexits.h. */
export const EXIT = {
  ok: 0,
  /** `doctor`: the server could not serve. `history verify`: the journal is damaged. */
  notReady: 1,
  /** `ctl`: the server has refused the command. */
  refused: 1,
  usage: 64,
  unavailable: 69,
  software: 70,
  notWritten: 74,
  noAnswer: 75,
  protocol: 76,
  noPermission: 77,
} as const;

/**
 * The exit code of each error code. Programs and tests rely on error codes: keep them when a
 * message changes.
 */
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

/** An error that a user can cause or must fix. */
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

/** Returns the error for a wrong command line or option. */
export function usage(message: string): UserError {
  return new UserError("E_USAGE", `${message}; see pollcast --help`);
}

/** Returns the error for a file that the build has not made. @param what its path */
export function notBuilt(what: string): UserError {
  return new UserError("E_NOT_BUILT", `${what} is missing: not built, run npm run build`);
}

/**
 * The port is in use by a pollcast server of the same user.
 *
 * @param option the option that names the port, such as `--listen-irc`
 */
export function portIsOurs(host: string, port: number, option = "--port"): UserError {
  const where = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new UserError(
    "E_PORT_IS_OURS",
    `a pollcast server of yours listens on ${where}: end that with pollcast ctl --port ${port} ` +
      `quit, or choose another with ${option} (0 picks a free one)`,
  );
}

/**
 * Returns the error for a listener that failed.
 *
 * @param code the OS error, such as `EADDRINUSE`
 * @param option the option that names the port, such as `--listen-irc`
 */
export function listenFailed(
  code: string,
  host: string,
  port: number,
  option = "--port",
): UserError {
  const where = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const hostOption = option === "--port" ? "--host" : option;
  switch (code) {
    case "EADDRINUSE":
      return new UserError(
        "E_PORT_IN_USE",
        `${where} is in use by another program: stop that one, or choose another with ` +
          `${option} (0 picks a free one)`,
      );
    case "EACCES":
      return new UserError(
        "E_PORT_FORBIDDEN",
        `no permission to listen on ${where}: choose a port above 1023 with ${option}`,
      );
    case "EADDRNOTAVAIL":
      return new UserError(
        "E_ADDRESS_NOT_HERE",
        `${host} is not an address of this machine: choose one that is with ${hostOption} ` +
          "(127.0.0.1, ::1, 0.0.0.0, ::)",
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(
        "E_HOST_UNKNOWN",
        `the name ${host} cannot be resolved: give ${hostOption} an address, such as 127.0.0.1 ` +
          "or ::1",
      );
    default:
      return new UserError(
        "E_LISTEN",
        `cannot listen on ${where} (${code}): choose another with ` +
          (option === "--port" ? "--host and --port" : option),
      );
  }
}

/** A descriptor of LISTEN_FDS that is no listening TCP socket. */
export function notAListener(fd: number, code: string): UserError {
  return new UserError(
    "E_LISTEN",
    `fd ${fd}, handed in by LISTEN_FDS, is no listening TCP socket (${code}): look at its ` +
      "ListenStream=",
  );
}

/**
 * Returns the lines of a message. The message of an error without a cause may have several: one for
 * each mistake in the options.
 */
export function linesOf(error: UserError): string[] {
  return error.cause === undefined ? error.message.split("\n") : [messageOf(error)];
}

/** Returns the message of anything that was thrown, in one line, with the message of its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The message of `fetch` is only "fetch failed". Its cause has the reason.
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`.replaceAll(/\s*\n\s*/g, " ");
}

/** Returns the code of an OS error, such as `ENOENT`, or an empty string for any other error. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
