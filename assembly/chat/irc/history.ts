/** Sends clients what was said in a room before. */
import { Capability } from "../protocol/irc/capabilities";
import { Room } from "../rooms/room";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";

/**
 * Sends a client that has entered a room the newest messages. Without times, old messages would
 * look new. A client that can ask for the history gets none unasked.
 */
export function sendReplay(irc: Irc, session: IrcSession, room: Room): void {
  const count = irc.chat.settings.replay;
  if (session.has(Capability.CHATHISTORY) || !session.has(Capability.SERVER_TIME)) return;
  if (count == 0 || room.history.count == 0) return;
  sendRecords(irc, session, room, room.history.offsetOfNewest(count), i32.MAX_VALUE);
}

/** Sends the messages from an offset on, `most` at most, in a batch if the client knows batches. */
export function sendRecords(irc: Irc, session: IrcSession, room: Room, from: u32, most: i32): void {
  const chat = irc.chat;
  const hasBatch = session.has(Capability.BATCH);
  const batch = hasBatch ? irc.nextBatch() : "";
  const name = irc.context.name;
  if (hasBatch) session.line(`:${name} BATCH +${batch} chathistory #${room.name}`);
  const batchBytes = String.UTF8.encode(batch);
  const message = chat.message;
  let place = from;
  for (let i = 0; i < most && room.history.hasRecordAt(place); i++) {
    place = chat.readPast(room, place, batchBytes);
    if (session.user.ignores(message)) continue;
    session.sendMessage(message, true);
  }
  if (hasBatch) session.line(`:${name} BATCH -${batch}`);
}
