/**
 * Changes of a room's modes, as operators write them: `+ov-i ann bob`. The letters are those of
 * IRC.
 */

/** One line changes at most this many modes. @limit changes */
export const MODE_CHANGES_MOST: i32 = 20;

export enum ModeKind {
  UNKNOWN = 0,
  /** On or off: `i`, `m`, `n`, `s`, `t`, `C`. */
  FLAG = 1,
  /** A list of masks: `b`, `e`, `I`. Without a mask, the change asks for the list. */
  LIST = 2,
  /** The key: `k`. */
  KEY = 3,
  /** The most users: `l`. */
  LIMIT = 4,
  /** The rights of a member: `o`, `v`. */
  MEMBER = 5,
}

export class ModeChange {
  constructor(
    public letter: string,
    public isSet: bool,
    /** The mask, key, number or name; empty if there is none. */
    public argument: string,
  ) {}

  get kind(): ModeKind {
    return modeKind(this.letter);
  }
}

export function modeKind(letter: string): ModeKind {
  if ("imnstC".includes(letter)) return ModeKind.FLAG;
  if ("beI".includes(letter)) return ModeKind.LIST;
  if (letter == "k") return ModeKind.KEY;
  if (letter == "l") return ModeKind.LIMIT;
  return letter == "o" || letter == "v" ? ModeKind.MEMBER : ModeKind.UNKNOWN;
}

/**
 * Parses changes. Letters without a sign are set.
 *
 * @param modes the signs and letters: `+ov-i`
 * @param words the arguments of those that take one, in their order
 * @returns at most {@link MODE_CHANGES_MOST} changes and one more, if there are too many
 */
export function parseModeChanges(modes: string, words: Array<string>): Array<ModeChange> {
  const changes: Array<ModeChange> = [];
  let isSet = true;
  let next = 0;
  for (let i = 0; i < modes.length && changes.length <= MODE_CHANGES_MOST; i++) {
    const letter = modes.charAt(i);
    if (letter == "+" || letter == "-") {
      isSet = letter == "+";
      continue;
    }
    const kind = modeKind(letter);
    const isBare = kind == ModeKind.FLAG || kind == ModeKind.UNKNOWN;
    const takesOne = !isBare && (kind != ModeKind.LIMIT || isSet) && next < words.length;
    changes.push(new ModeChange(letter, isSet, takesOne ? words[next++] : ""));
  }
  return changes;
}

/** Returns the signs and letters of changes: `+ov-i`. */
export function modeLetters(changes: Array<ModeChange>): string {
  let text = "";
  for (let i = 0; i < changes.length; i++) {
    const one = changes[i];
    if (i == 0 || changes[i - 1].isSet != one.isSet) text += one.isSet ? "+" : "-";
    text += one.letter;
  }
  return text;
}

/** Returns the arguments of changes, in their order. */
export function modeArguments(changes: Array<ModeChange>): Array<string> {
  const words: Array<string> = [];
  for (let i = 0; i < changes.length; i++) {
    if (changes[i].argument != "") words.push(changes[i].argument);
  }
  return words;
}
