import { Message } from "../../../../assembly/chat/delivery/message";
import { nameKey } from "../../../../assembly/chat/users/name_key";
import { User } from "../../../../assembly/chat/users/user";
import { same, sameNumber } from "./support/steps";

/** A message of this author. */
function messageOf(author: User): Message {
  const message = new Message();
  message.from = changetype<usize>(author.nameBytes);
  message.fromBytes = <u32>author.nameBytes.byteLength;
  return message;
}

export function a_user_has_a_name_in_three_forms(): void {
  const user = new User("Ann");
  user.setName("B\u00f6b");
  same(user.name, "B\u00f6b");
  sameNumber(user.nameBytes.byteLength, 4);
  same(user.key, nameKey("B\u00f6b"));
}

export function a_user_ignores_others_by_key_and_never_itself(): void {
  const ann = new User("ann");
  const bob = new User("Bob");
  assert(!ann.ignores(messageOf(bob)));
  ann.ignore(nameKey("bob"));
  ann.ignore(nameKey("ann"));
  assert(ann.ignores(messageOf(bob)));
  assert(!ann.ignores(messageOf(ann)));
  sameNumber(bob.ignored.size, 0, "nobody shares what one user ignores:");
}
