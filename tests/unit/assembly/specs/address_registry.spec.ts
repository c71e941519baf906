import {
  AddressRegistry,
  IDLE_ADDRESSES_MOST,
} from "../../../../assembly/net/rate/address_registry";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import {
  AddressLimiter,
  AddressShare,
  ARRIVALS_SECONDS,
} from "../../../../assembly/net/rate/address_limiter";
import { Allowance } from "../../../../assembly/net/rate/allowance";
import { Networks, NETWORKS_OF_48, NETWORKS_OF_56 } from "../../../../assembly/net/rate/networks";
import { RateLimiter, RateLimited } from "../../../../assembly/net/rate/rate_limiter";
import * as host from "./support/host";
import { join, limits, loop, set, Talker, turn } from "./support/peers";
import { same, sameNumber, SECOND } from "./support/steps";

const ANN = "203.0.113.7:5";

/** Creates a client of an address. */
function from(peer: string, fd: u32): Talker {
  const talker = join(fd);
  assert(talker.connection!.setPeer(peer));
  return talker;
}

function pass(seconds: f64): void {
  host.advance(<u64>(seconds * <f64>SECOND));
  turn();
  turn();
}

function says(fd: u32, text: string): void {
  host.feed(fd, text);
  turn();
}

function leaves(fd: u32): void {
  host.end(fd);
  turn();
}

export function an_address_takes_so_many_connections(): void {
  limits.maxPerAddress = 2;
  const first = host.openConnection();
  from(ANN, first);
  from("203.0.113.7:6", host.openConnection());
  const third = join(host.openConnection());
  assert(!third.connection!.setPeer("203.0.113.7:7"));
  assert(third.connection!.setPeer("203.0.113.8:7"), "another address is another");
  leaves(first);
  assert(join(host.openConnection()).connection!.setPeer("203.0.113.7:8"), "a place is free");
}

export function a_network_of_ipv6_is_one_address(): void {
  limits.maxPerAddress = 1;
  from("[2001:db8::1]:5", host.openConnection());
  assert(!join(host.openConnection()).connection!.setPeer("[2001:db8::2]:5"));
  assert(join(host.openConnection()).connection!.setPeer("[2001:db8:0:1::1]:5"));
}

export function who_comes_from_nowhere_known_or_from_this_machine_is_not_counted(): void {
  limits.maxPerAddress = 1;
  for (let i = 0; i < 3; i++) from("", host.openConnection());
  for (let i = 0; i < 3; i++) from("127.0.0.1:5", host.openConnection());
  for (let i = 0; i < 3; i++) from("[::1]:5", host.openConnection());
  sameNumber(set.addresses.size, 0);
}

export function without_a_bound_any_number_may_come(): void {
  for (let i = 0; i < 300; i++) from(ANN, host.openConnection());
  sameNumber(set.addresses.size, 1);
}

/** Two lines a second from one address, three at once. */
function bound(): void {
  limits.addressRate = 2;
  limits.addressBurst = 3;
}

export function connections_of_one_address_share_its_lines(): void {
  bound();
  const one = host.openConnection();
  const two = host.openConnection();
  const ann = from(ANN, one);
  const bob = from(ANN, two);
  says(one, "1\n2\n");
  says(two, "3\n4\n");
  same(ann.heard.join(" "), "1 2");
  same(bob.heard.join(" "), "3");
  sameNumber(bob.sharedFloods, 1);
  sameNumber(bob.floods + ann.sharedFloods, 0);
  pass(0.5);
  same(bob.heard.join(" "), "3 4");
}

export function another_address_is_not_kept_waiting(): void {
  bound();
  const one = host.openConnection();
  const two = host.openConnection();
  from(ANN, one);
  const bob = from("203.0.113.8:5", two);
  says(one, "1\n2\n3\n4\n5\n");
  says(two, "1\n2\n3\n");
  same(bob.heard.join(" "), "1 2 3");
}

export function those_who_wait_take_turns(): void {
  bound();
  const one = host.openConnection();
  const two = host.openConnection();
  const ann = from(ANN, one);
  const bob = from(ANN, two);
  says(one, "1\n2\n3\n" + "x\n".repeat(50));
  says(two, "y\n");
  sameNumber(bob.heard.length, 0);
  pass(0.5);
  pass(0.5);
  sameNumber(ann.heard.length, 4);
  same(bob.heard.join(" "), "y");
}

