/** Parses the operator's words after `ban` and `mute`: `WHO [TIME] [WHY]`. */
import { parseDuration } from "../../text/duration";
import { NAME_BYTES } from "../../text/names";
import { afterFirstWord, firstWord } from "../../text/words";
import { Penalty } from "../users/penalties";

/** The word that confirms a penalty for a very large network. */
const EVERYBODY = "everybody";

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
    } else if (range === null && isLikeAddress(who)) {
      this.mistake = `${who} is no address and no network: write 192.0.2.7 or 10.0.0.0/8`;
    } else if (range !== null && range.isVast) {
      if (firstWord(why) == EVERYBODY) why = afterFirstWord(why);
      else this.mistake = `${who} is vast: to confirm, write ${command} ${who} ${EVERYBODY}`;
    }
    const time = firstWord(why);
    if (beginsLikeTime(time)) {
      this.seconds = parseDuration(time);
      why = afterFirstWord(why);
    }
    if (this.seconds < 0 && this.mistake == "") {
      this.mistake = `${time} is no time: write 90s, 30m, 2h30m or 7d, 3650d at most`;
    }
    this.why = why;
  }
}

/**
 * Returns true for a word that looks like an address: with a slash or a colon, or of digits and
 * dots only. No name does.
 */
function isLikeAddress(who: string): bool {
  if (who.includes("/") || who.includes(":")) return true;
  for (let i = 0; i < who.length; i++) {
    const code = who.charCodeAt(i);
    if ((code < 0x30 || code > 0x39) && code != 0x2e) return false;
  }
  return true;
}

/** Returns true if the word begins with a digit, or a sign and a digit. */
function beginsLikeTime(word: string): bool {
  const at = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
  if (at >= word.length) return false;
  const code = word.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
