/**
 * Version 2 of the protocol for programs: a client may be in several rooms. Two kinds of objects
 * differ from version 1: those about a user in all of its rooms, and departures: leaving a room and
 * leaving the server have different types.
 */
import { JsonObject } from "../../text/json";
import { UserDescribed, UserLeft, UserRenamed } from "./events";
import { JsonProtocol } from "./json_protocol";
import { Style } from "./style";

const SECOND_VERSION: i64 = 2;

export class Json2Protocol extends JsonProtocol {
  constructor() {
    super(Style.JSON2, SECOND_VERSION);
    this.hasSeveralRooms = true;
  }

  renderUserLeft(event: UserLeft): string {
    const object = new JsonObject("part").text("from", event.user.name).text("room", event.room);
    return object.text("reason", event.why).line();
  }

  renderUserRenamed(event: UserRenamed): string {
    const object = new JsonObject("nick").text("from", event.before);
    return object.text("to", event.user.name).line();
  }

  renderUserDescribed(event: UserDescribed): string {
    const object = new JsonObject("whois").text("name", event.user).texts("rooms", event.rooms);
    return object.number("seconds", event.seconds).text("away", event.away).line();
  }
}
