/**
 * One option of the chat: its allowed values, when it can be set, and the setting that it changes.
 */
import { Option } from "../../text/options";
import { ChatSettings } from "../settings";

/** The times at which an option can be set. */
export enum Reach {
  /**
   * At the start, by the program that starts the module: the launcher does not offer it to users.
   */
  HOST = 0,
  /** At the start. */
  START = 1,
  /** At the start, and while serving. */
  LIVE = 2,
}

export class ChatOption extends Option {
  reach: Reach = Reach.HOST;
  /** True if the value is a password, which no output shows. */
  isSecret: bool = false;
  /** Stores the value in the settings. */
  apply: (settings: ChatSettings, option: ChatOption) => void = nowhere;
  private fits: (value: string) => bool = always;

  /** @param words the name and the placeholder of its value: `--max-line BYTES` */
  constructor(words: string, help: string) {
    const space = words.indexOf(" ");
    const name = space < 0 ? words : words.substring(0, space);
    super(name, space < 0 ? "" : words.substring(space + 1), "", help);
  }

  /** Allows the whole numbers from `least` to `most`. */
  within(fallback: i64, least: i64, most: i64): ChatOption {
    this.least = least;
    this.most = most;
    return this.text(fallback.toString());
  }

  /** Allows these words; the first is the default. */
  oneOf(words: Array<string>): ChatOption {
    this.choices = words;
    return this.text(words[0]);
  }

  text(fallback: string): ChatOption {
    this.fallback = fallback;
    this.value = fallback;
    return this;
  }

  /**
   * Allows values of a format.
   *
   * @param shape the format in words
   * @param pattern the format as a regular expression, for the launcher
   * @param fits returns true for a valid value
   */
  shaped(shape: string, pattern: string, fits: (value: string) => bool): ChatOption {
    this.shape = shape;
    this.pattern = pattern;
    this.fits = fits;
    return this;
  }

  secret(): ChatOption {
    this.isSecret = true;
    return this;
  }

  /** The value as operators see it. */
  get shownValue(): string {
    return this.isSecret && this.value != "" ? "(hidden)" : this.value;
  }

  atStart(apply: (settings: ChatSettings, option: ChatOption) => void): ChatOption {
    this.reach = Reach.START;
    this.apply = apply;
    return this;
  }

  /**
   * Sets the reach LIVE: the option may change while serving, since its setting is read at each
   * use.
   */
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
