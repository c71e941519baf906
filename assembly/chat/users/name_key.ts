/** By what two names are compared: see text/fold. */
import { foldName } from "../../text/fold";

/** The key of a name; what is too long for a name that one may choose, an address, is its own. */
export function nameKey(name: string): string {
  const fold = foldName(name);
  return fold == "" ? name : fold;
}
