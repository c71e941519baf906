/** Parses the words of an operator after `ban` and `mute`: `WHO [TIME] [WHY]`. */
import { parseDuration } from "../../text/duration";
import { NAME_BYTES } from "../../text/names";
import { afterFirstWord, firstWord } from "../../text/words";
import { Penalty } from "../users/penalties";

/** The word that confirms a penalty for a vast network. */
const EVERYBODY = "everybody";
/** Units of time as people write them; only those of one letter are right. */
const UNITS: Array<string> = (
  "sec secs second seconds min mins minute minutes hr hrs hour hours " +
  "day days week weeks month months yr yrs year years"
).split(" ");

export class PenaltyRequest {
  who: string;
  /** How long it is to last; 0: for good. */
  seconds: i64 = 0;
  why: string = "";
  /** The mistake in the words, for the operator; empty if there is none. */
  mistake: string = "";

  constructor(command: string, text: string) {
    const who = firstWord(text);
    let why = afterFirstWord(text);
    this.who = who;
    const range = new Penalty(who, 0, "").range;
    if (who == "" || who.length > NAME_BYTES) {
      const words = "NAME|ADDRESS|NETWORK [TIME] [WHY], TIME as 30m, 2h or 7d";
      this.mistake = `${command} is used like this: ${command} ${words}`;
    } else if (range === null && isLikeAddress(who)) {
      this.mistake = `${who} is no address and no network: write 192.0.2.7 or 10.0.0.0/8`;
    } else if (range !== null && range.isVast) {
      if (firstWord(why) == EVERYBODY) why = afterFirstWord(why);
      else this.mistake = `${who} is vast: to confirm, write ${command} ${who} ${EVERYBODY}`;
    }
    const time = firstWord(why);
    if (isMeantAsTime(time)) {
      this.seconds = parseDuration(time);
      why = afterFirstWord(why);
    }
    if (this.seconds < 0 && this.mistake == "") {
      const right = "write 90s, 30m, 2h30m or 7d, 3650d at most";
      this.mistake = `${time} is no time: ${right}, or the reason in quotes`;
    }
    this.why = why;
  }
}

/** No name is so: with a slash or a colon, or of digits and dots alone. */
function isLikeAddress(who: string): bool {
  if (who.includes("/") || who.includes(":")) return true;
  for (let i = 0; i < who.length; i++) {
    const code = who.charCodeAt(i);
    if ((code < 0x30 || code > 0x39) && code != 0x2e) return false;
  }
  return true;
}

/**
 * Whether a word is meant as a time, right or wrong: `90`, `5min`, `2x`, `-1h`, and not `4chan` or
 * `1st`, which begin a reason.
 */
function isMeantAsTime(word: string): bool {
  const at = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
  if (at >= word.length || !isDigit(word.charCodeAt(at))) return false;
  let letters = "";
  for (let i = at; i < word.length; i++) {
    if (isLetter(word.charCodeAt(i))) {
      letters += word.charAt(i);
      continue;
    }
    if (!isLikeUnit(letters)) return false;
    letters = "";
  }
  return isLikeUnit(letters);
}

/** A single letter may be a unit that is mistyped. */
function isLikeUnit(letters: string): bool {
  return letters.length < 2 || UNITS.includes(letters.toLowerCase());
}

function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

/** Letters of other scripts count as well. */
function isLetter(code: i32): bool {
  return (code | 0x20) >= 0x61 && ((code | 0x20) <= 0x7a || code > 0x7f);
}
