import { FORMER_NAMES, FormerHolders } from "../../../../assembly/chat/users/former_holders";

export function a_name_was_another_s_for_those_who_were_here(): void {
  const former = new FormerHolders();
  assert(!former.hadAnotherHolder("ann", 7, 1));
  former.remember("ann", 3, 5);
  assert(former.hadAnotherHolder("ann", 7, 5));
  assert(!former.hadAnotherHolder("ann", 7, 6), "it came later");
  assert(!former.hadAnotherHolder("ann", 3, 1), "it is the same user");
  assert(!former.hadAnotherHolder("bob", 7, 1));
}

export function the_names_that_were_given_up_last_are_remembered(): void {
  const former = new FormerHolders();
  former.remember("ann", 1, 1);
  for (let i = 1; i < 2 * FORMER_NAMES; i++) former.remember(`user-${i}`, 2, 2);
  assert(former.hadAnotherHolder("ann", 7, 1));
  former.remember("one more", 2, 2);
  assert(!former.hadAnotherHolder("ann", 7, 1));
  assert(former.hadAnotherHolder(`user-${FORMER_NAMES}`, 7, 1));
}