export function of_a_flood_those_are_closed_who_sent_most_of_it(): void {
  bound();
  const one = host.openConnection();
  const two = host.openConnection();
  const flood = from(ANN, one);
  const bob = from(ANN, two);
  says(one, "x\n".repeat(100));
  says(two, "y\n");
  for (let i = 0; i < 21; i++) pass(0.5);
  says(two, "z\n");
  for (let i = 0; i < 3; i++) pass(0.5);
  sameNumber(flood.asked.length, 1);
  sameNumber(flood.asked[0], CloseReason.FLOOD);
  says(two, "1\n2\n3\n4\n");
  sameNumber(bob.asked.length, 0);
  for (let i = 0; i < 4; i++) pass(0.5);
  same(bob.heard.join(" "), "y z 1 2 3 4");
}

export function all_who_send_the_same_of_a_flood_are_closed(): void {
  bound();
  const talkers: Array<Talker> = [];
  for (let i = 0; i < 4; i++) {
    const fd = host.openConnection();
    talkers.push(from(ANN, fd));
    says(fd, "x\n".repeat(100));
  }
  for (let i = 0; i < 30; i++) pass(0.5);
  for (let i = 0; i < 4; i++) sameNumber(talkers[i].asked.length, 1, `number ${i}:`);
}

export function a_flood_goes_on_for_who_connects_anew(): void {
  bound();
  const one = host.openConnection();
  from(ANN, one);
  says(one, "1\n2\n3\n");
  leaves(one);
  sameNumber(set.addresses.size, 1);
  const two = host.openConnection();
  const again = from(ANN, two);
  says(two, "4\n");
  sameNumber(again.heard.length, 0);
  pass(0.5);
  same(again.heard.join(" "), "4");
}

export function who_has_rested_is_forgotten(): void {
  bound();
  const one = host.openConnection();
  from(ANN, one);
  leaves(one);
  sameNumber(set.addresses.size, 0);
  const two = host.openConnection();
  from(ANN, two);
  says(two, "1\n");
  leaves(two);
  sameNumber(set.addresses.size, 1);
  pass(1);
  const three = host.openConnection();
  from("203.0.113.9:1", three);
  leaves(three);
  sameNumber(set.addresses.size, 0);
}

export function a_bounded_number_of_addresses_is_remembered(): void {
  bound();
  const book = new AddressRegistry(loop, limits);
  for (let i = 0; i < IDLE_ADDRESSES_MOST + 10; i++) {
    const addressLimiter = book.find(`10.0.${i >> 8}.${i & 255}:5`) as AddressLimiter;
    const limiter = new RateLimiter(loop, limits, new Waiter());
    limiter.joinAddress(addressLimiter);
    limiter.countLine();
    limiter.detachAddressLimiter();
    book.removeConnection(addressLimiter);
  }
  sameNumber(book.size, IDLE_ADDRESSES_MOST);
}

export function a_rate_that_is_set_reaches_an_address_that_is_known(): void {
  const one = host.openConnection();
  const ann = from(ANN, one);
  says(one, "1\n2\n3\n4\n5\n");
  sameNumber(ann.heard.length, 5, "without a bound:");
  bound();
  says(one, "6\n7\n8\n9\n");
  sameNumber(ann.heard.length, 8, "from 0:");
  limits.addressRate = 10;
  pass(0.5);
  sameNumber(ann.heard.length, 9, "up:");
  says(one, "a\nb\nc\n");
  sameNumber(ann.heard.length, 11, "up, by what is left:");
  pass(0.1);
  sameNumber(ann.heard.length, 12, "up, after a tenth of a second:");
  limits.addressRate = 1;
  says(one, "d\n");
  pass(0.2);
  sameNumber(ann.heard.length, 12, "down:");
  pass(0.8);
  sameNumber(ann.heard.length, 13, "down, after a second:");
  limits.addressRate = 0;
  says(one, "e\nf\ng\nh\ni\n");
  sameNumber(ann.heard.length, 18, "to 0:");
}

export function arrivals_from_an_address_are_bounded(): void {
  limits.addressArrivals = 1;
  for (let i = 0; i < 30; i++) from(ANN, host.openConnection());
  assert(!join(host.openConnection()).connection!.setPeer(ANN));
  assert(join(host.openConnection()).connection!.setPeer("203.0.113.8:5"), "another address");
  pass(1);
  from(ANN, host.openConnection());
  assert(!join(host.openConnection()).connection!.setPeer(ANN));
  sameNumber(<i64>ARRIVALS_SECONDS, 30);
}

