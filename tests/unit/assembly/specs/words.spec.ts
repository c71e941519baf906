import { afterFirstWord, firstWord } from "../../../../assembly/text/words";
import { same } from "./support/steps";

export function a_line_is_a_word_and_what_follows(): void {
  same(firstWord("kick ann be kind"), "kick");
  same(afterFirstWord("kick  ann be kind "), "ann be kind");
}

export function one_word_is_all_there_is(): void {
  same(firstWord("quit"), "quit");
  same(afterFirstWord("quit"), "");
  same(firstWord(""), "");
  same(afterFirstWord(""), "");
  same(firstWord(" x"), "");
}
