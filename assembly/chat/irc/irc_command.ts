/** A command of IRC: its checks, and what it does. */
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";

/** Runs a command. @param words the parameters, sanitized; `irc.line` has the raw bytes */
type IrcAction = (irc: Irc, session: IrcSession, words: Array<string>) => void;

export class IrcCommand {
  constructor(
    public name: string,
    /** The least number of parameters; with fewer, the client gets a 461. */
    public least: i32,
    public run: IrcAction,
    /** True if a client may send it before it is registered. */
    public isEarly: bool = false,
    /**
     * True for a command that clients send for each of their channels after they have connected,
     * and that other users do not notice. The rate limiter does not count it then: see {@link
     * OPENING_LINES}.
     */
    public isOpening: bool = false,
  ) {}
}
