/** A channel as an IRC client knows it from the lines of the server: members, modes and topic. */
import { OracleFailure } from "../failure.js";

export interface Member {
  /** `nick!user@host`; empty until a line of the member has shown it. */
  mask: string;
  isOperator: boolean;
  isVoiced: boolean;
  /** Undefined while the client cannot know it. */
  isAway: boolean | undefined;
}

/** The modes that have a value while they are set; those of {@link LISTS} are masks. */
const VALUED = "kl";
const LISTS = "beI";

export class Channel {
  readonly members = new Map<string, Member>();
  /** True once NAMES has listed all members. */
  isListed = false;
  /** Undefined until the client has been told it. */
  topic: string | undefined;
  /** The letters of the modes that are set; undefined before the first 324. */
  modes: Set<string> | undefined;
  /** The names of an answer to NAMES that has not ended. */
  names: string[] = [];

  constructor(readonly name: string) {}

  add(nick: string, mask: string, isAway: boolean | undefined): void {
    this.members.set(nick, { mask, isOperator: false, isVoiced: false, isAway });
  }

  /** Applies MODE. @throws {OracleFailure} if it names a user that is not a member */
  changeModes([letters = "", ...values]: readonly string[]): void {
    let adds = true;
    for (const letter of letters) {
      if (letter === "+" || letter === "-") {
        adds = letter === "+";
      } else if (letter === "o" || letter === "v") {
        this.#changeMember(values.shift() ?? "", letter, adds);
      } else if (LISTS.includes(letter)) {
        values.shift();
      } else {
        if (VALUED.includes(letter) && (adds || letter === "k")) values.shift();
        if (adds) this.modes?.add(letter);
        else this.modes?.delete(letter);
      }
    }
    if (values.length > 0) throw new OracleFailure("irc", `MODE ${letters}: too many values`);
  }

  #changeMember(nick: string, letter: "o" | "v", value: boolean): void {
    const member = this.members.get(nick);
    if (member === undefined) {
      if (!this.isListed) return;
      throw new OracleFailure("members", `MODE ${letter} of ${nick}, no member of ${this.name}`);
    }
    if (letter === "o") member.isOperator = value;
    else member.isVoiced = value;
  }

  /** Records names of an answer to NAMES. Until the first answer ends, these are new members. */
  addNames(items: readonly string[]): void {
    this.names.push(...items);
    if (this.isListed) return;
    for (const item of items) {
      const [nick, { mask, isOperator, isVoiced }] = memberOf(item);
      const known = this.members.get(nick);
      const isAway = known?.isAway;
      this.members.set(nick, { mask: mask || (known?.mask ?? ""), isOperator, isVoiced, isAway });
    }
  }

  /**
   * Handles the end of an answer to NAMES: compares the names with the members.
   *
   * @param isWhole true if nothing has changed between the rows of the answer
   * @throws {OracleFailure}
   */
  endNames(hasAllPrefixes: boolean, isWhole: boolean): void {
    const { names, isListed } = this;
    this.names = [];
    this.isListed = true;
    if (!isWhole) return;
    const told = new Map(names.map((one) => memberOf(one)));
    if (told.size !== names.length) throw this.#differs(names, "a name comes twice");
    if (!isListed) return;
    if (told.size !== this.members.size) throw this.#differs(names, "others are known");
    for (const [nick, { mask, isOperator, isVoiced }] of told) {
      const known = this.members.get(nick);
      if (known === undefined) throw this.#differs(names, `${nick} is not known`);
      const hasVoice = hasAllPrefixes || !isOperator ? known.isVoiced === isVoiced : true;
      if (known.isOperator !== isOperator || !hasVoice) {
        throw this.#differs(names, `the prefix of ${nick} is another`);
      }
      if (mask !== "" && known.mask !== "" && mask !== known.mask) {
        throw this.#differs(names, `${nick} is known as ${known.mask}`);
      }
    }
  }

  #differs(names: readonly string[], why: string): OracleFailure {
    const known = [...this.members.keys()].join(" ");
    return new OracleFailure("members", `${this.name} has ${names.join(" ")}; ${why}: ${known}`);
  }
}

/** Reads an item of 353: `@+nick`, or `@+nick!user@host`. */
function memberOf(item: string): [string, Member] {
  const [, prefixes = "", mask = ""] = /^([@+]*)(.*)$/su.exec(item) ?? [];
  const [isOperator, isVoiced] = [prefixes.includes("@"), prefixes.includes("+")];
  const nick = mask.replace(/!.*/su, "");
  const known = mask.includes("!") ? mask : "";
  return [nick, { mask: known, isOperator, isVoiced, isAway: undefined }];
}
