/**
 * The launcher's end of the console: `ID COMMAND...` a line on stdin, and for each an object on
 * stdout, `{"id":ID,"text":"..."}`, whose text may have many lines. What a command does is the
 * console's to know.
 */
import { JsonObject } from "../../text/json";
import { isDigits } from "../../text/options";
import { afterFirstWord, firstWord } from "../../text/words";

/**
 * An answer to the launcher is so long at most; words that say so replace a longer one.
 * @limit bytes
 */
export const ANSWER_BYTES: u32 = 262_144;
/**
 * Answers that wait for the launcher have this many bytes at most. The launcher asks one thing at a
 * time, and an answer with its object has at most four times its bound, so this is never reached.
 * @limit bytes
 */
export const CONTROL_BYTES: u32 = 4 * ANSWER_BYTES;

/** What a request without a number is answered with. */
export const NO_ID: i64 = 0;

export class Request {
  id: i64 = NO_ID;
  command: string = "";
  rest: string = "";

  constructor(line: string) {
    const number = firstWord(line);
    if (isDigits(number)) {
      const typed = afterFirstWord(line);
      this.id = I64.parseInt(number);
      this.command = firstWord(typed);
      this.rest = afterFirstWord(typed);
    }
  }
}

/** What answers a request; more can be put beside the text. */
export function answerTo(id: i64, text: string): JsonObject {
  const bytes = <u32>String.UTF8.byteLength(text);
  const tooLong = `the answer is too long: it has ${bytes} bytes, and may have ${ANSWER_BYTES}\n`;
  return new JsonObject().number("id", id).text("text", bytes > ANSWER_BYTES ? tooLong : text);
}
