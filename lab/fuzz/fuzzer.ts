/**
 * A coverage-guided fuzzer: mutates inputs of the corpus, plays the world of each, and keeps those
 * that reach new edges of the chat. The same seed and corpus give the same run.
 */
import { OracleFailure } from "../sim/failure.js";
import { play } from "../sim/play.js";
import { Random } from "../world/random.js";
import { Wasm, type WasmMemory, type WasmModule } from "../../host/runtime/webassembly.js";
import { Corpus, reachesAll } from "./corpus.js";
import { countersIn, type Counting } from "./edges.js";
import { mutate } from "./mutate.js";
import { HEADER_BYTES, worldOf } from "./world_of.js";

export interface Found {
  input: Uint8Array;
  failure: OracleFailure;
}

export interface FuzzerOptions {
  counting: Counting;
  seed: number;
  /** False keeps nothing, for a comparison. */
  guided?: boolean;
}

/** The probability that the next input is a favoured one. */
const FAVOURED_SHARE = 0.8;
/**
 * The smallest piece that the fuzzer tries to cut from a new input, as a fraction of the input's
 * length.
 */
const SHORTENING_PARTS = 16;

export class Fuzzer {
  readonly corpus: Corpus;
  executions = 0;
  readonly edgesTotal: number;
  readonly #module: WasmModule;
  readonly #random: Random;
  readonly #guided: boolean;
  readonly #seeds: Uint8Array[] = [new Uint8Array(HEADER_BYTES)];

  constructor({ counting, seed, guided = true }: FuzzerOptions) {
    this.#module = new Wasm.Module(counting.module);
    this.edgesTotal = counting.edges;
    this.corpus = new Corpus(counting.edges);
    this.#random = new Random(seed, 3);
    this.#guided = guided;
  }

  /** Plays an input of the initial corpus. */
  start(input: Uint8Array): Found | undefined {
    this.#seeds.push(input);
    return this.#execute(input, false);
  }

  /** Mutates one input and plays it. */
  step(): Found | undefined {
    const random = this.#random;
    const input = mutate(random, this.#pick(), this.#pick());
    return this.#execute(input, this.#guided);
  }

  #pick(): Uint8Array {
    const { kept, favoured } = this.corpus;
    if (!this.#guided || kept.length === 0) return this.#random.pick(this.#seeds);
    return this.#random.pick(this.#random.chance(FAVOURED_SHARE) ? favoured : kept).input;
  }

  #execute(input: Uint8Array, shortens: boolean): Found | undefined {
    const counters = this.#play(input);
    if (counters instanceof OracleFailure) return { input, failure: counters };
    const found = this.corpus.newIn(counters);
    if (found.length === 0) return undefined;
    if (shortens) return this.#keepShortened(input, counters, found);
    this.corpus.keep(input, counters);
    return undefined;
  }

  /**
   * Cuts from an input what is not needed to reach the new pairs. In a shorter input, a mutation
   * has more effect.
   */
  #keepShortened(
    input: Uint8Array,
    counters: Uint32Array,
    found: readonly number[],
  ): Found | undefined {
    let best = { input, counters };
    const least = Math.max(1, input.length / SHORTENING_PARTS);
    for (let size = input.length >> 1; size >= least; size >>= 1) {
      for (let at = HEADER_BYTES; at < best.input.length;) {
        const [head, tail] = [best.input.subarray(0, at), best.input.subarray(at + size)];
        const shorter = Buffer.concat([head, tail]);
        const played = this.#play(shorter);
        if (played instanceof OracleFailure) return { input: shorter, failure: played };
        if (reachesAll(played, found)) best = { input: shorter, counters: played };
        else at += size;
      }
    }
    this.corpus.keep(best.input, best.counters);
    return undefined;
  }

  /** Plays one input. @returns the counters, or the failure */
  #play(input: Uint8Array): Uint32Array | OracleFailure {
    this.executions++;
    const memories: WasmMemory[] = [];
    const { failure } = play(worldOf(input), this.#module, {
      onStart: (memory) => memories.push(memory),
    });
    if (failure !== undefined) return failure;
    const counters = new Uint32Array(this.edgesTotal);
    for (const { buffer } of memories) {
      countersIn(buffer, this.edgesTotal).forEach((count, edge) => {
        counters[edge] = (counters[edge] ?? 0) + count;
      });
    }
    return counters;
  }
}
