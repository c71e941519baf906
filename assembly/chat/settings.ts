/**
 * How the chat is set up: a field for each option, with the value that holds now. What an option is
 * called, and how far it goes, is in option_table.
 */
import { SyncPolicy } from "../journal/sync_policy";
import { ConnectionLimits } from "../net/connection/connection_limits";
import { Style } from "./protocol/style";

export class ChatSettings {
  connection: ConnectionLimits = new ConnectionLimits();
  clients: i32 = 0;
  /** The stamp's time zone, in minutes east of UTC. */
  timeZone: i32 = 0;
  /** What a newcomer reads until it chooses another. */
  style: Style = Style.LINE;
  /** Rooms at a time. */
  rooms: i32 = 0;
  /** Lines that each room remembers, and how many of them a newcomer is given. */
  history: i32 = 0;
  replay: i32 = 0;
  /** Bytes of memory that all rooms' histories may have together. */
  historyBytes: u64 = u64.MAX_VALUE;
  /** In rooms with more people, nobody is told who comes and goes. */
  announce: i32 = 0;
  /** Of what is kept on a disk, if that is: how safe, and how much. */
  sync: SyncPolicy = SyncPolicy.INTERVAL;
  dataBytes: u64 = 0;
}
