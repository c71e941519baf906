import { keyedHash } from "../../../../assembly/text/keyed_hash";
import { same } from "./support/steps";

const KEY_0: u64 = 0x0706_0504_0302_0100;
const KEY_1: u64 = 0x0f0e_0d0c_0b0a_0908;
const bytes = memory.data(64);

function hashOf(length: u32): string {
  for (let i: u32 = 0; i < length; i++) store<u8>(bytes + i, <u8>i);
  return keyedHash(KEY_0, KEY_1, bytes, length).toString(16);
}

/** The vectors of SipHash-2-4's authors: the bytes 0, 1, 2 ... with the key 0, 1, 2 ... */
export function the_published_hashes_are_computed(): void {
  same(hashOf(0), "726fdb47dd0e0e31");
  same(hashOf(1), "74f839c593dc67fd");
  same(hashOf(7), "ab0200f58b01d137");
  same(hashOf(8), "93f5f5799a932462");
  same(hashOf(15), "a129ca6149be45e5");
  same(hashOf(63), "958a324ceb064572");
}

export function another_key_gives_another_hash(): void {
  assert(keyedHash(1, 2, bytes, 8) != keyedHash(1, 3, bytes, 8));
  assert(keyedHash(1, 2, bytes, 8) != keyedHash(2, 2, bytes, 8));
}
