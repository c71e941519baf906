/** A number of things: `1 line`, `2 lines`. */

/**
 * @param one the word for one of them
 * @param many the word for none or several; empty for `one` with an `s`
 */
export function countText(count: i64, one: string, many: string = ""): string {
  if (count == 1) return `1 ${one}`;
  return `${count} ${many == "" ? one + "s" : many}`;
}
