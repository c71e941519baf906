/** Splits a typed command into its first word and the rest. */

export function firstWord(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? text : text.substring(0, space);
}

/** Returns the text after the first word, without spaces around it. */
export function afterFirstWord(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? "" : text.substring(space).trim();
}
