/** Random numbers, on preview1. See ../random.ts. */
import { errno, random_get } from "./abi";

const out = memory.data(8);

export function random(): u64 {
  const code = random_get(out, 8);
  assert(code == errno.SUCCESS, "the host has no random numbers");
  return load<u64>(out);
}
