/** What people type: a word that says what to do, and what follows it. */

export function firstWord(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? text : text.substring(0, space);
}

/** What stands after the first word, without the spaces around it. */
export function afterFirstWord(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? "" : text.substring(space).trim();
}
