import { BLANKS_MOST, sanitize, SANITIZE_GROWTH } from "../../../../assembly/text/sanitize";
import { modelSanitize, random, troublesomeBytes } from "./support/host";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const MOST: u32 = 256;
const input = memory.data(256);
const output = memory.data(1024);
const again = memory.data(4096);
const model = memory.data(1024);

/** Returns the sanitized text of bytes in hexadecimal. */
function safe(hex: string): string {
  const length = hex.length / 2;
  for (let i = 0; i < length; i++) {
    store<u8>(input + i, <u8>parseInt(hex.substring(i * 2, i * 2 + 2), 16));
  }
  const written = sanitize(output, input, length);
  assert(written <= <u32>length * SANITIZE_GROWTH, "grew more than it may");
  return String.UTF8.decodeUnsafe(output, written);
}

function passes(text: string): void {
  const bytes = bytesOf(text);
  const length = sanitize(output, bytes, String.UTF8.byteLength(text));
  same(String.UTF8.decodeUnsafe(output, length), text);
  heap.free(bytes);
}

export function text_passes_as_it_came(): void {
  passes("");
  passes("hello, world ~ !");
  passes("äöü ß 你好 привет שלום مرحبا 😀\u00a0\u07ff\u0800\ud7ff\ue000\uffff");
  passes("\u{10000}\u{10ffff}\ufefe\ufffd");
}

function becomes(text: string, expected: string): void {
  const bytes = bytesOf(text);
  const length = sanitize(output, bytes, String.UTF8.byteLength(text));
  same(String.UTF8.decodeUnsafe(output, length), expected, text);
  heap.free(bytes);
}

export function of_a_row_of_blanks_eight_stay(): void {
  sameNumber(BLANKS_MOST, 8);
  const most = " ".repeat(8);
  for (let before = 0; before < 20; before++) {
    const words = "x".repeat(before);
    becomes(`${words}${most}y`, `${words}${most}y`);
    becomes(`${words}${most} y and what follows`, `${words}${most}y and what follows`);
    becomes(`${words}${" ".repeat(80)}* server: hi`, `${words}${most}* server: hi`);
  }
}

export function blanks_of_all_kinds_count(): void {
  const most = " ".repeat(8);
  becomes("a\tb\u00a0c\u3000d", "a\tb\u00a0c\u3000d");
  becomes(`a${"\t".repeat(80)}b`, `a\t${most}b`);
  becomes(`a${"\u3000".repeat(80)}b`, `a\u3000${most}b`);
  becomes(`a${" \u2800\t\u00a0\u2003\u202f\u205f\u1680".repeat(10)}b`, `a${most}b`);
  becomes("a" + "\u3000\u200d".repeat(3), "a\u3000\ufffd\u3000\ufffd\u3000\ufffd");
}

export function a_tab_stays(): void {
  same(safe("410942"), "A\tB");
}

export function every_c0_control_becomes_its_picture(): void {
  for (let code = 0; code < 0x20; code++) {
    if (code == 9) continue;
    const hex = code.toString(16).padStart(2, "0");
    same(safe(`41${hex}42`), "A" + String.fromCharCode(0x2400 + code) + "B", hex);
  }
  same(safe("20"), " ");
}

export function delete_becomes_its_picture(): void {
  same(safe("7e7f"), "~\u2421");
}

export function every_c1_control_becomes_a_replacement(): void {
  for (let code = 0x80; code <= 0x9f; code++) same(safe("c2" + code.toString(16)), "\ufffd");
  same(safe("c2a0"), "\u00a0");
}

export function bidirectional_controls_and_line_separators_become_a_replacement(): void {
  const bad = ["d89c", "e2808e", "e2808f", "e280aa", "e280ab", "e280ac", "e280ad", "e280ae"];
  for (let i = 0; i < bad.length; i++) same(safe(bad[i]), "\ufffd", bad[i]);
  const more = ["e280a8", "e280a9", "e281a6", "e281a7", "e281a8", "e281a9"];
  for (let i = 0; i < more.length; i++) same(safe(more[i]), "\ufffd", more[i]);
}

export function the_neighbours_of_bidirectional_controls_pass(): void {
  same(safe("d89bd89d"), "\u061b\u061d");
  same(safe("e2808be28090"), "\ufffd\u2010");
  same(safe("e280a7e280af"), "\u2027\u202f");
}

export function an_overlong_form_is_not_utf_8(): void {
  same(safe("c080"), "\ufffd\ufffd");
  same(safe("c1bf"), "\ufffd\ufffd");
  same(safe("e09fbf"), "\ufffd\ufffd\ufffd");
  same(safe("e0a080"), "\u0800");
  same(safe("f08fbfbf"), "\ufffd\ufffd\ufffd\ufffd");
  same(safe("f0908080"), "\u{10000}");
}

export function a_surrogate_is_not_utf_8(): void {
  same(safe("ed9fbf"), "\ud7ff");
  same(safe("eda080"), "\ufffd\ufffd\ufffd");
  same(safe("edbfbf"), "\ufffd\ufffd\ufffd");
  same(safe("ee8080"), "\ue000");
}

export function nothing_lies_beyond_u_10ffff(): void {
  same(safe("f48fbfbf"), "\u{10ffff}");
  same(safe("f4908080"), "\ufffd\ufffd\ufffd\ufffd");
  same(safe("f5808080"), "\ufffd\ufffd\ufffd\ufffd");
  same(safe("ff41"), "\ufffdA");
}

