/** The first of a text's characters, at most so many, where a stranger's words are quoted. */
export function excerpt(text: string, most: i32): string {
  if (text.length <= most) return text;
  // Half of a character that takes two units would be no character.
  const cuts = (text.charCodeAt(most - 1) & 0xfc00) == 0xd800;
  return text.substring(0, cuts ? most - 1 : most);
}
