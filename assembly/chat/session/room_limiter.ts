/**
 * Limits what all users of a room together do there: messages, topics, changes of names and away
 * texts. Above the room's rate, each of them waits after such an event, and is told so once.
 */
import { Loop } from "../../loop/loop";
import { countText } from "../../text/count_text";
import { Tally } from "../admin/tally";
import { Room } from "../rooms/room";
import { ChatSettings } from "../settings";
import { Session } from "./session";

export class RoomLimiter {
  constructor(
    private loop: Loop,
    private settings: ChatSettings,
    private limits: Tally,
  ) {}

  /** Counts an event that a user causes for all in a room. The user waits if there are too many. */
  countEvent(session: Session, room: Room): void {
    const rate = this.settings.roomRate;
    if (rate == 0) return;
    const membership = session.membershipIn(room);
    if (membership !== null && !membership.isSpeaker) room.addSpeaker(membership);
    const seconds = room.rate.countMessage(rate, room.speakers, this.loop.now);
    if (seconds > 0) this.delaySpeaker(session, room, seconds);
  }

  /** Counts an event that a user causes in all of its rooms. */
  countInAllRooms(session: Session): void {
    const memberships = session.memberships;
    for (let i = 0; i < memberships.length; i++) this.countEvent(session, memberships[i].room);
  }

  private delaySpeaker(session: Session, room: Room, seconds: f64): void {
    session.connection.pauseLines(seconds);
    // The floods of all rooms have numbers, so that the user is told once of each flood.
    if (session.toldFlood >= room.rate.flood) return;
    session.toldFlood = room.rate.flood;
    this.limits.add("room rate");
    const lines = countText(<i64>this.settings.roomRate, "line");
    const words = `all in ${room.name} together say more than ${lines} a second`;
    session.tell(`${words}: your next line waits for its turn`);
  }
}
