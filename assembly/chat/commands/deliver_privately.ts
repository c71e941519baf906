/** Delivers private messages. */
import { Chat } from "../chat";
import { ChatEvent } from "../protocol/events";
import { THROTTLE_SECONDS } from "../limits";
import { Session } from "../session/session";

/** Sends a private message to its receiver, unless that ignores the sender. */
export function deliverPrivately(
  chat: Chat,
  sender: Session,
  receiver: Session,
  message: ChatEvent,
): void {
  const from = sender.user;
  const to = receiver.user;
  if (to !== from && to.ignored.has(from.key)) return;
  to.correspondent = sender.id;
  to.correspondentName = from.name;
  receiver.send(message);
  if (receiver.throttledUntil > chat.loop.now) sender.connection.throttle(THROTTLE_SECONDS);
}
