/**
 * A histogram with buckets whose bounds double, since a mean hides outliers. Counting a value takes
 * a few instructions and allocates nothing.
 */

export class Histogram {
  sum: u64 = 0;
  /** The largest value so far. */
  most: u64 = 0;
  /** The count of each bucket, and last the count of the values beyond the largest bound. */
  private counts: StaticArray<u64>;

  constructor(
    /**
     * The unit of the bounds, in units of the values: 1000 for microseconds if values are
     * nanoseconds.
     */
    private unit: u64,
    /** The exponent of the first bound: it is 2^first units. */
    private first: i32,
    private buckets: i32,
  ) {
    this.counts = new StaticArray<u64>(buckets + 1);
  }

  add(value: u64): void {
    this.sum += value;
    if (value > this.most) this.most = value;
    const units = this.unit == 1 ? value : (value + this.unit - 1) / this.unit;
    // The exponent of the smallest power of two that is at least `units`.
    const power = units <= 1 ? 0 : 64 - <i32>clz<u64>(units - 1);
    const at = min(max(power - this.first, 0), this.buckets);
    this.counts[at] = this.counts[at] + 1;
  }

  get count(): u64 {
    let count: u64 = 0;
    for (let i = 0; i <= this.buckets; i++) count += this.counts[i];
    return count;
  }

  /**
   * Returns `{"bounds":[...],"counts":[...],"sum":N,"most":N}`. There is one count more than
   * bounds: the last one counts the values beyond the largest bound.
   */
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
