import { Histogram } from "../../../../assembly/loop/histogram";
import { same, sameNumber } from "./support/steps";

export function a_value_counts_in_the_first_bucket_that_holds_it(): void {
  const sizes = new Histogram(1, 2, 3);
  for (let value: u64 = 0; value <= 17; value++) sizes.add(value);
  // Up to 4: 0 to 4; up to 8: 5 to 8; up to 16: 9 to 16; beyond: 17.
  same(sizes.toJson(), '{"bounds":[4,8,16],"counts":[5,4,8,1],"sum":153,"most":17}');
  sameNumber(sizes.count, 18);
}

export function a_part_of_a_unit_counts_as_one(): void {
  const times = new Histogram(1000, 0, 2);
  times.add(1000);
  times.add(1001);
  times.add(2000);
  times.add(2001);
  same(times.toJson(), '{"bounds":[1000,2000],"counts":[1,2,1],"sum":6002,"most":2001}');
}

export function the_largest_value_is_only_large(): void {
  const times = new Histogram(1000, 2, 21);
  times.add(u64.MAX_VALUE - 1000);
  sameNumber(times.count, 1);
  assert(times.toJson().includes(",1],"), times.toJson());
  assert(times.toJson().includes("[4000,8000,"), times.toJson());
  assert(times.toJson().includes(",4194304000]"), times.toJson());
}
