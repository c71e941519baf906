/**
 * The error for bytes that the guest offers to a socket although the client's outbox has others.
 */
import { OracleFailure, quote } from "../failure.js";
import type { Session } from "./session.js";

export function otherBytes(session: Session, offered: readonly Uint8Array[]): OracleFailure {
  const { outbox, name, reason } = session;
  const bytes = Buffer.concat(offered);
  const expected = outbox.next(bytes.length);
  let at = 0;
  while (at < expected.length && expected[at] === bytes[at]) at++;
  const where = `${name} (${reason ?? "open"}), byte ${outbox.sent + at}`;
  const [want, got] = [expected.subarray(at), bytes.subarray(at)].map((one) => quote(one));
  return new OracleFailure("bytes", `${where}: expected ${String(want)}, sent ${String(got)}`);
}