export function a_continuation_byte_alone_is_not_utf_8(): void {
  same(safe("80bf41"), "\ufffd\ufffdA");
}

export function a_character_that_is_cut_off_spares_what_follows(): void {
  same(safe("c341"), "\ufffdA");
  same(safe("e28241"), "\ufffd\ufffdA");
  same(safe("f09f9841"), "\ufffd\ufffd\ufffdA");
  same(safe("e2c3a4"), "\ufffdä");
}

export function a_character_that_is_cut_off_at_the_end_reads_no_further(): void {
  // The bytes behind the end would make it whole.
  store<u8>(input + 1, 0xa4);
  store<u8>(input, 0xc3);
  sameNumber(sanitize(output, input, 1), 3);
  store<u32>(input, 0x80_98_9f_f0);
  sameNumber(sanitize(output, input, 3), 9);
}

export function one_byte_makes_at_most_three(): void {
  for (let byte = 0; byte < 256; byte++) {
    memory.fill(input, <u8>byte, MOST);
    assert(sanitize(output, input, MOST) <= MOST * SANITIZE_GROWTH);
  }
}

export function nothing_is_written_behind_the_result(): void {
  memory.fill(output, 0x55, 64);
  store<u8>(input, 0xff);
  const length = sanitize(output, input, 1);
  sameNumber(length, 3);
  sameNumber(load<u8>(output + length), 0x55);
}

export function any_bytes_become_what_another_decoder_makes_of_them(): void {
  for (let i = 0; i < 4000; i++) {
    const length = random() % (i < 2000 ? 12 : MOST);
    troublesomeBytes(input, length);
    const written = sanitize(output, input, length);
    const wanted = modelSanitize(model, input, length);
    assert(written <= length * SANITIZE_GROWTH, "grew more than it may");
    assert(written == wanted && memory.compare(output, model, written) == 0, hex(length));
    if (i % 500 == 0) step();
  }
}

export function what_is_safe_stays_as_it_is(): void {
  for (let i = 0; i < 1000; i++) {
    const length = random() % MOST;
    troublesomeBytes(input, length);
    const written = sanitize(output, input, length);
    sameNumber(sanitize(again, output, written), written);
    assert(memory.compare(output, again, written) == 0, hex(length));
  }
}

function hex(length: u32): string {
  let text = "bytes ";
  for (let i: u32 = 0; i < length; i++)
    text += load<u8>(input + i)
      .toString(16)
      .padStart(2, "0");
  return text;
}

export function a_control_is_found_at_every_place_of_a_text_of_every_length(): void {
  for (let length = 1; length <= 50; length++) {
    step();
    for (let place = -1; place < length; place++) {
      for (let i = 0; i < length; i++) store<u8>(input + i, <u8>(0x21 + i));
      if (place >= 0) store<u8>(input + place, 0x1b);
      let wanted = "";
      for (let i = 0; i < length; i++) {
        wanted += i == place ? "\u241b" : String.fromCharCode(0x21 + i);
      }
      const written = sanitize(output, input, length);
      same(String.UTF8.decodeUnsafe(output, written), wanted);
    }
  }
}

export function what_nobody_can_see_becomes_a_replacement(): void {
  const bad = ["e1a08e", "e2808b", "e281a0", "e281af", "efbbbf", "efbfb9", "efbfbb", "f3a08080"];
  for (let i = 0; i < bad.length; i++) same(safe(bad[i]), "\ufffd", bad[i]);
  same(safe("f3a081bf"), "\ufffd");
}

export function its_neighbours_pass(): void {
  passes("\u00ac\u00ae\u034e\u0350\u115e\u1161\u17b3\u17b6\u180a\u1810\u200a\u2010\u205f\u2070");
  passes("\u3163\u3165\ufdff\ufe10\ufefe\uff00\uff9f\uffa1\uffef\ufffc\u{dffff}\u{e1000}");
}

export function what_has_no_shape_becomes_a_replacement(): void {
  const bad = [
    "c2ad",
    "cd8f",
    "e1859f",
    "e185a0",
    "e19eb4",
    "e385a4",
    "efbea0",
    "efb880",
    "efbfb0",
  ];
  for (let i = 0; i < bad.length; i++) same(safe("41" + bad[i] + "42"), "A\ufffdB", bad[i]);
  same(safe("f09bb2a0f09d85b3f3a08480"), "\ufffd\ufffd\ufffd");
}

export function emoji_and_scripts_keep_what_belongs_to_them(): void {
  // A family, a heart on fire, a key of a telephone, the flag of England.
  passes("\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u2764\ufe0f\u200d\u{1f525} 1\ufe0f\u20e3");
  passes("\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}!");
  // Persian and Sinhala words, a Mongolian form.
  passes("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0d9a\u0dca\u200d\u0dbb \u1820\u180b");
}

export function a_row_of_them_hides_nothing(): void {
  const zwj = "e2808d";
  same(safe("41" + zwj + zwj), "A\ufffd\ufffd");
  same(safe("c3a9" + zwj + zwj + zwj), "\u00e9\u200d\ufffd\ufffd");
  const tag = "f3a081a1";
  same(safe(tag), "\ufffd");
  same(safe("f09f8fb4" + "f3a081bf"), "\u{1f3f4}\ufffd");
  const seven = safe("f09f8fb4" + tag.repeat(7) + "f3a081bf");
  same(seven, "\u{1f3f4}" + "\u{e0061}".repeat(6) + "\ufffd\ufffd");
}
