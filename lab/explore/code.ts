/** Maps a host call to a line of the program's source. */
import type { Moment } from "./moment.js";

/** For each call, a word that the source line must contain. */
const VERBS: Record<string, RegExp> = {
  sock_accept: /\baccept(From)?\b/,
  sock_recv: /\b(recv|peek|copyFrom)\(/,
  sock_send: /\b(send|answer)\(/,
  fd_close: /\bclose(All)?\b/,
  fd_read: /\breadLines\(|readConsole\(/,
  poll_oneoff: /\b(selectOrEnd|select|turn|register)\b/,
};
/**
 * The most lines to search ahead: asc inlines functions into their callers, and the remaining
 * source position is a few lines too early.
 */
const LINES_AHEAD_MOST = 6;

/**
 * @param lines the lines of the program's own file
 * @param main the name of that file
 * @returns the line number from 0; -1 if it is unknown
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
