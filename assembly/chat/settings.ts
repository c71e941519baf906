/**
 * The settings of the chat: a field for each option, with its current value. option_table.ts has
 * the names and bounds.
 */
import { SyncPolicy } from "../journal/sync_policy";
import { ConnectionLimits } from "../net/connection/connection_limits";
import { IrcSettings } from "./irc/irc_settings";
import { Style } from "./protocol/style";

export class ChatSettings {
  connection: ConnectionLimits = new ConnectionLimits();
  irc: IrcSettings = new IrcSettings();
  clients: i32 = 0;
  /** The time zone of stamps, in minutes east of UTC. */
  timeZone: i32 = 0;
  /** The style of new clients, until they choose another. */
  style: Style = Style.LINE;
  /** True if the name of a client that has chosen none is its address, for all to see. */
  showsAddresses: bool = false;
  /** The most rooms at a time. */
  rooms: i32 = 0;
  /** The most rooms of a client at a time, if its protocol may have several. */
  roomsPerClient: i32 = 0;
  /** The most rooms that a client may create in an hour; 0: any number. */
  newRooms: f64 = 0;
  /** The most messages per second in a room, of all its speakers together; 0: any number. */
  roomRate: f64 = 0;
  /** The most lines in a room's history. */
  history: i32 = 0;
  /** The number of these lines that a new member gets. */
  replay: i32 = 0;
  /** The most memory of the histories of all rooms together, in bytes. */
  historyBytes: u64 = u64.MAX_VALUE;
  /** Joins and leaves are announced in rooms with at most this many users. */
  announce: i32 = 0;
  /** The most of these announcements in a room per second; 0: any number. */
  announceRate: u64 = 0;
  /** The sync policy of the journal. */
  sync: SyncPolicy = SyncPolicy.INTERVAL;
  /** The most bytes of the journal's files together; 0 if there is no journal. */
  dataBytes: u64 = 0;

  /** Returns true if an arrival is logged at once, and not when the client says something. */
  logsArrival(isProxied: bool): bool {
    return !isProxied || this.style == Style.TUTORIAL;
  }
}
