import {
  countEscapes,
  escapeJson,
  ESCAPE_GROWTH,
  JsonObject,
} from "../../../../assembly/text/json";
import { same, sameNumber } from "./support/steps";

const from = memory.data(64);
const to = memory.data(256);

export function an_object_is_a_line(): void {
  same(new JsonObject("x").line(), '{"type":"x"}\n');
  const object = new JsonObject("x").text("a", "b").number("n", -5).texts("list", ["p", 'q"']);
  same(object.line(), '{"type":"x","a":"b","n":-5,"list":["p","q\\""]}\n');
  same(new JsonObject("x").texts("none", []).line(), '{"type":"x","none":[]}\n');
}

export function an_object_may_have_no_type_and_objects_in_it(): void {
  same(new JsonObject().toString(), "{}");
  const inner = new JsonObject().number("n", 1).toString();
  same(new JsonObject().number("id", 7).json("in", inner).line(), '{"id":7,"in":{"n":1}}\n');
}

export function lines_are_escaped(): void {
  same(new JsonObject().text("a", "one\ntwo\n").toString(), '{"a":"one\\ntwo\\n"}');
}

export function strings_are_escaped(): void {
  same(new JsonObject("x").text("a", '"\\\t').line(), '{"type":"x","a":"\\"\\\\\\t"}\n');
}

export function bytes_are_escaped_as_strings_are(): void {
  const text = 'é"\\\tz';
  const bytes = <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, from);
  const written = escapeJson(to, from, bytes);
  same(String.UTF8.decodeUnsafe(to, written), 'é\\"\\\\\\tz');
  sameNumber(written, bytes + 3);
}

export function the_worst_text_grows_as_much_as_is_said(): void {
  memory.fill(from, 0x22, 64);
  sameNumber(escapeJson(to, from, 64), 64 * ESCAPE_GROWTH);
}

export function the_bytes_that_escaping_adds_can_be_counted(): void {
  const text = String.UTF8.encode('a"b\\c\td\u00e9');
  const length = <u32>text.byteLength;
  sameNumber(countEscapes(changetype<usize>(text), length), 3);
  sameNumber(countEscapes(changetype<usize>(text), 1), 0);
}
