/** Some of a row of things, as an option names them: `1,3`, counted from one, or `all`. */
import { parseDecimal } from "./decimal";

/** @returns for each of `count` things whether it is named, or null if the text makes no sense */
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
