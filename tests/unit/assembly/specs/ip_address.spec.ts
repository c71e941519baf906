import {
  IPV4_BYTES,
  ipv4Text,
  IPV6_BYTES,
  ipv6Text,
  parseIpv4,
  parseIpv6,
} from "../../../../assembly/text/ip_address";
import { random } from "./support/host";
import { same, sameNumber } from "./support/steps";

const bytes = memory.data(32);
const again = memory.data(16);
const GUARD: u8 = 0xa5;

function ipv4(text: string): string {
  memory.fill(bytes, GUARD, 32);
  const found = parseIpv4(text, bytes);
  sameNumber(load<u8>(bytes + IPV4_BYTES), GUARD, `"${text}" goes beyond its place:`);
  return found ? ipv4Text(bytes) : "none";
}

function ipv6(text: string): string {
  memory.fill(bytes, GUARD, 32);
  const found = parseIpv6(text, bytes);
  sameNumber(load<u8>(bytes + IPV6_BYTES), GUARD, `"${text}" goes beyond its place:`);
  return found ? ipv6Text(bytes) : "none";
}

export function ipv4_is_four_numbers(): void {
  same(ipv4("203.0.113.7"), "203.0.113.7");
  same(ipv4("0.0.0.0"), "0.0.0.0");
  same(ipv4("255.255.255.255"), "255.255.255.255");
}

export function ipv4_is_nothing_else(): void {
  const texts = ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1.2.3.04", "1.2.3.-4"];
  for (let i = 0; i < texts.length; i++) same(ipv4(texts[i]), "none", texts[i]);
  same(ipv4("::1"), "none");
}

export function ipv6_is_written_in_one_way(): void {
  same(ipv6("2001:0db8:0000:0000:0000:0000:0000:0001"), "2001:db8::1");
  same(ipv6("2001:DB8::A:B"), "2001:db8::a:b");
  same(ipv6("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
  same(ipv6("::"), "::");
  same(ipv6("::1"), "::1");
  same(ipv6("fe80::"), "fe80::");
  same(ipv6("0:0:0:0:0:0:0:0"), "::");
}

export function one_group_of_zeros_is_written_out(): void {
  same(ipv6("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  same(ipv6("2001:db8::1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  same(ipv6("0:1:2:3:4:5:6:7"), "0:1:2:3:4:5:6:7");
}

export function the_longest_run_of_zeros_is_left_out_and_the_first_of_two(): void {
  same(ipv6("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  same(ipv6("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  same(ipv6("0:0:1:0:0:0:1:0"), "0:0:1::1:0");
  same(ipv6("1:0:0:0:0:1:0:0"), "1::1:0:0");
}

export function ipv4_within_ipv6_is_shown_as_what_it_is(): void {
  same(ipv6("::ffff:203.0.113.7"), "::ffff:203.0.113.7");
  same(ipv6("::FFFF:cb00:7107"), "::ffff:203.0.113.7");
  same(ipv6("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  same(ipv6("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
}

export function ipv6_is_nothing_else(): void {
  const texts = [
    "",
    ":",
    ":::",
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
    ":1::",
    "::1:",
    "1:2:3:4::5:6:7:8",
    "::1:2:3:4:5:6:7:8",
    "12345::",
    "g::",
    "-1::",
    "::1%eth0",
    "[::1]",
    "1.2.3.4",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "::1.2.3",
    "::1.2.3.256",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::2:3:4:5:6:7:1.2.3.4",
  ];
  for (let i = 0; i < texts.length; i++) same(ipv6(texts[i]), "none", texts[i]);
}

export function what_is_written_is_read_as_the_same_address(): void {
  for (let round = 0; round < 2000; round++) {
    // Many zeros, so that there are runs of every length at every place.
    for (let i = 0; i < 8; i++) {
      const group: u32 = random() % 3 == 0 ? random() : 0;
      store<u16>(again + 2 * i, <u16>group);
    }
    const text = ipv6Text(again);
    assert(parseIpv6(text, bytes), text);
    sameNumber(memory.compare(bytes, again, IPV6_BYTES), 0, text);
    assert(text.length <= 45, text);
  }
}
