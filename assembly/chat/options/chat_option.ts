/** One option of the chat: what may be said, who says it and when, and the field that it sets. */
import { Option } from "../../text/options";
import { ChatSettings } from "../settings";

/** Who gives an option, and when. */
export enum Reach {
  /** Whoever starts the module, for its own purposes: the launcher does not offer it to people. */
  HOST = 0,
  /** People, when the server is started. */
  START = 1,
  /** People, and again while it serves. */
  LIVE = 2,
}

export class ChatOption extends Option {
  reach: Reach = Reach.HOST;
  /** Puts the value where it is read. */
  apply: (settings: ChatSettings, option: ChatOption) => void = nowhere;
  private fits: (value: string) => bool = always;

  /** @param words its name, and what stands for its value: `--max-line BYTES` */
  constructor(words: string, help: string) {
    const space = words.indexOf(" ");
    const name = space < 0 ? words : words.substring(0, space);
    super(name, space < 0 ? "" : words.substring(space + 1), "", help);
  }

  /** It is a whole number from `least` to `most`. */
  within(fallback: i64, least: i64, most: i64): ChatOption {
    this.least = least;
    this.most = most;
    return this.text(fallback.toString());
  }

  /** It is one of these words; the first is the default. */
  oneOf(words: Array<string>): ChatOption {
    this.choices = words;
    return this.text(words[0]);
  }

  text(fallback: string): ChatOption {
    this.fallback = fallback;
    this.value = fallback;
    return this;
  }

  /** It looks like this: in words, as a regular expression for the launcher, and exactly. */
  shaped(shape: string, pattern: string, fits: (value: string) => bool): ChatOption {
    this.shape = shape;
    this.pattern = pattern;
    this.fits = fits;
    return this;
  }

  atStart(apply: (settings: ChatSettings, option: ChatOption) => void): ChatOption {
    this.reach = Reach.START;
    this.apply = apply;
    return this;
  }

  /** It may also be changed later: its field is read each time that it matters. */
  live(apply: (settings: ChatSettings, option: ChatOption) => void): ChatOption {
    this.reach = Reach.LIVE;
    this.apply = apply;
    return this;
  }

  mistakeIn(value: string): string {
    return this.fits(value) ? super.mistakeIn(value) : this.refusal(value);
  }
}

function nowhere(settings: ChatSettings, option: ChatOption): void {}

function always(value: string): bool {
  return true;
}
