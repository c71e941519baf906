/**
 * The protocol for programs: each message and event is a line with a JSON object
 * (docs/reference/protocol.md).
 */
import { escapeJson, ESCAPE_GROWTH, JsonObject } from "../../text/json";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";
import { Message, MessageKind, shownText, TEXT_BYTES_MOST } from "../delivery/message";
import {
  Closed,
  MembersListed,
  Notice,
  Pong,
  PrivateMessage,
  Refusal,
  RoomTopic,
  ServerMessage,
  TopicSet,
  UserAway,
  UserDescribed,
  UserJoined,
  UserLeft,
  UserQuit,
  UserRenamed,
  Welcome,
} from "./events";
import { FRAME_BYTES, Protocol } from "./protocol";
import { RoomMask } from "../rooms/mask_list";
import { ModeChange, modeArguments, modeLetters } from "../rooms/mode_change";
import { User } from "../users/user";
import { Style } from "./style";

/** The version of the objects. {@link Json2Protocol} has the second one. */
const FIRST_VERSION: i64 = 1;

export class JsonProtocol extends Protocol {
  constructor(
    style: Style = Style.JSON,
    private version: i64 = FIRST_VERSION,
  ) {
    super(style);
    this.isForPeople = false;
  }

  mostBytes(message: Message): u32 {
    const names = (message.roomBytes + message.fromBytes) * ESCAPE_GROWTH;
    return FRAME_BYTES + names + min(message.textBytes * ESCAPE_GROWTH, TEXT_BYTES_MOST);
  }

  writeMessage(start: usize, message: Message, _isPast: bool): u32 {
    const type = message.kind == MessageKind.ACTION ? "action" : "message";
    const ms = message.milliseconds % MILLISECONDS_PER_SECOND;
    let at = start;
    at = put(
      at,
      `{"type":"${type}","id":${message.id},"time":${message.seconds},"ms":${ms},"room":"`,
    );
    at += escapeJson(at, message.room, message.roomBytes);
    at = put(at, '","from":"');
    at += escapeJson(at, message.from, message.fromBytes);
    at = put(at, '","text":"');
    at += escapeJson(at, message.text, message.textBytes);
    at = put(at, message.kind == MessageKind.NOTICE ? '","notice":true}\n' : '"}\n');
    return <u32>(at - start);
  }

  renderNotice(event: Notice): string {
    return new JsonObject("notice").text("text", event.text).line();
  }

  renderRefusal(event: Refusal): string {
    return new JsonObject("error").text("code", event.code).text("text", event.text).line();
  }

  renderWelcome(event: Welcome): string {
    return new JsonObject("welcome")
      .number("version", this.version)
      .text("you", event.user)
      .text("room", event.room)
      .text("topic", event.topic)
      .number("people", event.users)
      .number("last", event.lastId)
      .number("epoch", event.epoch)
      .line();
  }

  renderClosed(event: Closed): string {
    return new JsonObject("closed").text("reason", event.reason).text("text", event.text).line();
  }

  renderUserJoined(event: UserJoined): string {
    return new JsonObject("join").text("from", event.user.name).text("room", event.room).line();
  }

  renderUserLeft(event: UserLeft): string {
    return new JsonObject("leave").text("from", event.user.name).text("room", event.room).line();
  }

  renderUserQuit(event: UserQuit): string {
    return new JsonObject("quit").text("from", event.user.name).text("reason", event.why).line();
  }

  renderUsersChanged(room: string, joined: i32, left: i32, users: i32): string {
    const object = new JsonObject("presence").text("room", room);
    return object.number("joined", joined).number("left", left).number("people", users).line();
  }

  renderUserRenamed(event: UserRenamed): string {
    const object = new JsonObject("nick").text("from", event.before).text("to", event.user.name);
    return object.text("room", event.room).line();
  }

  renderTopicSet(event: TopicSet): string {
    const object = new JsonObject("topic").text("from", event.user.name).text("text", event.topic);
    return object.text("room", event.room).line();
  }

  renderRoomTopic(event: RoomTopic): string {
    return new JsonObject("topic").text("room", event.room).text("text", event.topic).line();
  }

  renderRoomListed(room: string, users: i32, topic: string): string {
    const object = new JsonObject("room").text("room", room).number("people", users);
    return object.text("topic", topic).line();
  }

  renderMembersListed(event: MembersListed): string {
    const away: Array<string> = [];
    for (let i = 0; i < event.names.length; i++) {
      if (event.isAway[i]) away.push(event.names[i]);
    }
    const object = new JsonObject("who").text("room", event.room).number("people", event.users);
    object.texts("names", event.names).texts("away", away);
    if (this.hasSeveralRooms) {
      object.texts("operators", event.operators).texts("voices", event.voices);
    }
    return object.line();
  }

  renderHistoryEnd(room: string, lines: i32): string {
    return new JsonObject("history").text("room", room).number("lines", lines).line();
  }

  renderUserDescribed(event: UserDescribed): string {
    const room = event.rooms.length == 0 ? "" : event.rooms[0];
    const object = new JsonObject("whois").text("name", event.user).text("room", room);
    return object.number("seconds", event.seconds).text("away", event.away).line();
  }

  renderUserKicked(user: User, by: User, room: string, why: string): string {
    const object = new JsonObject("kick").text("from", by.name).text("name", user.name);
    return object.text("room", room).text("text", why).line();
  }

  renderUserInvited(user: User, by: User, room: string): string {
    const object = new JsonObject("invite").text("from", by.name).text("to", user.name);
    return object.text("room", room).line();
  }

  renderModesChanged(by: User | null, room: string, changes: Array<ModeChange>): string {
    const object = new JsonObject("mode").text("from", by === null ? "server" : by.name);
    object.text("room", room).text("modes", modeLetters(changes));
    return object.texts("arguments", modeArguments(changes)).line();
  }

  renderModesListed(
    room: string,
    modes: string,
    values: Array<string>,
    operators: Array<string>,
    voices: Array<string>,
  ): string {
    const object = new JsonObject("modes").text("room", room).text("modes", modes);
    object.texts("arguments", values).texts("operators", operators);
    return object.texts("voices", voices).line();
  }

  renderMasksListed(room: string, letter: string, masks: Array<RoomMask>): string {
    const object = new JsonObject("masks").text("room", room).text("list", letter);
    object.texts(
      "masks",
      masks.map<string>((one) => one.mask),
    );
    object.texts(
      "by",
      masks.map<string>((one) => one.by),
    );
    const times = masks.map<string>((one) => one.since.toString()).join(",");
    return object.json("times", `[${times}]`).line();
  }

  renderUserAway(event: UserAway): string {
    return new JsonObject("away").text("name", event.user).text("text", event.text).line();
  }

  renderPrivateMessage(event: PrivateMessage): string {
    const object = new JsonObject("private").text("from", event.from.name);
    return object.text("to", event.to.name).text("text", shownText(event.kind, event.text)).line();
  }

  renderPong(event: Pong): string {
    return new JsonObject("pong").text("text", event.text).line();
  }

  renderServerMessage(event: ServerMessage): string {
    return new JsonObject("server").text("text", event.text).line();
  }
}

function put(at: usize, text: string): usize {
  return at + String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
}
