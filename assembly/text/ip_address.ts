/**
 * Parses and formats IP addresses, as bytes in network byte order. IPv6 is formatted as RFC 5952
 * recommends, so that each address has one text.
 */
import { parseDecimal } from "./decimal";

export const IPV4_BYTES: u32 = 4;
export const IPV6_BYTES: u32 = 16;
const GROUPS = 8;
/** The offset of the IPv4 address in an IPv4-mapped IPv6 address. */
const MAPPED_AT = 12;

/** Formats an IPv4 address: `203.0.113.7`. */
export function ipv4Text(at: usize): string {
  return `${load<u8>(at)}.${load<u8>(at, 1)}.${load<u8>(at, 2)}.${load<u8>(at, 3)}`;
}

/** Formats an IPv6 address: `2001:db8::1`; an IPv4-mapped one as `::ffff:203.0.113.7`. */
export function ipv6Text(at: usize): string {
  if (isMapped(at)) return "::ffff:" + ipv4Text(at + MAPPED_AT);
  // `::` replaces the longest run of two or more zero groups, the first one of equal length.
  let gap = -1;
  let gapLength = 1;
  for (let i = 0; i < GROUPS; i++) {
    let end = i;
    while (end < GROUPS && group(at, end) == 0) end++;
    if (end - i > gapLength) {
      gap = i;
      gapLength = end - i;
    }
  }
  let text = "";
  for (let i = 0; i < GROUPS; i++) {
    if (i == gap) {
      text += "::";
      i += gapLength - 1;
      continue;
    }
    if (text != "" && !text.endsWith(":")) text += ":";
    text += group(at, i).toString(16);
  }
  return text;
}

/**
 * Parses an IPv4 address and stores its bytes.
 *
 * @returns false if the text is none; then the bytes are undefined
 */
export function parseIpv4(text: string, to: usize): bool {
  const words = text.split(".");
  if (words.length != IPV4_BYTES) return false;
  for (let i = 0; i < words.length; i++) {
    const value = parseDecimal(words[i], 255);
    if (value < 0) return false;
    store<u8>(to + i, <u8>value);
  }
  return true;
}

/**
 * Parses an IPv6 address and stores its bytes.
 *
 * @returns false if the text is none; then the bytes are undefined
 */
export function parseIpv6(text: string, to: usize): bool {
  const gap = text.indexOf("::");
  if (gap < 0) return parseGroups(text, to, GROUPS) == GROUPS;
  const before = text.substring(0, gap);
  if (before.includes(".")) return false;
  const head = parseGroups(before, to, GROUPS - 1);
  if (head < 0) return false;
  const rest = to + 2 * head;
  // `::` replaces at least one group.
  const tail = parseGroups(text.substring(gap + 2), rest, GROUPS - 1 - head);
  if (tail < 0) return false;
  const end = to + 2 * (GROUPS - tail);
  memory.copy(end, rest, 2 * tail);
  memory.fill(rest, 0, end - rest);
  return true;
}

/**
 * Parses groups between colons. The last two may be written as an IPv4 address.
 *
 * @returns their number, or -1
 */
function parseGroups(text: string, to: usize, most: i32): i32 {
  if (text == "") return 0;
  const words = text.split(":");
  const dotted = words[words.length - 1].includes(".");
  const count = words.length + (dotted ? 1 : 0);
  if (count > most) return -1;
  for (let i = 0; i < words.length; i++) {
    if (dotted && i == words.length - 1) return parseIpv4(words[i], to + 2 * i) ? count : -1;
    const value = parseGroup(words[i]);
    if (value < 0) return -1;
    store<u16>(to + 2 * i, bswap<u16>(<u16>value));
  }
  return count;
}

/** Parses one to four hexadecimal digits. @returns their value, or -1 */
function parseGroup(text: string): i32 {
  if (text.length == 0 || text.length > 4) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = "0123456789abcdef".indexOf(text.charAt(i).toLowerCase());
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function isMapped(at: usize): bool {
  for (let i = 0; i < 5; i++) if (group(at, i) != 0) return false;
  return group(at, 5) == 0xffff;
}

function group(at: usize, index: i32): u32 {
  return bswap<u16>(load<u16>(at + 2 * index));
}
