/** Renders the events of room_events.ts. */
import { ModeChange } from "../rooms/mode_change";
import { RoomMask } from "../rooms/mask_list";
import { User } from "../users/user";
import { IrcDeedRenderer } from "./irc_deed_renderer";

export abstract class RoomEventRenderer extends IrcDeedRenderer {
  /** Renders that a user was sent out of a room. @param why empty if no reason is given */
  abstract renderUserKicked(user: User, by: User, room: string, why: string): string;
  /** Renders that a user was invited to a room. */
  abstract renderUserInvited(user: User, by: User, room: string): string;
  /** Renders that modes of a room have changed. @param by the name of the user or the server */
  abstract renderModesChanged(by: User | null, room: string, changes: Array<ModeChange>): string;
  /** Renders the modes of a room: their letters, and the values of those that have one. */
  abstract renderModesListed(
    room: string,
    modes: string,
    values: Array<string>,
    operators: Array<string>,
    voices: Array<string>,
  ): string;
  /** Renders a list of masks of a room. @param letter `b`, `e` or `I` */
  abstract renderMasksListed(room: string, letter: string, masks: Array<RoomMask>): string;
  /** Renders that users have entered or left a room. @param users the number of users now */
  abstract renderUsersChanged(room: string, joined: i32, left: i32, users: i32): string;
  /** Renders one room of a list of rooms. */
  abstract renderRoomListed(room: string, users: i32, topic: string): string;
  /** Renders the end of the messages from a room's history. */
  abstract renderHistoryEnd(room: string, lines: i32): string;
}
