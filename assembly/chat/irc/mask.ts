/** Masks of IRC: `*` stands for any text, `?` for any character. Case does not count. */

const STAR: i32 = 0x2a;
const QUESTION: i32 = 0x3f;

export class Mask {
  private pattern: string;

  constructor(text: string) {
    this.pattern = text.toLowerCase();
  }

  /** Returns true if a text matches. Takes time for each star once, whatever the texts are. */
  matches(text: string): bool {
    const pattern = this.pattern;
    const subject = text.toLowerCase();
    let star = -1;
    let retry = 0;
    let p = 0;
    for (let at = 0; at < subject.length;) {
      const wanted = p < pattern.length ? pattern.charCodeAt(p) : -1;
      if (wanted == STAR) {
        star = p++;
        retry = at;
      } else if (wanted == QUESTION || wanted == subject.charCodeAt(at)) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern.charCodeAt(p) == STAR) p++;
    return p == pattern.length;
  }
}
