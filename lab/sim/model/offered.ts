/** Whether what the module offers to a socket is what its client is owed next. */
import { OracleFailure, quote } from "../failure.js";
import type { Member } from "./member.js";

export function checkOffered(member: Member<unknown>, offered: readonly Uint8Array[]): void {
  if (member.owed.startsWith(offered)) return;
  const bytes = Buffer.concat(offered);
  const expected = member.owed.next(bytes.length);
  let at = 0;
  while (at < expected.length && expected[at] === bytes[at]) at++;
  const who = `${member.name} (${member.reason ?? "open"})`;
  const where = `${who}, byte ${member.owed.sent + at}`;
  const [want, got] = [expected.subarray(at), bytes.subarray(at)].map((one) => quote(one));
  throw new OracleFailure("bytes", `${where}: expected ${String(want)}, sent ${String(got)}`);
}
