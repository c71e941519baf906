import { random } from "../../../../assembly/wasi/random";

export function each_number_is_another_one(): void {
  const drawn = new Set<u64>();
  for (let i = 0; i < 100; i++) drawn.add(random());
  assert(drawn.size == 100, `${drawn.size} of 100`);
}
