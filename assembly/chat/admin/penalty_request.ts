/** Parses the operator's words after `ban` and `mute`: `WHO [TIME] [WHY]`. */
import { parseDuration } from "../../text/duration";
import { NAME_BYTES } from "../../text/names";
import { afterFirstWord, firstWord } from "../../text/words";
import { Penalty } from "../users/penalties";

/** The word that confirms a penalty for a very large network. */
const EVERYBODY = "everybody";
/** The units of time that people write. Only units of one letter are valid. */
const UNITS: Array<string> = (
  "sec secs second seconds min mins minute minutes hr hrs hour hours " +
  "day days week weeks month months yr yrs year years"
).split(" ");

export class PenaltyRequest {
  who: string;
  /** The duration in seconds; 0: without end. */
  seconds: i64 = 0;
  why: string = "";
  /** An error message for the operator, or empty. */
  mistake: string = "";

  constructor(command: string, text: string) {
    const who = firstWord(text);
    let why = afterFirstWord(text);
    this.who = who;
    const range = new Penalty(who, 0, "").range;
    if (who == "" || who.length > NAME_BYTES) {
      const words = "NAME|ADDRESS|NETWORK [TIME] [WHY], TIME as 30m, 2h or 7d";
      this.mistake = `${command} is used like this: ${command} ${words}`;
    } else if ((range === null && isLikeAddress(who)) || who.startsWith("@")) {
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

/**
 * Returns true for a word that looks like an address: with a slash or a colon, or of digits and
 * dots only. No name does.
 */
function isLikeAddress(who: string): bool {
  if (who.includes("/") || who.includes(":") || who.includes("@")) return true;
  for (let i = 0; i < who.length; i++) {
    const code = who.charCodeAt(i);
    if ((code < 0x30 || code > 0x39) && code != 0x2e) return false;
  }
  return true;
}

/**
 * Returns true if a word looks like a time, valid or not: `90`, `5min`, `2x`, `-1h`. A word such as
 * `4chan` or `1st` begins a reason instead.
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

/** Returns true for a unit of time, or a single letter, which may be a mistyped unit. */
function isLikeUnit(letters: string): bool {
  return letters.length < 2 || UNITS.includes(letters.toLowerCase());
}

function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

/** Returns true for a letter of any script. */
function isLetter(code: i32): bool {
  return (code | 0x20) >= 0x61 && ((code | 0x20) <= 0x7a || code > 0x7f);
}
