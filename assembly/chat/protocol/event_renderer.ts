/** The methods of a protocol for events: see {@link ChatEvent}. */
import {
  Closed,
  HistoryEnd,
  MembersListed,
  Notice,
  Pong,
  PrivateMessage,
  Refusal,
  RoomListed,
  RoomTopic,
  ServerMessage,
  TopicSet,
  UserAway,
  UserDescribed,
  UserJoined,
  UserLeft,
  UserQuit,
  UserRenamed,
  UsersChanged,
  Welcome,
} from "./events";

/** Renders events; each protocol is one. Each method returns whole lines with their newlines. */
export abstract class EventRenderer {
  abstract renderNotice(event: Notice): string;
  abstract renderRefusal(event: Refusal): string;
  abstract renderWelcome(event: Welcome): string;
  abstract renderClosed(event: Closed): string;
  abstract renderUserJoined(event: UserJoined): string;
  abstract renderUserLeft(event: UserLeft): string;
  abstract renderUserQuit(event: UserQuit): string;
  abstract renderUsersChanged(event: UsersChanged): string;
  abstract renderUserRenamed(event: UserRenamed): string;
  abstract renderTopicSet(event: TopicSet): string;
  abstract renderRoomTopic(event: RoomTopic): string;
  abstract renderRoomListed(event: RoomListed): string;
  abstract renderMembersListed(event: MembersListed): string;
  abstract renderHistoryEnd(event: HistoryEnd): string;
  abstract renderUserDescribed(event: UserDescribed): string;
  abstract renderUserAway(event: UserAway): string;
  abstract renderPrivateMessage(event: PrivateMessage): string;
  abstract renderPong(event: Pong): string;
  abstract renderServerMessage(event: ServerMessage): string;
}
