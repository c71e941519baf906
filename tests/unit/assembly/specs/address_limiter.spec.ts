import {
  AddressLimiter,
  AddressShare,
  ROUND_SECONDS,
  TURN_NANOSECONDS,
} from "../../../../assembly/net/rate/address_limiter";
import * as host from "./support/host";
import { join, limits, loop, Talker, turn } from "./support/peers";
import { same, sameNumber, SECOND } from "./support/steps";

const CLIENTS: i32 = 500;

/** A connection whose line costs `cost` more lines. It queues again after each line. */
class Costly extends AddressShare {
  lines: i32 = 0;

  constructor(
    private address: AddressLimiter,
    private cost: u32,
  ) {
    super();
    address.addConnection();
  }

  say(): void {
    if (!this.address.hasTurn(this)) {
      this.address.queueForTurn(this);
      return;
    }
    this.lines++;
    this.address.countLine(this);
    if (this.cost > 0) this.address.chargeTokens(this, this.cost);
  }

  _takeAddressTurn(): void {
    this.say();
    this.say();
  }
}

function unknown(): AddressLimiter {
  limits.addressRate = 100;
  limits.addressBurst = 2000;
  limits.unknownShare = 20;
  return new AddressLimiter("", loop, limits);
}

function from(peer: string, fd: u32): Talker {
  const talker = join(fd);
  assert(talker.connection!.setPeer(peer));
  return talker;
}

/** Lets 50 ms pass at a time. @returns the seconds until the client has said a line more */
function secondsUntilLine(client: Costly): f64 {
  const before = client.lines;
  const start = loop.now;
  for (let i = 0; i < 1000 && client.lines == before; i++) {
    host.advance(TURN_NANOSECONDS);
    turn();
  }
  return <f64>(loop.now - start) / <f64>SECOND;
}

export function a_short_line_waits_for_no_more_than_two_seconds(): void {
  const address = unknown();
  const quiet = new Costly(address, 0);
  quiet.say();
  const flood: Array<Costly> = [];
  for (let i = 0; i < CLIENTS; i++) flood.push(new Costly(address, 234));
  for (let i = 0; i < CLIENTS; i++) flood[i].say();
  for (let i = 0; i < 10; i++) {
    quiet.say();
    const seconds = secondsUntilLine(quiet);
    assert(seconds < 2, `after ${seconds} s`);
  }
}

export function the_burst_bears_whole_costs_and_then_a_share_of_them(): void {
  const address = unknown();
  const flood: Array<Costly> = [];
  for (let i = 0; i < CLIENTS; i++) flood.push(new Costly(address, 234));
  let passed = 0;
  for (let i = 0; i < CLIENTS; i++) {
    flood[i].say();
    passed += flood[i].lines;
  }
  assert(passed >= 40_000 / 235 && passed < 300, `${passed} lines`);
  assert(!address.hasTurn(new Costly(address, 0)));
}

export function the_debt_of_an_address_is_bounded(): void {
  const address = new AddressLimiter("203.0.113.7", loop, limits);
  limits.addressRate = 100;
  limits.addressBurst = 52;
  const client = new Costly(address, 1_000_000);
  for (let i = 0; i < 3; i++) client.say();
  sameNumber(client.lines, 2);
  const seconds = secondsUntilLine(client);
  assert(seconds > ROUND_SECONDS && seconds < ROUND_SECONDS + 0.1, `after ${seconds} s`);
}

export function a_turn_is_one_line(): void {
  limits.addressRate = 20;
  limits.addressBurst = 4;
  const one = host.openConnection();
  const two = host.openConnection();
  const ann = from("203.0.113.7:5", one);
  const bob = from("203.0.113.7:6", two);
  host.feed(one, "x\n".repeat(50));
  turn();
  host.feed(two, "y\nz\n");
  turn();
  sameNumber(ann.heard.length, 4);
  host.advance(SECOND / 4);
  turn();
  turn();
  same(bob.heard.join(" "), "y z");
  assert(ann.heard.length <= 7, `${ann.heard.length} lines`);
}
