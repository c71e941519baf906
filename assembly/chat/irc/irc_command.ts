/** A command of IRC: its checks, and what it does. */
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";

/** Runs a command. @param words its parameters, sanitized; `irc.line` has them as they were sent */
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
     * True if clients send it for each of their channels once they have connected, and it disturbs
     * no others. It costs nothing then: see {@link OPENING_LINES}.
     */
    public isOpening: bool = false,
  ) {}
}
