/** Random numbers, by WASI 0.2. See ../random.ts. */
import { randomBits } from "./abi";

export function random(): u64 {
  return randomBits();
}