export function arrivals_are_remembered_after_they_have_left(): void {
  limits.addressArrivals = 1;
  const fd = host.openConnection();
  from(ANN, fd);
  leaves(fd);
  sameNumber(set.addresses.size, 1);
  pass(1);
  const other = host.openConnection();
  from("203.0.113.9:1", other);
  pass(1);
  leaves(other);
  sameNumber(set.addresses.size, 0);
}

export function all_of_unknown_addresses_share_limits(): void {
  bound();
  limits.unknownShare = 2;
  const one = host.openConnection();
  const two = host.openConnection();
  const ann = from("", one);
  const bob = from("127.0.0.1:5", two);
  says(one, "1\n2\n3\n4\n");
  says(two, "5\n6\n7\n");
  same(ann.heard.join(" "), "1 2 3 4");
  same(bob.heard.join(" "), "5 6");
  pass(0.25);
  same(bob.heard.join(" "), "5 6 7");
  limits.unknownShare = 0;
  says(two, "x\n".repeat(50));
  sameNumber(bob.heard.length, 53);
}

export function unknown_addresses_have_as_many_connections_as_they_like(): void {
  limits.maxPerAddress = 1;
  limits.unknownShare = 1;
  limits.addressArrivals = 1;
  for (let i = 0; i < 30; i++) from("", host.openConnection());
  assert(!join(host.openConnection()).connection!.setPeer(""));
}

export function many_networks_of_one_subscriber_share_an_address(): void {
  limits.maxPerAddress = 1;
  for (let i = 0; i < 5; i++) from(`[2001:db8:0:${i}::1]:5`, host.openConnection());
  // Four /64, and the /56 for the rest of them.
  assert(!join(host.openConnection()).connection!.setPeer("[2001:db8:0:5::1]:5"));
  sameNumber(set.addresses.size, 5);
  assert(join(host.openConnection()).connection!.setPeer("[2001:db8:0:100::1]:5"));
  for (let i = 2; i < 12; i++) from(`[2001:db8:0:${i}00::1]:5`, host.openConnection());
  sameNumber(set.addresses.size, 16);
  from("[2001:db8:0:c00::1]:5", host.openConnection());
  assert(!join(host.openConnection()).connection!.setPeer("[2001:db8:0:d00::1]:5"), "the /48");
  assert(join(host.openConnection()).connection!.setPeer("[2001:db8:1::1]:5"));
}

export function networks_are_counted_until_they_are_forgotten(): void {
  const networks = new Networks();
  for (let i = 0; i < NETWORKS_OF_56; i++) {
    same(networks.keyOf(`2001:db8:0:${i}::1`), `2001:db8:0:${i}::/64`.replace(":0:0::", "::"));
    networks.countAddress(`2001:db8:0:${i}::/64`, 1);
  }
  same(networks.keyOf("2001:db8:0:9::1"), "2001:db8::/56");
  networks.countAddress("2001:db8:0:1::/64", -1);
  same(networks.keyOf("2001:db8:0:9::1"), "2001:db8:0:9::/64");
  same(networks.keyOf("203.0.113.7:5"), "203.0.113.7");
  for (let i = 0; i < NETWORKS_OF_48; i++) networks.countAddress(`2001:db8:0:${i + 1}00::/64`, 1);
  same(networks.keyOf("2001:db8:0:9::1"), "2001:db8::/48");
}

export function an_allowance_is_used_up_and_comes_back(): void {
  const allowance = new Allowance();
  assert(allowance.isFull(0));
  for (let i = 0; i < 3; i++) assert(allowance.useOnce(3, 0));
  assert(!allowance.useOnce(3, 0) && !allowance.isFull(0));
  assert(!allowance.use(1, 0.5, 0));
  assert(allowance.useOnce(3, 1200 * SECOND + 1));
  assert(!allowance.useOnce(3, 1200 * SECOND + 1));
  assert(allowance.useOnce(0, 1200 * SECOND + 1), "no limit");
  assert(allowance.isFull(9000 * SECOND));
}

class Waiter implements RateLimited {
  takeTurn(): void {}
}

/** One that counts its turns. */
class Waiting extends AddressShare {
  turns: i32 = 0;

  _takeAddressTurn(): void {
    this.turns++;
  }
}

export function a_share_that_waits_gets_its_turn_from_the_address(): void {
  const address = new AddressLimiter("203.0.113.7", loop, limits);
  const waiting = new Waiting();
  address.queueForTurn(waiting);
  sameNumber(waiting.turns, 0);
  address.run();
  sameNumber(waiting.turns, 1);
}
