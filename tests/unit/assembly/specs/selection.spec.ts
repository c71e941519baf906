import { parseSelection } from "../../../../assembly/text/selection";
import { same } from "./support/steps";

function selects(text: string, count: i32, wanted: string): void {
  const found = parseSelection(text, count);
  same(found === null ? "nonsense" : found.toString(), wanted, `"${text}" of ${count}:`);
}

export function numbers_count_from_one(): void {
  selects("1", 3, "true,false,false");
  selects("3,1", 3, "true,false,true");
  selects("2,2", 2, "false,true");
}

export function all_is_all(): void {
  selects("all", 3, "true,true,true");
  selects("all", 1, "true");
}

export function what_there_is_not_cannot_be_named(): void {
  selects("0", 3, "nonsense");
  selects("4", 3, "nonsense");
  selects("1,4", 3, "nonsense");
}

export function anything_else_makes_no_sense(): void {
  const texts = ["", ",", "1,", ",1", "1, 2", "1-2", "none", "ALL", "all,1", "-1", "01"];
  for (let i = 0; i < texts.length; i++) selects(texts[i], 3, "nonsense");
}
