/**
 * Command-line options: `--name VALUE`, `--name=VALUE`, flags and positional words. Every mistake
 * is one line that says what, where and what to do; no option is ignored.
 */

/** One option that a program understands. */
export class Option {
  /** The text given, or the default. */
  value: string;
  given: bool = false;
  /** All the texts given, of an option that may be given several times. */
  values: Array<string> = [];
  /** The words that it may be; none where anything else may be, too. */
  choices: Array<string> = [];
  /** What it must look like: for people, and as a regular expression for other programs. */
  shape: string = "";
  pattern: string = "";

  constructor(
    /** With its hyphens: `--max-line`. */
    public name: string,
    /** What stands for its value in the help, `BYTES`; empty for a flag. */
    public placeholder: string,
    public fallback: string,
    /** One line for the help; without one, it is not in there. */
    public help: string,
    /** The bounds of a whole number, both included; equal for anything else. */
    public least: i64 = 0,
    public most: i64 = 0,
  ) {
    this.value = fallback;
  }

  /** Whether its value must be a whole number. */
  get isNumber(): bool {
    return this.least != this.most;
  }

  /** The value of a whole number that has been checked. */
  get number(): i64 {
    return I64.parseInt(this.value);
  }

  /** What is wrong with a value, or empty. Shapes are for whoever knows them to check. */
  mistakeIn(value: string): string {
    if (!this.isNumber && this.choices.length == 0) return "";
    if (this.isNumber ? this.isWithinBounds(value) : this.choices.includes(value)) return "";
    return this.refusal(value);
  }

  /** The line that refuses a value. */
  refusal(value: string): string {
    return `option ${this.name} takes ${this.wanted}, not "${value}"`;
  }

  /** What it takes, in words. */
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

/** What was on the command line. */
export class Parsed {
  /** Words that belong to no option. */
  words: Array<string> = [];
  /** What is wrong, or empty. */
  mistake: string = "";
}

/** Reads `given` into `options`; stops at the first mistake. */
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

/** One line an option, for `--help`. */
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

/** Digits alone, and few enough for an i64. */
export function isDigits(text: string): bool {
  if (text.length == 0 || text.length > 18) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
