import { nameKey } from "../../../../assembly/chat/users/name_key";
import { NameIndex } from "../../../../assembly/chat/users/name_index";
import { chat, enterAs, got, says } from "./support/chat";
import { sameNumber } from "./support/steps";

/** Greek capitals: they look like NINA. Their small letters look like viva. */
const GREEK = "\u039d\u0399\u039d\u0391";
const SMALL_GREEK = "\u03bd\u03b9\u03bd\u03b1";

class Named {
  constructor(public name: string) {}
}

function add(index: NameIndex<Named>, name: string): Named {
  const one = new Named(name);
  index.add(name, nameKey(name), one);
  return one;
}

export function one_is_found_by_its_name_and_by_the_look_of_its_capitals(): void {
  const index = new NameIndex<Named>();
  const nina = add(index, GREEK);
  assert(index.find(GREEK) === nina && index.find(SMALL_GREEK) === nina);
  assert(index.find("NINA") === nina && index.find("nina") === nina);
  assert(index.find("ann") === null);
  sameNumber(index.size, 1);
  sameNumber(index.all().length, 1);
  index.remove(GREEK, nameKey(GREEK));
  assert(index.find(GREEK) === null && index.find("NINA") === null);
  sameNumber(index.size, 0);
}

export function capitals_find_the_name_that_they_look_like(): void {
  const index = new NameIndex<Named>();
  const nina = add(index, "nina");
  assert(index.find(GREEK) === nina);
  assert(index.find(SMALL_GREEK) === null, "small letters look like viva");
}

export function both_keys_of_a_name_must_be_free_or_its_own(): void {
  const index = new NameIndex<Named>();
  const greek = add(index, SMALL_GREEK);
  assert(index.findOther(GREEK, greek) === null);
  const nina = add(index, "NINA");
  assert(index.findOther(GREEK, greek) === nina, "the capitals look like another name");
  assert(index.findOther(GREEK, nina) === greek);
  assert(index.findOther("NINA", nina) === null);
}

export function a_user_cannot_take_a_name_that_looks_alike_in_capitals(): void {
  const ann = enterAs("NINA");
  const bob = enterAs("bob");
  got(bob);
  says(bob, `/nick ${GREEK}\n`);
  assert(got(bob).includes("another user is called NINA"));
  says(bob, `/nick ${SMALL_GREEK}\n`);
  assert(got(bob).includes(`is now ${SMALL_GREEK}`));
  says(bob, `/nick ${GREEK}\n`);
  assert(got(bob).includes("another user is called NINA"), "nor after its small letters");
  says(ann, "/nick ann\n");
  says(bob, `/nick ${GREEK}\n`);
  assert(got(bob).includes(`is now ${GREEK}`));
  got(ann);
  says(ann, "/nick nina\n");
  assert(got(ann).includes(`another user is called ${GREEK}`));
}

export function rooms_that_look_alike_in_capitals_are_one(): void {
  const ann = enterAs("ann");
  says(ann, `/join ${GREEK}\n`);
  const room = chat.rooms.find(GREEK)!;
  assert(chat.rooms.findOrCreate("nina") === room);
  says(ann, "/join lobby\n");
  chat.rooms.remove(room);
  assert(chat.rooms.find("nina") === null);
}
