/**
 * A histogram with buckets whose bounds double, since a mean hides outliers. Counting a value takes
 * a few instructions and allocates nothing. The garbage collector does not know histograms: they
 * live as long as the program.
 */

const COUNT_BYTES: usize = sizeof<u64>();


@unmanaged
export class Histogram {
  sum: u64 = 0;
  /** The largest value so far. */
  most: u64 = 0;
  /** The count of each bucket, and last the count of the values beyond the largest bound. */
  private counts: usize;

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
    const bytes = <usize>(buckets + 1) * COUNT_BYTES;
    this.counts = heap.alloc(bytes);
    memory.fill(this.counts, 0, bytes);
  }

  add(value: u64): void {
    this.sum += value;
    if (value > this.most) this.most = value;
    const units = this.unit == 1 ? value : (value + this.unit - 1) / this.unit;
    // The exponent of the smallest power of two that is at least `units`.
    const power = units <= 1 ? 0 : 64 - <i32>clz<u64>(units - 1);
    const at = this.bucket(min(max(power - this.first, 0), this.buckets));
    store<u64>(at, load<u64>(at) + 1);
  }

  get count(): u64 {
    let count: u64 = 0;
    for (let i = 0; i <= this.buckets; i++) count += load<u64>(this.bucket(i));
    return count;
  }

  /**
   * Returns `{"bounds":[...],"counts":[...],"sum":N,"most":N}`. There is one count more than
   * bounds: the last one counts the values beyond the largest bound.
   */
  toJson(): string {
    let bounds = "";
    let counts = load<u64>(this.bucket(0)).toString();
    for (let i = 0; i < this.buckets; i++) {
      const bound = this.unit << (this.first + i);
      bounds += i == 0 ? bound.toString() : `,${bound}`;
      counts += `,${load<u64>(this.bucket(i + 1))}`;
    }
    const ends = `"sum":${this.sum},"most":${this.most}`;
    return `{"bounds":[${bounds}],"counts":[${counts}],${ends}}`;
  }

  /** Returns the address of a count. */
  // @ts-ignore: decorator
  @inline
  private bucket(index: i32): usize {
    return this.counts + <usize>index * COUNT_BYTES;
  }
}
