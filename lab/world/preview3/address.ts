/** Converts addresses between text and the canonical ABI's variant. */
import net from "node:net";
import type { Canonical } from "./canonical.js";

const IPV4 = 0;
const IPV6 = 1;

/** Returns an address as text. @param words the variant as arguments: its tag, then its fields */
export function loadAddress(words: readonly number[]): string {
  const [family, port = 0, ...fields] = words;
  if (family === IPV4) return `${fields.slice(0, 4).join(".")}:${port}`;
  const groups = fields.slice(1, 9).map((group) => (group & 0xffff).toString(16));
  return `[${canonical(groups.join(":"))}]:${port}`;
}

/** Stores a successful result that is an address. @param at the result's address */
export function storeAddress(memory: Canonical, at: number, text: string): void {
  const cut = text.lastIndexOf(":");
  const host = text.slice(0, cut).replace(/^\[|\]$/g, "");
  const isIpv4 = net.isIPv4(host);
  memory.setU8(at, 0);
  memory.setU8(at + 4, isIpv4 ? IPV4 : IPV6);
  memory.setU16(at + 8, Number(text.slice(cut + 1)));
  if (isIpv4) {
    host.split(".").forEach((octet, index) => memory.setU8(at + 10 + index, Number(octet)));
    return;
  }
  memory.setU32(at + 12, 0);
  groupsOf(host).forEach((group, index) => memory.setU16(at + 16 + index * 2, group));
  memory.setU32(at + 32, 0);
}

function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

function groupsOf(address: string): number[] {
  const [head = "", tail] = canonical(address).split("::");
  const parts = (text: string | undefined) =>
    text === undefined || text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
  const [first, last] = [parts(head), parts(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last];
}
