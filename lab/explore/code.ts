/** Which line of a program's source a call stands for. */
import type { Moment } from "./moment.js";

/** The word that a line with the call has in it. */
const VERBS: Record<string, RegExp> = {
  sock_accept: /\baccept(From)?\b/,
  sock_recv: /\b(recv|peek|copyFrom)\(/,
  sock_send: /\b(send|answer)\(/,
  fd_close: /\bclose(All)?\b/,
  fd_read: /\breadLines\(|readConsole\(/,
  poll_oneoff: /\b(selectOrEnd|select|turn|register)\b/,
};
/** asc inlines a function into its caller, and the place that is left is some lines too early. */
const LINES_AHEAD_MOST = 6;

/**
 * @param lines of the program's own file
 * @param main its name
 * @returns from 0; -1 if it is not known
 */
export function lineOf(
  { frames = [], call }: Moment,
  main: string,
  lines: readonly string[],
): number {
  const place = [...frames].reverse().find(({ file, line }) => file === main && line >= 0);
  if (place === undefined) return -1;
  const verb = VERBS[call?.name ?? ""];
  if (verb === undefined) return place.line;
  for (let line = place.line; line <= place.line + LINES_AHEAD_MOST; line++)
    if (verb.test(lines[line] ?? "")) return line;
  return place.line;
}
