/**
 * Parses command-line options: `--name VALUE`, `--name=VALUE`, flags and positional words. Each
 * mistake is one line that says what is wrong, where, and what to do. No option is ignored.
 */

/** One option of a program. */
export class Option {
  /** The given text, or the default. */
  value: string;
  /** True if the program was started with the option. */
  given: bool = false;
  /** All given texts, for an option that may be repeated. */
  values: Array<string> = [];
  /** The allowed words; empty if other values are allowed. */
  choices: Array<string> = [];
  /** The format of the value, in words; empty if it has none. */
  shape: string = "";
  /** The same format as a regular expression. */
  pattern: string = "";

  constructor(
    /** The name with its hyphens: `--max-line`. */
    public name: string,
    /** The placeholder of the value in the help, such as `BYTES`; empty for a flag. */
    public placeholder: string,
    public fallback: string,
    /** One line for the help; an option without it is not in the help. */
    public help: string,
    /** The inclusive bounds of a whole number; equal for other values. */
    public least: i64 = 0,
    public most: i64 = 0,
  ) {
    this.value = fallback;
  }

  /** True if the value must be a whole number. */
  get isNumber(): bool {
    return this.least != this.most;
  }

  /** The value as a whole number. It must have been checked. */
  get number(): i64 {
    return I64.parseInt(this.value);
  }

  /**
   * Returns an error message for a value, or empty. It does not check `pattern`: the caller must.
   */
  mistakeIn(value: string): string {
    if (!this.isNumber && this.choices.length == 0) return "";
    if (this.isNumber ? this.isWithinBounds(value) : this.choices.includes(value)) return "";
    return this.refusal(value);
  }

  /** Returns the message that refuses a value. */
  refusal(value: string): string {
    return `option ${this.name} takes ${this.wanted}, not "${value}"`;
  }

  /** The description of the allowed values. */
  get wanted(): string {
    if (this.isNumber) return `a whole number from ${this.least} to ${this.most}`;
    const last = this.choices.length - 1;
    if (last < 0) return this.shape;
    return `${this.choices.slice(0, last).join(", ")} or ${this.choices[last]}`;
  }

  private isWithinBounds(value: string): bool {
    if (!isDigits(value)) return false;
    const number = I64.parseInt(value);
    return number >= this.least && number <= this.most;
  }
}

/** A parsed command line. */
export class Parsed {
  /** The words that belong to no option. */
  words: Array<string> = [];
  /** An error message, or empty. */
  mistake: string = "";
}

/** Parses the words `given` and sets the values of `options`. Stops at the first mistake. */
export function parseOptions(given: Array<string>, options: Array<Option>): Parsed {
  const parsed = new Parsed();
  for (let i = 0; i < given.length && parsed.mistake == ""; i++) {
    const word = given[i];
    if (!word.startsWith("--")) {
      parsed.words.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.substring(0, equals);
    const option = find(options, name);
    if (option === null) {
      parsed.mistake = `unknown option ${name}: see --help`;
    } else if (option.placeholder == "") {
      if (equals >= 0) parsed.mistake = `option ${name} takes no value`;
      option.given = true;
    } else if (equals < 0 && i + 1 >= given.length) {
      parsed.mistake = `option ${name} needs a value: ${name} ${option.placeholder}`;
    } else {
      option.value = equals < 0 ? given[++i] : word.substring(equals + 1);
      option.given = true;
      option.values.push(option.value);
      parsed.mistake = option.mistakeIn(option.value);
    }
  }
  return parsed;
}

/** Returns the help, one line for each option. */
export function describeOptions(options: Array<Option>): string {
  let text = "";
  for (let i = 0; i < options.length; i++) {
    const option = options[i];
    if (option.help == "") continue;
    const left = option.placeholder == "" ? option.name : option.name + " " + option.placeholder;
    text += "  " + left.padEnd(26) + option.help;
    if (option.choices.length > 0) text += ` (${option.wanted}, default ${option.fallback})`;
    else if (option.isNumber)
      text += ` (${option.least} to ${option.most}, default ${option.fallback})`;
    else if (option.fallback != "") text += ` (default ${option.fallback})`;
    text += "\n";
  }
  return text;
}

function find(options: Array<Option>, name: string): Option | null {
  for (let i = 0; i < options.length; i++) if (options[i].name == name) return options[i];
  return null;
}

/** Returns true if the text has only digits, and few enough for an i64. */
export function isDigits(text: string): bool {
  if (text.length == 0 || text.length > 18) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
