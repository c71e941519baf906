import { enterAs, got, says, settings, turn } from "./support/chat";
import { advance } from "./support/host";
import { join, lines } from "./support/irc";
import { sameNumber, SECOND } from "./support/steps";

/** The number of lines that a client may send at once, by default. */
const BURST: i32 = 40;
/** The lines a second that it may send after these, by default. */
const RATE: i32 = 20;
/** More lines than a client may send in the time of these specs. */
const MANY: i32 = 400;

function limited(): void {
  settings.connection.rate = RATE;
  settings.connection.burst = 400;
  settings.connection.firstBurst = BURST;
  settings.connection.floodSeconds = 60;
}

/** Lets the time pass in small steps, so that lines that wait have their turns. */
function pass(seconds: i32): void {
  for (let i = 0; i < seconds * 40; i++) {
    advance(SECOND / 40);
    turn();
  }
}

/** Returns the number of texts like this that a client has got. */
function count(text: string, part: string): i32 {
  return text.split(part).length - 1;
}

export function private_words_to_one_user_come_at_the_rate_of_their_sender(): void {
  const ann = enterAs("ann");
  const bob = enterAs("bob");
  got(bob);
  limited();
  const mal = enterAs("mal");
  says(mal, "/msg bob spam\n".repeat(MANY));
  // The name was the first line.
  sameNumber(count(got(bob), "[mal -> you] spam\n"), BURST - 1);
  pass(3);
  const later = count(got(bob), "[mal -> you] spam\n");
  assert(later >= 3 * RATE - 2 && later <= 3 * RATE + 1, later.toString());
  says(ann, "/msg bob hello\n");
  assert(got(bob).includes("[ann -> you] hello\n"), "others do not wait");
}

export function invitations_of_one_user_come_at_the_rate_of_their_sender(): void {
  const bob = enterAs("bob");
  limited();
  const mal = enterAs("mal");
  says(mal, "/join trap\n");
  got(bob);
  says(mal, "/invite bob\n".repeat(MANY));
  const first = count(got(bob), "/join trap");
  assert(first > 0 && first <= BURST, first.toString());
  pass(3);
  const later = count(got(bob), "/join trap");
  assert(later > 0 && later <= 3 * RATE + 1, later.toString());
}

export function many_targets_of_irc_count_as_many_lines(): void {
  settings.clients = 10;
  const bob = join("bob");
  limited();
  const mal = join("mal");
  lines(bob);
  says(mal, "PRIVMSG bob,bob,bob,bob :spam\r\n".repeat(100));
  const first = count(lines(bob), " PRIVMSG bob :spam");
  assert(first > 0 && first <= BURST + 4, first.toString());
  pass(3);
  const later = count(lines(bob), " PRIVMSG bob :spam");
  assert(later > 0 && later <= 3 * RATE + 4, later.toString());
}
