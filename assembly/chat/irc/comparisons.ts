/** The cost of comparing many names with patterns: the rate limiter counts it. */
import { IrcSession } from "./irc_session";

/** This many comparisons of names count as a line for the rate limiter. @limit comparisons */
const COMPARISONS_OF_A_LINE: i32 = 1000;

export function countComparisons(session: IrcSession, comparisons: i32): void {
  session.countTargets(1 + comparisons / COMPARISONS_OF_A_LINE);
}
