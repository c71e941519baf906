import {
  FirstBytes,
  HeaderAlarm,
  ProxyHeader,
  V1_BYTES_MOST,
  V2_BYTES_MOST,
  Verdict,
} from "../../../../assembly/net/framing/proxy_protocol";
import { random, troublesomeBytes } from "./support/host";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const HELLO = "hello\n";
const SIGNATURE = "0d0a0d0a000d0a515549540a";
const IPV4_PAIR = "cb007107c0000201c822270f";
const IPV6_PAIR =
  "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "c822270f";

/** Returns the verdict, the source and the length of the header as text. */
function told(first: FirstBytes, taken: u32): string {
  switch (first.verdict) {
    case Verdict.MORE:
      return "more";
    case Verdict.HEADER:
      return `${first.source} after ${taken}`;
    case Verdict.LOCAL:
      return `local after ${taken}`;
    case Verdict.MALFORMED:
      return "malformed";
    case Verdict.FORGED:
      return "forged";
    default:
      return "plain";
  }
}

/** Offers bytes in pieces, each in memory of its own, until there is a verdict. */
function offer(first: FirstBytes, at: usize, length: u32, cut: u32, size: u32): string {
  let taken: u32 = 0;
  for (let from: u32 = 0; from < length && first.verdict == Verdict.MORE;) {
    const piece = from == 0 && cut > 0 ? cut : min(size, length - from);
    const copy = heap.alloc(piece);
    memory.copy(copy, at + from, piece);
    const more = first.parseBytes(copy, piece);
    assert(more <= piece, "it takes what was not offered");
    taken += more;
    memory.fill(copy, 0x23, piece);
    heap.free(copy);
    from += piece;
    step();
  }
  return told(first, taken);
}

/** The same bytes, whole, cut once anywhere, and one by one, come to the same. */
function comesTo(at: usize, length: u32, wanted: string): void {
  for (let cut: u32 = 0; cut < length; cut++) {
    same(offer(new ProxyHeader(), at, length, cut, length), wanted, `cut at ${cut}:`);
  }
  same(offer(new ProxyHeader(), at, length, 0, 1), wanted, "one by one:");
}

function v1(text: string, wanted: string): void {
  const at = bytesOf(text);
  comesTo(at, <u32>text.length, wanted);
  heap.free(at);
}

/** A header of version 1 that is followed by a line. */
function v1Source(line: string, source: string): void {
  v1(`${line}\r\n${HELLO}`, `${source} after ${line.length + 2}`);
  v1(`${line}\r\n`, `${source} after ${line.length + 2}`);
}

function fromHex(hex: string): usize {
  const at = heap.alloc(max(hex.length / 2, 1));
  for (let i = 0; i < hex.length; i += 2) {
    store<u8>(at + i / 2, <u8>parseInt(hex.substring(i, i + 2), 16));
  }
  return at;
}

function v2(hex: string, wanted: string): void {
  const at = fromHex(hex);
  comesTo(at, hex.length / 2, wanted);
  heap.free(at);
}

/** A header of version 2: its command and family, and what follows. */
function v2Header(kind: string, rest: string): string {
  const length = (rest.length / 2).toString(16).padStart(4, "0");
  return SIGNATURE + kind + length + rest;
}

const HELLO_HEX = "68656c6c6f0a";

export function version_1_names_an_ipv4_address(): void {
  v1Source("PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999", "203.0.113.7:51234");
  v1Source("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255:65535");
  v1Source("PROXY TCP4 0.0.0.0 0.0.0.0 0 0", "0.0.0.0:0");
}

export function version_1_names_an_ipv6_address_and_it_is_written_in_one_way(): void {
  v1Source("PROXY TCP6 2001:db8::1 2001:db8::2 51234 9999", "[2001:db8::1]:51234");
  v1Source("PROXY TCP6 2001:0DB8:0:0:0:0:0:1 ::1 51234 9999", "[2001:db8::1]:51234");
  v1Source("PROXY TCP6 ::ffff:203.0.113.7 ::1 51234 9999", "[::ffff:203.0.113.7]:51234");
}

export function version_1_may_not_know(): void {
  v1Source("PROXY UNKNOWN", "");
  v1Source("PROXY UNKNOWN ffff:: ffff:: 65535 65535", "");
  v1Source("PROXY UNKNOWN  anything\tat all", "");
}

