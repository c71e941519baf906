/**
 * IP addresses: from text to bytes in the order of the network, and back. IPv6 is written as
 * RFC 5952 recommends, so that one address has one text.
 */
import { parseDecimal } from "./decimal";

export const IPV4_BYTES: u32 = 4;
export const IPV6_BYTES: u32 = 16;
const GROUPS = 8;
/** Where an IPv6 address that stands for one of IPv4 has the latter. */
const MAPPED_AT = 12;

/** `203.0.113.7` */
export function ipv4Text(at: usize): string {
  return `${load<u8>(at)}.${load<u8>(at, 1)}.${load<u8>(at, 2)}.${load<u8>(at, 3)}`;
}

/** `2001:db8::1`, and `::ffff:203.0.113.7` for what is IPv4 in truth. */
export function ipv6Text(at: usize): string {
  if (isMapped(at)) return "::ffff:" + ipv4Text(at + MAPPED_AT);
  // The longest run of zeros is left out, the first one if there are several; one group is no run.
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

/** Stores the bytes of an IPv4 address. @returns whether the text is one; if not, anything is */
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

/** Stores the bytes of an IPv6 address. @returns whether the text is one; if not, anything is */
export function parseIpv6(text: string, to: usize): bool {
  const gap = text.indexOf("::");
  if (gap < 0) return parseGroups(text, to, GROUPS) == GROUPS;
  const before = text.substring(0, gap);
  if (before.includes(".")) return false;
  const head = parseGroups(before, to, GROUPS - 1);
  if (head < 0) return false;
  const rest = to + 2 * head;
  // The gap stands for one group at least.
  const tail = parseGroups(text.substring(gap + 2), rest, GROUPS - 1 - head);
  if (tail < 0) return false;
  const end = to + 2 * (GROUPS - tail);
  memory.copy(end, rest, 2 * tail);
  memory.fill(rest, 0, end - rest);
  return true;
}

/** Groups between colons, the last two maybe as an IPv4 address. @returns how many, or -1 */
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

/** One to four hexadecimal digits. @returns their value, or -1 */
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
