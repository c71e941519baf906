/** What the chat says of itself, and the word that ends a conversation. */
import type { Reason } from "./member.js";

export const SLOW_WORDS = "* closed: you read too slowly, and lines for you have been dropped\n";
export const WORDS: Record<Reason, string> = {
  left: "",
  quit: "* goodbye\n",
  "too slow": SLOW_WORDS,
  "server full": "* closed: the server is full, try again later\n",
  "server stopping": "* closed: the server is stopping\n",
};

export const QUIT = Buffer.from("quit");
export const END = Buffer.from("\n");

export function isSilent(line: Buffer): boolean {
  return line.length === 0 || line.equals(QUIT);
}
