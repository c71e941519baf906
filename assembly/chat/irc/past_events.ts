/** Records the events of rooms for clients with draft/event-playback. */
import { Chat } from "../chat";
import { ChatEvent } from "../protocol/events";
import { IrcProtocol } from "../protocol/irc/irc_protocol";
import { PastEvent } from "../rooms/event_log";
import { EventRecorder } from "../rooms/presence";
import { Room } from "../rooms/room";
import { User } from "../users/user";

export class PastEvents implements EventRecorder {
  /** The number of the newest event. It begins with the time, so that no start repeats numbers. */
  private last: u64;

  /** @param form the form of clients without capabilities, which writes the lines */
  constructor(
    private chat: Chat,
    private form: IrcProtocol,
  ) {
    this.last = <u64>chat.clock.milliseconds;
  }

  recordEvent(room: Room, event: ChatEvent, author: User | null): void {
    const chat = this.chat;
    if (chat.settings.history == 0) return;
    if (event.historyId == "") event.historyId = `${chat.epoch}-${chat.lastId}.e${++this.last}`;
    const line = this.form.render(event).trimEnd();
    const by: u64 = author === null ? 0 : author.id;
    if (line == "") return;
    room.events.add(new PastEvent(chat.lastId, this.last, chat.clock.milliseconds, by, line));
  }
}

/** Returns the id of an event for clients. */
export function eventId(event: PastEvent, epoch: u64): string {
  return `${epoch}-${event.after}.e${event.number}`;
}
