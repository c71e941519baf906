/**
 * A room: people who hear the same, each in a style of their own, with a topic and a memory.
 *
 * Most hear through an audience that they share with all others of their style. Whoever ignores
 * somebody hears alone, since no one else hears just that.
 */
import { ConnectionSet } from "../../net/connection/connection_set";
import { JsonObject } from "../../text/json";
import { BroadcastGroup } from "../delivery/broadcast_group";
import { DeliveryRound } from "../delivery/delivery_round";
import { History } from "./history";
import { Message } from "../delivery/message";
import { Session } from "../session/session";
import { ChatSettings } from "../settings";
import { Style, STYLES } from "../protocol/style";

export class Room {
  topic: string = "";
  history: History;
  nameBytes: ArrayBuffer;
  /** Tick at which the last one left. */
  emptySince: u64 = 0;
  /** Until when those who speak here wait for somebody who reads slowly; of the loop's clock. */
  throttledUntil: u64 = 0;
  /** How many are in it. */
  size: i32 = 0;
  /** One for each style. */
  private groups: StaticArray<BroadcastGroup>;
  private alone: Array<Session> = [];

  constructor(
    public name: string,
    private connections: ConnectionSet,
    round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.nameBytes = String.UTF8.encode(name);
    this.history = new History(settings.history);
    this.groups = StaticArray.fromArray<BroadcastGroup>([
      new BroadcastGroup(round),
      new BroadcastGroup(round),
      new BroadcastGroup(round),
    ]);
    assert(this.groups.length == STYLES, "an audience is missing");
  }

  join(session: Session): void {
    assert(session.room === null, "a session is in two rooms");
    session.room = this;
    this.size++;
    if (session.ignored.size > 0) this.alone.push(session);
    else this.groups[session.style].join(session);
  }

  leave(session: Session): void {
    assert(session.room === this, "a session leaves a room that it is not in");
    session.room = null;
    this.size--;
    const group = session._group;
    if (group !== null) group.leave(session);
    else this.alone.splice(this.alone.indexOf(session), 1);
  }

  /** Those in it, in no particular order, `most` of them at most. */
  users(most: i32 = i32.MAX_VALUE): Array<Session> {
    const users = this.alone.slice(0, most);
    for (let style = 0; style < STYLES; style++) {
      const group = this.groups[style];
      const wanted = min(group.size, most - users.length);
      for (let i = 0; i < wanted; i++) users.push(group.get(i));
    }
    return users;
  }

  /** Says a line to everybody, its speaker included, and remembers it. */
  say(message: Message, speaker: Session): void {
    this.history.lines = this.settings.history;
    this.history.add(message);
    for (let style = 0; style < STYLES; style++) {
      const group = unchecked(this.groups[style]);
      if (group.size == 0) continue;
      const chunk = group.writer(message.most(style));
      chunk.wrote(message.write(chunk.end, style, this.settings.timeZone, false));
    }
    for (let i = 0; i < this.alone.length; i++) {
      const session = this.alone[i];
      if (session === speaker || !session.ignored.has(speaker.key))
        this.sayTo(session, message, false);
    }
  }

  /** Says a line to one alone, at once. */
  sayTo(session: Session, message: Message, dated: bool): void {
    session.catchUp();
    const at = this.connections.writer(message.most(session.style));
    this.connections.wrote(
      session.connection,
      message.write(at, session.style, this.settings.timeZone, dated),
    );
  }

  /** Tells everybody what has happened; who reads as in the tutorial hears only what is said. */
  announce(plain: string, object: JsonObject): void {
    this.announceTo(Style.LINE, `* ${plain}\n`);
    this.announceTo(Style.JSON, object.text("room", this.name).line());
    for (let i = 0; i < this.alone.length; i++) this.alone[i].tellEvent(plain, object);
  }

  private announceTo(style: Style, text: string): void {
    const group = this.groups[style];
    if (group.size == 0) return;
    const chunk = group.writer(<u32>String.UTF8.byteLength(text));
    chunk.wrote(<u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.end));
  }
}
