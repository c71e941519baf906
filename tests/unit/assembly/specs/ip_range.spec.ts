import {
  IpRange,
  parseRange,
  rangeOfPeer,
  remoteSubscriberOf,
  subscriberOf,
} from "../../../../assembly/text/ip_range";
import { same } from "./support/steps";

/** A range as it is written; `none` if it is none. */
function written(text: string): string {
  const range = parseRange(text);
  return range === null ? "none" : range.toString();
}

function covers(range: string, peer: string): bool {
  const one = rangeOfPeer(peer);
  return one !== null && parseRange(range)!.covers(one);
}

export function a_range_has_one_text(): void {
  same(written("10.1.2.3"), "10.1.2.3");
  same(written("10.1.2.3/32"), "10.1.2.3");
  same(written("10.1.2.3/8"), "10.0.0.0/8");
  same(written("255.255.255.255/25"), "255.255.255.128/25");
  same(written("1.2.3.4/0"), "0.0.0.0/0");
  same(written("2001:db8:ffff::1/33"), "2001:db8:8000::/33");
  same(written("::1"), "::1");
  same(written("::ffff:10.9.8.7/104"), "10.0.0.0/8");
  same(written("::/0"), "::/0");
}

export function what_is_no_range_is_none(): void {
  const texts = ["", "/", "/8", "ann", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::1/129", "::1/-1"];
  for (let i = 0; i < texts.length; i++) same(written(texts[i]), "none", texts[i]);
}

export function a_range_covers_what_begins_like_it(): void {
  assert(covers("10.0.0.0/8", "10.255.0.1:5"));
  assert(!covers("10.0.0.0/8", "11.0.0.1:5"));
  assert(covers("192.0.2.128/25", "192.0.2.255"));
  assert(!covers("192.0.2.128/25", "192.0.2.127"));
  assert(covers("192.0.2.7", "192.0.2.7:1"));
  assert(!covers("192.0.2.7", "192.0.2.6:1"));
  assert(covers("2001:db8::/33", "[2001:db8:7fff::1]:5"));
  assert(!covers("2001:db8::/33", "[2001:db8:8000::1]:5"));
  assert(covers("0.0.0.0/0", "8.8.8.8:53"));
  assert(!covers("0.0.0.0/0", "[2001:db8::1]:53"));
  assert(covers("::/0", "8.8.8.8:53"));
}

export function an_address_of_ipv4_within_ipv6_is_one_of_ipv4(): void {
  assert(covers("10.0.0.0/8", "[::ffff:10.0.0.1]:5"));
  assert(covers("::ffff:10.0.0.0/104", "10.0.0.1:5"));
}

export function a_range_covers_itself_and_less_but_not_more(): void {
  const wide = parseRange("10.0.0.0/8") as IpRange;
  const narrow = parseRange("10.2.0.0/16") as IpRange;
  assert(wide.covers(narrow) && wide.covers(wide) && !narrow.covers(wide));
}

export function a_subscriber_has_an_address_of_ipv4_or_a_64_of_ipv6(): void {
  same(subscriberOf("203.0.113.7:51234"), "203.0.113.7");
  same(subscriberOf("203.0.113.7"), "203.0.113.7");
  same(subscriberOf("[2001:db8:1:2:3:4:5:6]:51234"), "2001:db8:1:2::/64");
  same(subscriberOf("2001:db8:1:2::9"), "2001:db8:1:2::/64");
  same(subscriberOf("[::ffff:203.0.113.7]:5"), "203.0.113.7");
}

export function what_is_no_address_has_no_subscriber(): void {
  const texts = ["", "client-1", "ann", "[::1", "[]:5", "1.2.3:4", "a:b:c", ":5"];
  for (let i = 0; i < texts.length; i++) same(subscriberOf(texts[i]), "", texts[i]);
}

export function the_addresses_of_this_machine_are_of_no_remote_subscriber(): void {
  const own = [
    "127.0.0.1:1",
    "127.255.0.9",
    "[::1]:1",
    "::5",
    "[::ffff:127.0.0.1]:1",
    "",
    "nobody",
  ];
  for (let i = 0; i < own.length; i++) same(remoteSubscriberOf(own[i]), "", own[i]);
  same(remoteSubscriberOf("203.0.113.7:51234"), "203.0.113.7");
  same(remoteSubscriberOf("[2001:db8::7]:5"), "2001:db8::/64");
}
