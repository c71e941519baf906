/**
 * SipHash-2-4: a hash with a secret key of 128 bits. A client that lacks the key cannot compute a
 * hash, or find out by trial which text has it.
 */

// The state of the hash. It consists of globals, so that a hash allocates no memory.
let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/** Returns the hash of the `length` bytes at `at`, with the two halves of the key. */
export function keyedHash(key0: u64, key1: u64, at: usize, length: u32): u64 {
  v0 = key0 ^ 0x736f_6d65_7073_6575;
  v1 = key1 ^ 0x646f_7261_6e64_6f6d;
  v2 = key0 ^ 0x6c79_6765_6e65_7261;
  v3 = key1 ^ 0x7465_6462_7974_6573;
  const end = at + (length & ~7);
  for (; at < end; at += 8) mix(load<u64>(at));
  let last = (<u64>length) << 56;
  for (let i: u32 = 0; i < (length & 7); i++) last |= (<u64>load<u8>(at + i)) << (8 * i);
  mix(last);
  v2 ^= 0xff;
  for (let i = 0; i < 4; i++) turn();
  return v0 ^ v1 ^ v2 ^ v3;
}

/** Takes eight bytes, with two rounds. */
function mix(bytes: u64): void {
  v3 ^= bytes;
  turn();
  turn();
  v0 ^= bytes;
}

/** One round. */
function turn(): void {
  v0 += v1;
  v2 += v3;
  v1 = rotl<u64>(v1, 13) ^ v0;
  v3 = rotl<u64>(v3, 16) ^ v2;
  v0 = rotl<u64>(v0, 32);
  v2 += v1;
  v0 += v3;
  v1 = rotl<u64>(v1, 17) ^ v2;
  v3 = rotl<u64>(v3, 21) ^ v0;
  v2 = rotl<u64>(v2, 32);
}
