import { consumed, decode, encode, REPLACEMENT } from "../../../../assembly/text/utf8";
import { bytesOf, sameNumber } from "./support/steps";

const bytes = memory.data(8);

/** The first and the last of each length, and beside the surrogates. */
const CODES: StaticArray<u32> = [
  0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff,
];
const SIZES: StaticArray<u32> = [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 4];

function isReplaced(word: u32, left: u32): void {
  store<u32>(bytes, word);
  sameNumber(decode(bytes, left), REPLACEMENT);
  sameNumber(consumed, 1);
}

export function each_character_is_read_as_it_was_written(): void {
  for (let i = 0; i < CODES.length; i++) {
    sameNumber(encode(bytes, CODES[i]), SIZES[i]);
    sameNumber(decode(bytes, SIZES[i]), CODES[i]);
    sameNumber(consumed, SIZES[i]);
  }
}

export function it_is_written_as_the_standard_library_does(): void {
  const text = "a\u00df\u4f60\u{1f600}";
  const wanted = bytesOf(text);
  const codes: StaticArray<u32> = [0x61, 0xdf, 0x4f60, 0x1f600];
  let at: usize = 0;
  for (let i = 0; i < codes.length; i++) {
    const size = encode(bytes, codes[i]);
    assert(memory.compare(bytes, wanted + at, size) == 0);
    at += size;
  }
}

export function what_is_no_character_is_replaced_byte_by_byte(): void {
  isReplaced(0x80, 1); // a continuation
  isReplaced(0xff, 1);
  isReplaced(0xafc0, 2); // overlong
  isReplaced(0x80a0ed, 3); // a surrogate
  isReplaced(0x808090f4, 4); // beyond U+10FFFF
}

export function a_character_that_is_cut_off_is_replaced(): void {
  isReplaced(0xbd, 1);
  isReplaced(0xbde4, 2);
  isReplaced(0xa0bde4, 2);
  isReplaced(0x989ff0, 3);
  isReplaced(0x41e4, 3); // by another character
}
