import { GuestNames } from "../../../../assembly/chat/users/guest_names";
import { checkName, NameFault } from "../../../../assembly/text/names";
import { hostOf } from "../../../../assembly/text/ip_range";
import { chat, newSession } from "./support/chat";
import { same, sameNumber } from "./support/steps";

const names = new GuestNames();

/** Enters a client under the name that it gets. @returns the name */
function take(peer: string): string {
  const name = names.nameFor(peer, 7, chat.users);
  chat.users.add(newSession(name));
  return name;
}

function isGuest(name: string): bool {
  if (!name.startsWith("guest-") || name.length < 10) return false;
  for (let i = 6; i < name.length; i++) {
    if (!"0123456789abcdef".includes(name.charAt(i))) return false;
  }
  return true;
}

export function a_name_is_short_and_does_not_show_the_address(): void {
  const name = take("203.0.113.7:51234");
  assert(isGuest(name) && name.length == 10, name);
}

export function a_client_that_returns_has_its_name_from_any_port(): void {
  const before = names.nameFor("203.0.113.7:51234", 1, chat.users);
  same(names.nameFor("203.0.113.7:4", 2, chat.users), before);
  same(names.nameFor("[::ffff:203.0.113.7]:4", 3, chat.users), before);
  assert(names.nameFor("203.0.113.8:4", 4, chat.users) != before);
  same(hostOf("no address"), "no address");
}

export function another_start_gives_other_names(): void {
  const peer = "203.0.113.7:51234";
  const other = new GuestNames();
  assert(names.nameFor(peer, 1, chat.users) != other.nameFor(peer, 1, chat.users));
}

export function a_hundred_of_one_address_have_names_without_a_likeness(): void {
  const taken = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const name = take(`[2001:db8::1]:${i + 1}`);
    assert(isGuest(name), name);
    taken.add(name.substring(0, 10));
  }
  assert(taken.size >= 99, `${taken.size} beginnings`);
}

export function nobody_can_choose_such_a_name(): void {
  const refused = ["guest-7f3a", "Guest_7F3A", "guest7", "gue.st-lO1", "GUEST-abcdef0123456789"];
  for (let i = 0; i < refused.length; i++) {
    sameNumber(checkName(refused[i]), NameFault.RESERVED, refused[i]);
  }
  const free = ["guest", "guest-house", "guestbook", "guesthouse1"];
  for (let i = 0; i < free.length; i++) sameNumber(checkName(free[i]), NameFault.NONE, free[i]);
}