export function a_line_of_version_1_has_107_bytes_and_no_more(): void {
  sameNumber(V1_BYTES_MOST, 107);
  const line = "PROXY UNKNOWN ";
  v1Source(line.padEnd(V1_BYTES_MOST - 2, "x"), "");
  v1(line.padEnd(V1_BYTES_MOST - 1, "x") + "\r\n", "malformed");
  v1(line.padEnd(V1_BYTES_MOST - 1, "x"), "more");
  v1(line.padEnd(V1_BYTES_MOST, "x"), "malformed");
  v1(line.padEnd(V1_BYTES_MOST - 1, "x") + "\r", "malformed");
}

export function a_header_that_has_not_ended_needs_more(): void {
  const line = "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r";
  for (let length = 1; length <= line.length; length++) v1(line.substring(0, length), "more");
}

export function a_line_that_is_no_header_of_version_1_is_malformed(): void {
  const lines = [
    "PROXY ",
    "PROXY TCP4",
    "PROXY TCP4 ",
    "PROXY TCP5 203.0.113.7 192.0.2.1 51234 9999",
    "PROXY UNKNOWNS",
    "PROXY unknown",
    "PROXY tcp4 203.0.113.7 192.0.2.1 51234 9999",
    "PROXY  TCP4 203.0.113.7 192.0.2.1 51234 9999",
    "PROXY TCP4 203.0.113.7  192.0.2.1 51234 9999",
    "PROXY TCP4 203.0.113.7 192.0.2.1 51234",
    "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999 ",
    "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999 1",
    "PROXY TCP4 203.0.113.256 192.0.2.1 51234 9999",
    "PROXY TCP4 203.0.113.7 192.0.2 51234 9999",
    "PROXY TCP4 203.0.113.7 192.0.2.1 65536 9999",
    "PROXY TCP4 203.0.113.7 192.0.2.1 51234 65536",
    "PROXY TCP4 203.0.113.7 192.0.2.1 051234 9999",
    "PROXY TCP4 203.0.113.7 192.0.2.1 -1 9999",
    "PROXY TCP4 2001:db8::1 2001:db8::2 51234 9999",
    "PROXY TCP6 203.0.113.7 192.0.2.1 51234 9999",
    "PROXY TCP6 2001:db8::1 2001:db8:: 51234 ",
    "PROXY TCP6 2001:db8::1 2001:db8:::2 51234 9999",
    "PROXY TCP4 \u{1b}[31m 192.0.2.1 51234 9999",
  ];
  for (let i = 0; i < lines.length; i++) v1(lines[i] + "\r\n", "malformed");
}

export function a_line_of_version_1_ends_with_cr_lf(): void {
  v1("PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\n", "malformed");
  v1("PROXY UNKNOWN\n\r\n", "malformed");
  v1("PROXY \n", "malformed");
}

export function anything_else_is_malformed_from_its_first_byte(): void {
  v1("hello\n", "malformed");
  v1("PROXx", "malformed");
  v1("\n", "malformed");
  v1("\r\n\r\nx", "malformed");
  v1("GET / HTTP/1.1\r\n", "malformed");
  const first = new ProxyHeader();
  const at = bytesOf("proxy");
  first.parseBytes(at, 1);
  heap.free(at);
  sameNumber(first.verdict, Verdict.MALFORMED);
}

export function version_2_names_an_ipv4_address(): void {
  const header = v2Header("2111", IPV4_PAIR);
  v2(header, "203.0.113.7:51234 after 28");
  v2(header + HELLO_HEX, "203.0.113.7:51234 after 28");
}

export function version_2_names_an_ipv6_address(): void {
  const header = v2Header("2121", IPV6_PAIR);
  v2(header, "[2001:db8::1]:51234 after 52");
  v2(header + HELLO_HEX, "[2001:db8::1]:51234 after 52");
}

export function what_follows_the_addresses_is_skipped(): void {
  const header = v2Header("2111", IPV4_PAIR + "0400050102030405" + "ea000100");
  v2(header + HELLO_HEX, `203.0.113.7:51234 after ${header.length / 2}`);
}

