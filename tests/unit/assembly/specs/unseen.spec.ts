import { isAnnotation, isIgnorable, isUnseen } from "../../../../assembly/text/unseen";

export function the_bounds_of_each_range_of_ignorables(): void {
  const inside: u32[] = [
    0xad, 0x34f, 0x115f, 0x1160, 0x200b, 0x200f, 0xfe00, 0xfe0f, 0xe0000, 0xe0fff,
  ];
  for (let i = 0; i < inside.length; i++) assert(isIgnorable(inside[i]), inside[i].toString(16));
  const outside: u32[] = [
    0, 0x20, 0xac, 0xae, 0x34e, 0x350, 0x1161, 0x200a, 0x2010, 0xfe10, 0xe1000,
  ];
  for (let i = 0; i < outside.length; i++)
    assert(!isIgnorable(outside[i]), outside[i].toString(16));
  assert(!isIgnorable(0x10ffff) && !isIgnorable(0x4e09));
}

export function annotations_are_three(): void {
  assert(isAnnotation(0xfff9) && isAnnotation(0xfffb));
  assert(!isAnnotation(0xfff8) && !isAnnotation(0xfffc));
}

export function blanks_controls_and_what_has_no_shape_are_unseen(): void {
  const unseen: u32[] = [0, 0x09, 0x20, 0x7f, 0x85, 0xa0, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029];
  for (let i = 0; i < unseen.length; i++) assert(isUnseen(unseen[i]), unseen[i].toString(16));
  assert(isUnseen(0x202f) && isUnseen(0x205f) && isUnseen(0x3000) && isUnseen(0xfffa));
  assert(isUnseen(0xad) && isUnseen(0xe0100));
  const seen: u32[] = [0x21, 0x7e, 0xa1, 0x167f, 0x1681, 0x2010, 0x2800, 0x3001, 0xfffd];
  for (let i = 0; i < seen.length; i++) assert(!isUnseen(seen[i]), seen[i].toString(16));
}
