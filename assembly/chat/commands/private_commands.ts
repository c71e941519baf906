/**
 * The commands for private words: `/msg` and `/reply`. If the name may mean another user than the
 * client thinks, the first command is refused, and its repetition is accepted.
 */
import { THROTTLE_SECONDS } from "../limits";
import { Chat } from "../chat";
import { ChatEvent, PrivateMessage, UserAway } from "../protocol/events";
import { Session } from "../session/session";

/** Sends a private message to a user that was found by its name. */
export function sendPrivately(chat: Chat, session: Session, person: Session, text: string): void {
  if (confirmReceiver(chat, session, person)) sendAndEcho(chat, session, person, text);
}

/** Answers the user that last sent the client a private message. */
export function replyPrivately(chat: Chat, session: Session, text: string): void {
  const user = session.user;
  if (user.correspondent == 0) {
    session.refuse("no-reply", "nobody has spoken to you alone yet: /msg NAME TEXT does");
    return;
  }
  const person = chat.users.findById(user.correspondent);
  if (person === null) {
    user.correspondent = 0;
    user.confirmedCorrespondent = 0;
    session.refuse("no-person", `${user.correspondentName} is not here any more`);
  } else if (user.confirmedCorrespondent != 0 && user.confirmedCorrespondent != person.id) {
    user.confirmedCorrespondent = person.id;
    const name = person.user.name;
    const hint = `say it again to answer ${name}, or use /msg`;
    session.refuse("other-person", `${name} has spoken to you alone since: ${hint}`);
  } else if (confirmReceiver(chat, session, person)) {
    user.confirmedCorrespondent = person.id;
    sendAndEcho(chat, session, person, text);
  }
}

/**
 * Checks that a name can only mean the user that has it now: the client has already used it for
 * this user, or no other user has had it since the client connected.
 *
 * @returns true if so; otherwise tells the client, and accepts the same command the next time
 */
function confirmReceiver(chat: Chat, session: Session, person: Session): bool {
  const user = session.user;
  const key = person.user.key;
  const before = user.addresseeOf(key);
  if (before == person.id) return true;
  user.rememberAddressee(key, person.id);
  if (before == 0 && !chat.users.former.hadAnotherHolder(key, person.id, session.id)) return true;
  const name = person.user.name;
  const hint = "say it again if you mean the one that has the name now";
  session.refuse("other-person", `another one was called ${name} before: ${hint}`);
  return false;
}

/** Sends a private message, and shows it to its sender. */
function sendAndEcho(chat: Chat, session: Session, person: Session, text: string): void {
  const from = session.user;
  const to = person.user;
  session.send(new PrivateMessage(from, to, text, true));
  if (to.away != "") session.send(new UserAway(to.name, to.away, false));
  deliverPrivately(chat, session, person, new PrivateMessage(from, to, text, false));
}

/** Delivers a private message, unless the receiver ignores the sender. */
export function deliverPrivately(
  chat: Chat,
  sender: Session,
  receiver: Session,
  message: ChatEvent,
): void {
  const from = sender.user;
  const to = receiver.user;
  if (to.ignored.has(from.id)) return;
  if (to.correspondent == 0) to.confirmedCorrespondent = from.id;
  to.correspondent = from.id;
  to.correspondentName = from.name;
  receiver.send(message);
  if (receiver.throttledUntil > chat.loop.now) sender.connection.throttle(THROTTLE_SECONDS);
}
