/**
 * How often something was how large, in buckets that double: what a mean would hide. To count costs
 * a few instructions and no memory.
 */

export class Histogram {
  sum: u64 = 0;
  /** The largest so far. */
  most: u64 = 0;
  /** Of each bucket, and of what lies beyond the last. */
  private counts: StaticArray<u64>;

  constructor(
    /** What one means, in whatever is counted: 1000 for microseconds out of nanoseconds. */
    private unit: u64,
    /** The first bucket goes up to two to the power of this, in units. */
    private first: i32,
    private buckets: i32,
  ) {
    this.counts = new StaticArray<u64>(buckets + 1);
  }

  add(value: u64): void {
    this.sum += value;
    if (value > this.most) this.most = value;
    const units = this.unit == 1 ? value : (value + this.unit - 1) / this.unit;
    // The power of two that it does not exceed.
    const power = units <= 1 ? 0 : 64 - <i32>clz<u64>(units - 1);
    const at = min(max(power - this.first, 0), this.buckets);
    this.counts[at] = this.counts[at] + 1;
  }

  get count(): u64 {
    let count: u64 = 0;
    for (let i = 0; i <= this.buckets; i++) count += this.counts[i];
    return count;
  }

  /** `{"bounds":[...],"counts":[...],"sum":N,"most":N}`; one count more, of what is larger. */
  toJson(): string {
    let bounds = "";
    let counts = this.counts[0].toString();
    for (let i = 0; i < this.buckets; i++) {
      const bound = this.unit << (this.first + i);
      bounds += i == 0 ? bound.toString() : `,${bound}`;
      counts += `,${this.counts[i + 1]}`;
    }
    const ends = `"sum":${this.sum},"most":${this.most}`;
    return `{"bounds":[${bounds}],"counts":[${counts}],${ends}}`;
  }
}