export function a_proxy_may_speak_for_itself(): void {
  v2(v2Header("2000", "") + HELLO_HEX, "local after 16");
  v2(v2Header("2011", IPV4_PAIR) + HELLO_HEX, "local after 28");
  v2(v2Header("20ff", "0102"), "local after 18");
}

export function what_is_neither_tcp4_nor_tcp6_has_no_address(): void {
  v2(v2Header("2100", ""), " after 16");
  v2(v2Header("2100", "010203"), " after 19");
  v2(v2Header("2112", IPV4_PAIR), " after 28");
  v2(v2Header("2122", IPV6_PAIR), " after 52");
  v2(v2Header("2131", "2f".repeat(216)) + HELLO_HEX, " after 232");
  v2(v2Header("2132", "2f".repeat(216)), " after 232");
}

export function what_version_2_does_not_allow_is_malformed(): void {
  const kinds = ["1111", "3111", "0111", "2211", "2f11", "2110", "2113", "2101", "2102", "2141"];
  for (let i = 0; i < kinds.length; i++) v2(v2Header(kinds[i], "00".repeat(216)), "malformed");
  v2(SIGNATURE.substring(0, 22) + "0b" + "21110000", "malformed");
}

export function addresses_of_version_2_must_have_room(): void {
  v2(v2Header("2111", IPV4_PAIR.substring(2)), "malformed");
  v2(v2Header("2121", IPV6_PAIR.substring(2)), "malformed");
  v2(v2Header("2131", "2f".repeat(215)), "malformed");
  v2(v2Header("2111", ""), "malformed");
}

export function a_header_of_version_2_is_bounded(): void {
  const most = V2_BYTES_MOST - 16;
  const longest = v2Header("2111", IPV4_PAIR.padEnd(2 * most, "0"));
  v2(longest + HELLO_HEX, `203.0.113.7:51234 after ${V2_BYTES_MOST}`);
  v2(longest.substring(0, longest.length - 2), "more");
  v2(v2Header("2111", IPV4_PAIR.padEnd(2 * most + 2, "0")), "malformed");
  v2(SIGNATURE + "2111ffff", "malformed");
}

/** Checks the alarm's answer to bytes that are cut in two anywhere. */
function alarms(text: string, wanted: string): void {
  const at = bytesOf(text);
  const length = <u32>text.length;
  for (let cut: u32 = 0; cut < length; cut++) {
    const alarm = new HeaderAlarm();
    same(offer(alarm, at, length, cut, length), wanted, `cut at ${cut}:`);
  }
  same(offer(new HeaderAlarm(), at, length, 0, 1), wanted, "one by one:");
  heap.free(at);
}

export function the_alarm_knows_both_versions_by_their_first_bytes(): void {
  alarms("PROXY ", "forged");
  alarms("PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\n", "forged");
  alarms("\r\n\r\n\0\r\nQUIT\n", "forged");
  alarms("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", "forged");
}

export function the_alarm_is_silent_about_anything_else(): void {
  alarms("hello\n", "plain");
  alarms("PROXY\n", "plain");
  alarms("proxy x\n", "plain");
  alarms("\r\n\r\n\r\n", "plain");
  alarms("\r\n\r\n\0\r\nQUIT\r\n", "plain");
  alarms("\n", "plain");
  alarms("PRO", "more");
  alarms("\r\n\r\n", "more");
}

const noise = memory.data(2048);

/** Random bytes get a verdict in the end, and never more is consumed than a header may have. */
export function noise_behind_a_true_beginning_is_judged_within_the_bounds(): void {
  const beginnings = [SIGNATURE, SIGNATURE + "2111", "50524f585920", "50524f58592054435036"];
  for (let round = 0; round < 400; round++) {
    const hex = beginnings[round % beginnings.length];
    const beginning = fromHex(hex);
    troublesomeBytes(noise, 2048);
    memory.copy(noise, beginning, hex.length / 2);
    heap.free(beginning);
    const first = new ProxyHeader();
    const piece = 1 + (random() % 700);
    let taken: u32 = 0;
    for (let from: u32 = 0; first.verdict == Verdict.MORE; from += piece) {
      assert(from + piece <= 2048, "no verdict");
      taken += first.parseBytes(noise + from, piece);
    }
    assert(taken <= V2_BYTES_MOST);
  }
}
