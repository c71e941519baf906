/** Texts by characters: one beyond U+FFFF takes two units of a string, and is never cut in two. */

/** Whether a text has more than so many characters. */
export function isLonger(text: string, most: i32): bool {
  return endOf(text, most) < text.length;
}

/** The first of a text's characters, at most so many, where a stranger's words are quoted. */
export function excerpt(text: string, most: i32): string {
  return text.substring(0, endOf(text, most));
}

/** Units of the first `most` characters. */
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
