/** Words for changes of a room's modes. */

export interface ModeChange {
  letter: string;
  isSet: boolean;
  argument: string;
}

export function modeWords({ letter, isSet, argument: of }: ModeChange): string {
  const words: Record<string, [set: string, cleared: string]> = {
    o: [`${of} is an operator now`, `${of} is no operator any more`],
    v: [`${of} has a voice now`, `${of} has no voice any more`],
    b: [`${of} is banned`, `${of} is not banned any more`],
    e: [`no ban keeps out ${of}`, `bans may keep out ${of}`],
    I: [`${of} needs no invitation`, `${of} needs an invitation`],
    k: [`the key is ${of}`, "no key is needed"],
    l: [`at most ${of} may be here`, "any number may be here"],
    i: ["only invited users may enter", "users may enter without an invitation"],
    m: ["only operators and users with a voice may speak", "everybody here may speak"],
    n: ["only users in the room may speak to it", "users outside may speak to the room"],
    s: ["the room is secret", "the room is not secret any more"],
    t: ["only operators may set the topic", "everybody here may set the topic"],
    C: ["no CTCP is allowed", "CTCP is allowed"],
  };
  return words[letter]?.[isSet ? 0 : 1] ?? "";
}

/** Returns the signs and letters of changes: `+ov-i`. */
export function modeLetters(changes: readonly ModeChange[]): string {
  let sign = "";
  return changes
    .map(({ letter, isSet }) => {
      const before = sign;
      sign = isSet ? "+" : "-";
      return sign === before ? letter : sign + letter;
    })
    .join("");
}
