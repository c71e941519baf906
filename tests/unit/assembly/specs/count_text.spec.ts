import { countText } from "../../../../assembly/text/count_text";
import { same } from "./support/steps";

export function one_is_singular_and_all_others_are_plural(): void {
  same(countText(0, "line"), "0 lines");
  same(countText(1, "line"), "1 line");
  same(countText(2, "line"), "2 lines");
  same(countText(0, "person", "people"), "0 people");
  same(countText(1, "person", "people"), "1 person");
  same(countText(2, "person", "people"), "2 people");
  same(countText(i64.MAX_VALUE, "byte"), "9223372036854775807 bytes");
}
