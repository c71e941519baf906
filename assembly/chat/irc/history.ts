/** Sends clients the earlier messages of a room. */
import { Capability } from "../protocol/irc/capabilities";
import { timeText } from "../protocol/irc/time_tag";
import { PastEvent } from "../rooms/event_log";
import { Room } from "../rooms/room";
import { HistoryRange } from "./history_range";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";
import { eventId } from "./past_events";

/**
 * Sends a client that has entered a room the newest messages. A client without server-time gets
 * none: old messages would look new. A client with the capability chathistory gets none: it asks.
 */
export function sendReplay(irc: Irc, session: IrcSession, room: Room): void {
  const count = irc.chat.settings.replay;
  if (
    session.hasCapability(Capability.CHATHISTORY) ||
    !session.hasCapability(Capability.SERVER_TIME)
  )
    return;
  if (count == 0 || room.history.count == 0) return;
  const range = new HistoryRange(room, false);
  range.select(null, null, count, true);
  sendItems(irc, session, room, range.items);
}

/** Sends the items of a {@link HistoryRange}, in a batch if the client knows batches. */
export function sendItems(irc: Irc, session: IrcSession, room: Room, items: Array<i32>): void {
  const chat = irc.chat;
  const hasBatch = session.hasCapability(Capability.BATCH);
  const batch = hasBatch ? irc.nextBatch() : "";
  const name = irc.context.name;
  if (hasBatch) session.sendLine(`:${name} BATCH +${batch} chathistory #${room.name}`);
  const batchBytes = String.UTF8.encode(batch);
  const message = chat.message;
  for (let i = 0; i < items.length; i++) {
    if (items[i] < 0) {
      sendEvent(irc, session, room.events.all[~items[i]], batch);
      continue;
    }
    chat.readPast(room, <u32>items[i], batchBytes);
    if (!session.user.ignores(message)) session.sendMessage(message, true);
  }
  if (hasBatch) session.sendLine(`:${name} BATCH -${batch}`);
}

/** Sends an event of the past, unless it has words of a user that the client ignores. */
function sendEvent(irc: Irc, session: IrcSession, event: PastEvent, batch: string): void {
  if (event.author != 0 && session.user.ignored.has(event.author)) return;
  const tags: Array<string> = [];
  if (batch != "") tags.push(`batch=${batch}`);
  if (session.hasCapability(Capability.SERVER_TIME))
    tags.push(`time=${timeText(event.milliseconds)}`);
  if (session.hasCapability(Capability.MESSAGE_TAGS))
    tags.push(`msgid=${eventId(event, irc.chat.epoch)}`);
  session.sendLine(tags.length == 0 ? event.line : `@${tags.join(";")} ${event.line}`);
}
