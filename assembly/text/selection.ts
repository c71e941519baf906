/** Parses a selection from a numbered list: `1,3`, counted from 1, or `all`. */
import { parseDecimal } from "./decimal";

/**
 * Parses a selection of `count` items.
 *
 * @returns true for each selected item, or null if the text is invalid
 */
export function parseSelection(text: string, count: i32): Array<bool> | null {
  const chosen = new Array<bool>(count).fill(text == "all");
  if (text == "all") return chosen;
  const words = text.split(",");
  for (let i = 0; i < words.length; i++) {
    const number = parseDecimal(words[i], count);
    if (number < 1) return null;
    chosen[number - 1] = true;
  }
  return chosen;
}
