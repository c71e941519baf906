/** Says in words what a change of a room's modes means. */
import { ModeChange } from "../rooms/mode_change";

/** Returns a change as a sentence without a full stop: `bob is an operator now`. */
export function modeWords(change: ModeChange): string {
  return change.isSet ? wordsOfSet(change) : wordsOfCleared(change);
}

function wordsOfSet(change: ModeChange): string {
  const letter = change.letter;
  const argument = change.argument;
  if (letter == "o") return `${argument} is an operator now`;
  if (letter == "v") return `${argument} has a voice now`;
  if (letter == "b") return `${argument} is banned`;
  if (letter == "e") return `no ban keeps out ${argument}`;
  if (letter == "I") return `${argument} needs no invitation`;
  if (letter == "k") return `the key is ${argument}`;
  if (letter == "l") return `at most ${argument} may be here`;
  if (letter == "i") return "only invited users may enter";
  if (letter == "m") return "only operators and users with a voice may speak";
  if (letter == "n") return "only users in the room may speak to it";
  if (letter == "s") return "the room is secret";
  if (letter == "t") return "only operators may set the topic";
  return "no CTCP is allowed";
}

function wordsOfCleared(change: ModeChange): string {
  const letter = change.letter;
  const argument = change.argument;
  if (letter == "o") return `${argument} is no operator any more`;
  if (letter == "v") return `${argument} has no voice any more`;
  if (letter == "b") return `${argument} is not banned any more`;
  if (letter == "e") return `bans may keep out ${argument}`;
  if (letter == "I") return `${argument} needs an invitation`;
  if (letter == "k") return "no key is needed";
  if (letter == "l") return "any number may be here";
  if (letter == "i") return "users may enter without an invitation";
  if (letter == "m") return "everybody here may speak";
  if (letter == "n") return "users outside may speak to the room";
  if (letter == "s") return "the room is not secret any more";
  if (letter == "t") return "everybody here may set the topic";
  return "CTCP is allowed";
}

/** Returns what a list of masks is called: `bans`. */
export function maskListName(letter: string): string {
  return letter == "b" ? "bans" : letter == "e" ? "exceptions from bans" : "invitations";
}
