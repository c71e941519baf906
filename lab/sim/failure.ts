/** The error of an oracle: the chat has broken an invariant. */

/** The oracles by name. A shrunk world must fail by the same oracle. */
export type Oracle =
  | "bytes"
  | "blocked"
  | "close"
  | "console"
  | "delivery"
  | "descriptor"
  | "exit"
  | "grammar"
  | "history"
  | "irc"
  | "kept"
  | "label"
  | "limit"
  | "liveness"
  | "log"
  | "members"
  | "memory"
  | "name"
  | "spin"
  | "starved";

export class OracleFailure extends Error {
  override readonly name = "OracleFailure";

  constructor(
    readonly oracle: Oracle,
    message: string,
  ) {
    super(message);
  }
}

/** Returns the first bytes, quoted, for an error message. */
export function quote(bytes: Uint8Array, most = 120): string {
  const text = Buffer.from(bytes.subarray(0, most)).toString("latin1");
  return JSON.stringify(text) + (bytes.length > most ? `... (${bytes.length} bytes)` : "");
}
