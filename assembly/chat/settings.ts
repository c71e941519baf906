/** How the chat was set up: the options, read and checked. */
import { ConnectionLimits } from "../net/connection_limits";
import { Style } from "./style";

export class ChatSettings {
  constructor(
    public connection: ConnectionLimits,
    public clients: i32,
    /** The stamp's time zone, in minutes east of UTC. */
    public timeZone: i32,
    /** What a newcomer reads until it chooses another. */
    public style: Style,
    /** Rooms at a time. */
    public rooms: i32,
    /** Lines that each room remembers, and how many of them a newcomer is given. */
    public history: i32,
    public replay: i32,
    /** In rooms with more people, nobody is told who comes and goes. */
    public announce: i32,
  ) {}
}
