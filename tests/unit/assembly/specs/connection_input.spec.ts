import { ConnectionInput } from "../../../../assembly/net/connection/connection_input";
import * as host from "./support/host";
import { join, limits, loop, set, Talker, turn } from "./support/peers";
import { bytesOf, same, sameNumber, SECOND } from "./support/steps";

class Taker {
  talker: Talker = join(host.openConnection());
  input!: ConnectionInput;

  constructor(proxied: bool) {
    this.input = new ConnectionInput(this.talker.connection!, set, this.talker, proxied);
  }

  takes(text: string): void {
    const at = bytesOf(text);
    this.input.handleBytes(at, <u32>text.length);
    heap.free(at);
  }

  get heard(): string {
    return this.talker.heard.join("|");
  }
}

export function a_header_comes_first_and_then_lines(): void {
  const taker = new Taker(true);
  taker.takes("PROXY TCP4 203.0.113.7 ");
  taker.takes("192.0.2.1 5 9999\r\none\ntw");
  taker.takes("o\nthree");
  same(taker.talker.sources.join("|"), "203.0.113.7:5");
  same(taker.heard, "one|two");
  taker.input.finishStream();
  same(taker.heard, "one|two|three");
  taker.input.free();
}

export function a_proxy_that_comes_for_itself_is_nobody_until_it_says_something(): void {
  const taker = new Taker(true);
  taker.takes("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0");
  sameNumber(taker.talker.sources.length, 0);
  taker.takes("one\ntwo\n");
  same(taker.talker.sources.join("|"), "");
  sameNumber(taker.talker.sources.length, 1);
  same(taker.heard, "one|two");
  taker.input.free();
}

export function who_rests_is_waiting_for_so_long(): void {
  const taker = new Taker(false);
  assert(!taker.input.isWaiting && !taker.input.isBounded);
  taker.input.throttle(1);
  assert(taker.input.isWaiting);
  host.advance(SECOND);
  turn();
  assert(!taker.input.isWaiting);
}

export function who_has_stopped_hands_over_nothing_more(): void {
  limits.rate = 1;
  const taker = new Taker(false);
  taker.takes("1\n2\n3\n4\n");
  same(taker.heard, "1|2|3");
  assert(taker.input.isBounded && taker.input.isWaiting);
  taker.input.stopTimers();
  host.advance(5 * SECOND);
  turn();
  same(taker.heard, "1|2|3");
}

export function who_is_gone_does_not_count_at_its_address(): void {
  limits.maxPerAddress = 1;
  const ann = new Taker(false);
  const bob = new Taker(false);
  assert(ann.input.setPeer("203.0.113.7:5"));
  assert(!bob.input.setPeer("203.0.113.7:6"));
  ann.input.free();
  sameNumber(set.addresses.size, 0);
  assert(bob.input.setPeer("203.0.113.7:6"));
  sameNumber(loop.ticks, 0);
}
