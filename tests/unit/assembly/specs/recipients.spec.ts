import { Recipients } from "../../../../assembly/net/sending/recipients";
import { sameNumber, step } from "./support/steps";

export function each_has_its_place_and_its_offset(): void {
  const recipients = new Recipients();
  for (let i = 0; i < 9; i++) recipients.add(100 + i, i);
  recipients.entryAt(4).from = 77;
  for (let i = 0; i < 9; i++) {
    sameNumber(recipients.entryAt(i).place, 100 + i);
    sameNumber(recipients.entryAt(i).from, i == 4 ? 77 : i);
  }
}

export function the_last_one_moves_to_the_index_that_is_free(): void {
  const recipients = new Recipients();
  recipients.add(1, 10);
  recipients.add(2, 20);
  recipients.add(3, 30);
  step();
  recipients.remove(0);
  sameNumber(recipients.entryAt(0).place, 3);
  sameNumber(recipients.entryAt(0).from, 30);
  sameNumber(recipients.entryAt(1).place, 2);
  recipients.remove(1);
  recipients.remove(0);
  recipients.add(4, 40);
  sameNumber(recipients.entryAt(0).place, 4);
  sameNumber(recipients.entryAt(0).from, 40);
}
