/**
 * Computes the CRC-32 of zlib, gzip and PNG, so that any language can check a journal. CRC-32C
 * would detect no more errors in records of this length, and WebAssembly has no instruction for it.
 */

/** Four tables of 256 entries: `checksum` takes four bytes at a time. */
const TABLES: usize = memory.data(4096);
/** The polynomial 0x04c11db7, reflected. */
const POLYNOMIAL: u32 = 0xedb8_8320;

let isFilled = false;

/** Returns the checksum of `length` bytes. @param before the checksum of the bytes before them */
export function checksum(at: usize, length: u32, before: u32 = 0): u32 {
  if (!isFilled) fillTables();
  let crc = ~before;
  const end = at + length;
  for (; at + 4 <= end; at += 4) {
    crc ^= load<u32>(at);
    crc =
      entry(3, crc & 0xff) ^
      entry(2, (crc >> 8) & 0xff) ^
      entry(1, (crc >> 16) & 0xff) ^
      entry(0, crc >> 24);
  }
  for (; at < end; at++) crc = entry(0, (crc ^ load<u8>(at)) & 0xff) ^ (crc >> 8);
  return ~crc;
}

// @ts-ignore: decorator
@inline
function entry(table: usize, byte: u32): u32 {
  return load<u32>(TABLES + (table << 10) + ((<usize>byte) << 2));
}

function fillTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    store<u32>(TABLES + ((<usize>byte) << 2), crc);
  }
  for (let table: usize = 1; table < 4; table++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      const crc = entry(table - 1, byte);
      const next = entry(0, crc & 0xff) ^ (crc >> 8);
      store<u32>(TABLES + (table << 10) + ((<usize>byte) << 2), next);
    }
  }
  isFilled = true;
}
