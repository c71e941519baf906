import {
  Penalties,
  PENALTIES_MOST,
  Penalty,
  WHY_CHARACTERS,
} from "../../../../assembly/chat/users/penalties";
import { rangeOfPeer } from "../../../../assembly/text/ip_range";
import { same, sameNumber } from "./support/steps";

export function a_name_is_meant_however_it_is_written(): void {
  const all = new Penalties();
  all.add("Ann", 0, "", 5);
  assert(all.findByName("ANN", 5) !== null && all.findByName("bob", 5) === null);
  assert(all.findByPeer("203.0.113.7:5", 5) === null);
}

export function a_network_is_meant_by_where_somebody_is(): void {
  const all = new Penalties();
  all.add("10.9.8.7/8", 0, "", 5);
  assert(
    all.findByPeer("10.0.0.1:5", 5) !== null && all.findByPeer("[::ffff:10.0.0.1]:5", 5) !== null,
  );
  assert(all.findByPeer("11.0.0.1:5", 5) === null && all.findByPeer("", 5) === null);
  assert(all.findByName("10.0.0.1", 5) === null);
  same(all.text(5), "10.0.0.0/8 for good\n");
}

export function who_is_called_by_address_and_port_is_meant_by_address(): void {
  const penalty = new Penalty("203.0.113.7:51234", 0, "");
  same(penalty.who, "203.0.113.7");
  assert(penalty.matches("", rangeOfPeer("203.0.113.7:9")) && !penalty.matches("", null));
}

export function it_ends(): void {
  const all = new Penalties();
  all.add("ann", 100, "spam", 10);
  all.add("10.0.0.0/8", 100, "", 10);
  same(all.text(40), "ann for 1 m 0 s: spam\n10.0.0.0/8 for 1 m 0 s\n");
  assert(all.findByName("ann", 99) !== null && all.findByPeer("10.0.0.1", 99) !== null);
  assert(all.findByName("ann", 100) === null && all.findByPeer("10.0.0.1", 100) === null);
  sameNumber(all.size, 2);
  same(all.text(100), "there is none\n");
  sameNumber(all.size, 0);
}

export function the_same_again_changes_it(): void {
  const all = new Penalties();
  all.add("ann", 100, "spam", 10);
  all.add("ANN", 0, "more spam", 10);
  same(all.text(10), "ANN for good: more spam\n");
  assert(all.remove("ann") !== null && all.remove("ann") === null);
  same(all.text(10), "there is none\n");
}

export function there_are_a_bounded_number(): void {
  const all = new Penalties();
  for (let i = 0; i < PENALTIES_MOST; i++) assert(all.add(`n${i}`, 100, "", 10) !== null);
  assert(all.add("one-more", 0, "", 10) === null);
  assert(all.add("n5", 0, "again", 10) !== null, "one that is there can be changed");
  assert(all.add("one-more", 0, "", 100) !== null, "those that are over make place");
  sameNumber(all.size, 2);
}

export function a_reason_is_as_long_as_may_be(): void {
  const all = new Penalties();
  sameNumber(all.add("ann", 0, "x".repeat(1000), 5)!.why.length, WHY_CHARACTERS);
  const why = "x".repeat(WHY_CHARACTERS - 1) + "\u{1f600}";
  same(all.add("ann", 0, why + "y", 5)!.why, why, "an emoji is one character:");
}

export function what_is_kept_as_lines_comes_back(): void {
  const all = new Penalties();
  all.add("ann", 0, "spam and more", 10);
  all.add("2001:db8::/32", 100, "", 10);
  const lines = all.serialize();
  same(lines.join("|"), "0 ann spam and more|100 2001:db8::/32");
  const again = new Penalties();
  again.restore(lines, 50);
  same(again.text(50), "ann for good: spam and more\n2001:db8::/32 for 50 s\n");
  const later = new Penalties();
  later.restore(lines, 100);
  same(later.text(100), "ann for good: spam and more\n");
}

export function lines_that_are_none_are_left_out(): void {
  const all = new Penalties();
  all.restore(["", "0", "x ann", "ann", "-5 ann", "0  bob "], 5);
  same(all.serialize().join("|"), "0 bob");
}

export function each_change_is_one(): void {
  const all = new Penalties();
  all.add("ann", 10, "", 5);
  sameNumber(all.revision, 1);
  all.remove("bob");
  sameNumber(all.revision, 1);
  all.text(10);
  sameNumber(all.revision, 2);
}
