/** What is wrong if the module offers a socket other bytes than its client is owed next. */
import { OracleFailure, quote } from "../failure.js";
import type { Person } from "./member.js";

export function otherBytes(person: Person, offered: readonly Uint8Array[]): OracleFailure {
  const { owed, name, reason } = person;
  const bytes = Buffer.concat(offered);
  const expected = owed.next(bytes.length);
  let at = 0;
  while (at < expected.length && expected[at] === bytes[at]) at++;
  const where = `${name} (${reason ?? "open"}), byte ${owed.sent + at}`;
  const [want, got] = [expected.subarray(at), bytes.subarray(at)].map((one) => quote(one));
  return new OracleFailure("bytes", `${where}: expected ${String(want)}, sent ${String(got)}`);
}
