/** Parses whole numbers: digits, without a sign or a leading zero. */

/** The most digits that always fit an i32. */
const DIGITS_MOST = 9;

/** Parses a whole number. @returns it, or -1 if the text is no such number or it exceeds `most` */
export function parseDecimal(text: string, most: i32): i32 {
  if (text.length == 0 || text.length > DIGITS_MOST) return -1;
  if (text.length > 1 && text.charCodeAt(0) == 0x30) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= most ? value : -1;
}
