/**
 * The corpus: inputs that were the first to reach something. An input reaches pairs of an edge and
 * a bucket for the number of times it was taken: 1, 2, 3, 4 to 7, 8 to 15 and so on.
 */

/** The number of buckets; the last one holds all counts of 64 and more. */
const BUCKETS = 8;

export interface Kept {
  input: Uint8Array;
  /** `edge * BUCKETS + bucket` for each edge that the input takes. */
  reached: Uint32Array;
}

export class Corpus {
  readonly kept: Kept[] = [];
  /** The shortest input that reaches each pair. */
  readonly #shortest = new Map<number, Kept>();
  readonly #edges = new Set<number>();
  /** The buckets that were seen, as bits, for each edge. */
  readonly #seen: Uint8Array;
  #favoured: Kept[] = [];

  /** The number of edges that the inputs take. */
  get edges(): number {
    return this.#edges.size;
  }

  /** The number of pairs of edge and bucket that the inputs reach. */
  get reached(): number {
    return this.#shortest.size;
  }

  constructor(edges: number) {
    this.#seen = new Uint8Array(edges);
  }

  /** Returns the pairs that no input of the corpus reaches. */
  newIn(counters: Uint32Array): number[] {
    const found: number[] = [];
    counters.forEach((count, edge) => {
      if (count === 0) return;
      const bucket = bucketOf(count);
      if (((this.#seen[edge] ?? 0) & (1 << bucket)) === 0) found.push(edge * BUCKETS + bucket);
    });
    return found;
  }

  keep(input: Uint8Array, counters: Uint32Array): void {
    const reached = reachedBy(counters);
    const kept = { input, reached };
    this.kept.push(kept);
    for (const one of reached) {
      const edge = Math.floor(one / BUCKETS);
      this.#edges.add(edge);
      this.#seen[edge] = (this.#seen[edge] ?? 0) | (1 << (one % BUCKETS));
      const shortest = this.#shortest.get(one);
      if (shortest === undefined || shortest.input.length > input.length) {
        this.#shortest.set(one, kept);
      }
    }
    this.#favoured = [...new Set(this.#shortest.values())];
  }

  /** The inputs that are the shortest for some pair. */
  get favoured(): readonly Kept[] {
    return this.#favoured;
  }

  /** Returns a small set of inputs that reaches as much as all. It begins with the rarest pairs. */
  minimal(): Uint8Array[] {
    const left = new Set(this.#shortest.keys());
    const chosen: Uint8Array[] = [];
    const rarity = new Map<number, number>();
    for (const { reached } of this.kept) {
      for (const one of reached) rarity.set(one, (rarity.get(one) ?? 0) + 1);
    }
    const byRarity = [...left].sort((one, two) => (rarity.get(one) ?? 0) - (rarity.get(two) ?? 0));
    for (const wanted of byRarity) {
      const kept = this.#shortest.get(wanted);
      if (!left.has(wanted) || kept === undefined) continue;
      chosen.push(kept.input);
      for (const one of kept.reached) left.delete(one);
    }
    return chosen;
  }
}

/** Returns true if a run reaches all these pairs. */
export function reachesAll(counters: Uint32Array, wanted: readonly number[]): boolean {
  return wanted.every((one) => {
    const count = counters[Math.floor(one / BUCKETS)] ?? 0;
    return count > 0 && bucketOf(count) === one % BUCKETS;
  });
}

function reachedBy(counters: Uint32Array): Uint32Array {
  const reached: number[] = [];
  counters.forEach((count, edge) => {
    if (count > 0) reached.push(edge * BUCKETS + bucketOf(count));
  });
  return Uint32Array.from(reached);
}

function bucketOf(count: number): number {
  if (count <= 3) return count - 1;
  return Math.min(BUCKETS - 1, 32 - Math.clz32(count));
}
