/** The command `/ignore`. An ignored user stays ignored under a new name, until it leaves. */
import { countText } from "../../text/count_text";
import { excerpt } from "../../text/excerpt";
import { Chat } from "../chat";
import { IGNORED_MOST, SHOWN_CHARACTERS } from "../limits";
import { Session } from "../session/session";
import { nameKey } from "../users/name_key";
import { User } from "../users/user";

/** Ignores the user with this name, or ends that. Without a name, lists the ignored users. */
export function toggleIgnore(chat: Chat, session: Session, name: string): void {
  const user = session.user;
  const person = chat.users.find(name);
  if (name == "") {
    session.tell(describeIgnored(chat, user));
    return;
  }
  const known = person !== null ? person.id : formerlyCalled(user, name);
  if (user.ignored.has(known)) {
    user.ignored.delete(known);
    session.rejoinGroups();
    session.tell(`you hear ${name} again`);
  } else if (person === null) {
    session.refuse("no-person", `nobody here is called ${excerpt(name, SHOWN_CHARACTERS)}`);
  } else if (person === session) {
    session.refuse("ignore", "you cannot ignore yourself");
  } else if (user.ignored.size >= IGNORED_MOST && !forgetOneWhoLeft(chat, user)) {
    const people = countText(IGNORED_MOST, "person", "people");
    session.refuse("ignore", `you ignore ${people}, which is all you can`);
  } else {
    user.ignore(person.user);
    session.rejoinGroups();
    session.tell(`you ignore ${name}: /ignore ${name} again ends that`);
  }
}

/**
 * Returns the names of the users that a user ignores: the current name of each one that is
 * connected, else the name at that time.
 */
function describeIgnored(chat: Chat, user: User): string {
  const ids = user.ignored.keys();
  if (ids.length == 0) return "you ignore nobody";
  const names: Array<string> = [];
  for (let i = 0; i < ids.length; i++) {
    const person = chat.users.findById(ids[i]);
    names.push(person !== null ? person.user.name : `${user.ignored.get(ids[i])} (gone)`);
  }
  return `you ignore ${names.join(", ")}`;
}

/** Returns the id of an ignored user that had this name when it was ignored; 0 if there is none. */
function formerlyCalled(user: User, name: string): u64 {
  const ids = user.ignored.keys();
  const key = nameKey(name);
  for (let i = 0; i < ids.length; i++) {
    if (nameKey(user.ignored.get(ids[i])) == key) return ids[i];
  }
  return 0;
}

/**
 * Forgets one ignored user that has left, so that another one can be added.
 *
 * @returns false if all of them are connected
 */
function forgetOneWhoLeft(chat: Chat, user: User): bool {
  const ids = user.ignored.keys();
  for (let i = 0; i < ids.length; i++) {
    if (chat.users.findById(ids[i]) !== null) continue;
    user.ignored.delete(ids[i]);
    return true;
  }
  return false;
}
