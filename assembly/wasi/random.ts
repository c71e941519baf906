/** Random numbers of the host, which no client can predict. */
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/random";
import * as preview3 from "./preview3/random";

/** Returns 64 random bits, fit for a secret key. */
export function random(): u64 {
  if (IS_COMPONENT) return preview3.random();
  return preview1.random();
}
