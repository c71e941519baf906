import { copyBytes } from "../../../../assembly/text/copy_bytes";
import { sameNumber, step } from "./support/steps";

const from = memory.data(128);
const to = memory.data(128);

export function every_length_is_copied_and_no_byte_more(): void {
  for (let length: u32 = 0; length <= 70; length++) {
    step();
    for (let i: usize = 0; i < 128; i++) {
      store<u8>(from + i, <u8>(i + 1));
      store<u8>(to + i, 0xff);
    }
    copyBytes(to + 3, from + 5, length);
    for (let i: u32 = 0; i < 100; i++) {
      const isCopied = i >= 3 && i < 3 + length;
      sameNumber(load<u8>(to + i), isCopied ? i + 3 : 0xff, `byte ${i} of ${length}:`);
    }
  }
}
