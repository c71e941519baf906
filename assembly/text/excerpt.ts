/**
 * Cuts texts by characters. A character above U+FFFF takes two units of a string (a surrogate
 * pair), which are never separated.
 */

/** Returns true if a text has more than `most` characters. */
export function isLonger(text: string, most: i32): bool {
  return endOf(text, most) < text.length;
}

/** Returns at most the first `most` characters of a text, for quoting input in messages. */
export function excerpt(text: string, most: i32): string {
  return text.substring(0, endOf(text, most));
}

/** Returns the number of string units of the first `most` characters. */
function endOf(text: string, most: i32): i32 {
  let end = 0;
  for (let left = most; left > 0 && end < text.length; left--) {
    const isPair = end + 1 < text.length && isHigh(text, end) && isLow(text, end + 1);
    end += isPair ? 2 : 1;
  }
  return end;
}

function isHigh(text: string, at: i32): bool {
  return (text.charCodeAt(at) & 0xfc00) == 0xd800;
}

function isLow(text: string, at: i32): bool {
  return (text.charCodeAt(at) & 0xfc00) == 0xdc00;
}
