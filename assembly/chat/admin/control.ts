/**
 * The protocol between the launcher and the console. A request is a line `ID COMMAND...` on stdin.
 * Its answer is an object on stdout, `{"id":ID,"text":"..."}`, whose text may have many lines.
 * console.ts runs the commands.
 */
import { JsonObject } from "../../text/json";
import { isDigits } from "../../text/options";
import { afterFirstWord, firstWord } from "../../text/words";

/**
 * An answer to the launcher has at most this length. A longer answer is replaced by an error
 * message. @limit bytes
 */
export const ANSWER_BYTES: u32 = 262_144;
/**
 * The buffer for answers to the launcher. The launcher sends one request at a time, and an answer
 * as an object is at most four times as long as its text, so the buffer is never full. @limit bytes
 */
export const CONTROL_BYTES: u32 = 4 * ANSWER_BYTES;

/** The id in the answer to a request without one. */
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

/** Returns the object that answers a request. The caller may add more fields. */
export function answerTo(id: i64, text: string): JsonObject {
  const bytes = <u32>String.UTF8.byteLength(text);
  const tooLong = `the answer is too long: it has ${bytes} bytes, and may have ${ANSWER_BYTES}\n`;
  return new JsonObject().number("id", id).text("text", bytes > ANSWER_BYTES ? tooLong : text);
}
