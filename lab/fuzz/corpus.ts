/**
 * The inputs worth keeping: those that reached something first. What an input reaches is a set of
 * pairs of an edge and how often it was taken, roughly: 1, 2, 3, 4 to 7, 8 to 15 and so on.
 */

/** What is counted more often than the last of these says is one and the same: 64 and more. */
const BUCKETS = 8;

export interface Kept {
  input: Uint8Array;
  /** Edge * BUCKETS + bucket of each edge that it takes. */
  reached: Uint32Array;
}

export class Corpus {
  readonly kept: Kept[] = [];
  /** The shortest input that reaches each. */
  readonly #shortest = new Map<number, Kept>();
  readonly #edges = new Set<number>();
  /** The buckets of each edge, as bits. */
  readonly #seen: Uint8Array;
  #favoured: Kept[] = [];

  /** Edges taken by any of them. */
  get edges(): number {
    return this.#edges.size;
  }

  /** Edges with their rough counts. */
  get reached(): number {
    return this.#shortest.size;
  }

  constructor(edges: number) {
    this.#seen = new Uint8Array(edges);
  }

  /** What no other input reaches. */
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

  /** Those that are the shortest for something. */
  get favoured(): readonly Kept[] {
    return this.#favoured;
  }

  /** A few of them that reach as much as all: first those without which something is lost. */
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

/** Whether a run reaches all of these. */
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
