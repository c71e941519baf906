/** What an oracle says when the chat is not as it should be. */

/** Which oracle it was; a shrunk world must fail by the same one. */
export type Oracle =
  | "bytes"
  | "blocked"
  | "close"
  | "console"
  | "delivery"
  | "descriptor"
  | "exit"
  | "history"
  | "kept"
  | "limit"
  | "liveness"
  | "log"
  | "memory"
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

/** Bytes for people: the first of them, quoted. */
export function quote(bytes: Uint8Array, most = 120): string {
  const text = Buffer.from(bytes.subarray(0, most)).toString("latin1");
  return JSON.stringify(text) + (bytes.length > most ? `... (${bytes.length} bytes)` : "");
}
