import { Message } from "../../../../assembly/chat/delivery/message";
import { nameKey } from "../../../../assembly/chat/users/name_key";
import { ADDRESSEES_MOST, User } from "../../../../assembly/chat/users/user";
import { same, sameNumber } from "./support/steps";

export function a_user_has_a_name_in_three_forms(): void {
  const user = new User("Ann");
  user.setName("B\u00f6b");
  same(user.name, "B\u00f6b");
  sameNumber(user.nameBytes.byteLength, 4);
  same(user.key, nameKey("B\u00f6b"));
}

export function a_user_ignores_users_by_their_ids(): void {
  const ann = new User("ann", 1);
  const bob = new User("Bob", 2);
  const message = new Message();
  message.author = bob.id;
  assert(!ann.ignores(message));
  ann.ignore(bob);
  assert(ann.ignores(message));
  bob.setName("eve");
  assert(ann.ignores(message));
  same(ann.ignored.get(2), "Bob");
  message.author = ann.id;
  assert(!ann.ignores(message));
  sameNumber(bob.ignored.size, 0, "nobody shares what one user ignores:");
}

export function a_user_remembers_whom_it_means_by_a_name(): void {
  const ann = new User("ann", 1);
  sameNumber(ann.addresseeOf("bob"), 0);
  ann.rememberAddressee("bob", 2);
  sameNumber(ann.addresseeOf("bob"), 2);
  ann.rememberAddressee("bob", 3);
  sameNumber(ann.addresseeOf("bob"), 3);
  for (let i = 1; i < ADDRESSEES_MOST; i++) ann.rememberAddressee(`user-${i}`, 9);
  sameNumber(ann.addresseeOf("bob"), 3);
  ann.rememberAddressee("one more", 9);
  sameNumber(ann.addresseeOf("bob"), 0);
  sameNumber(ann.addresseeOf("one more"), 9);
  sameNumber(new User("eve", 5).addresseeOf("one more"), 0);
}
