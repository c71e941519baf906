/** The key by which users and rooms are found: see text/fold.ts. */
import { foldName } from "../../text/fold";

/**
 * Returns the key of a name. A text that is too long for a name, such as an address, is its own
 * key.
 */
export function nameKey(name: string): string {
  const fold = foldName(name);
  return fold == "" ? name : fold;
}
