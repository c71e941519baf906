/**
 * Limits a module's memory. JavaScript cannot limit a memory that the module itself defines. So
 * this file rewrites the memory's declaration before the module is compiled. `memory.grow` beyond
 * the limit then fails, as under `wasmtime -W max-memory-size`.
 */
import { PREAMBLE_BYTES, WasmReader } from "../wasm_reader.js";

const PAGE_BYTES = 65_536;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/** Thrown if the module's initial memory is above the limit. */
export class MemoryTooSmall extends Error {
  override readonly name = "MemoryTooSmall";
}

/**
 * Returns the module with a maximum of `mostBytes` for its memory, rounded down to pages.
 *
 * @throws MemoryTooSmall
 */
export function withMemoryLimit(module: Uint8Array, mostBytes: number): Uint8Array {
  const mostPages = Math.floor(mostBytes / PAGE_BYTES);
  const reader = new WasmReader(module, PREAMBLE_BYTES);
  while (!reader.isDone) {
    const from = reader.at;
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === MEMORY_SECTION) {
      const section = boundedSection(module.subarray(reader.at, end), mostPages);
      return Buffer.concat([module.subarray(0, from), section, module.subarray(end)]);
    }
    reader.at = end;
  }
  // The module defines no memory. run.ts reports that.
  return module;
}

/** Returns the memory section with the lower of its own maximum and `mostPages`. */
function boundedSection(content: Uint8Array, mostPages: number): Uint8Array {
  const reader = new WasmReader(content, 0);
  const count = reader.number();
  const flags = reader.byte();
  if (count !== 1 || flags > HAS_MAXIMUM) throw new Error("a module has one plain memory");
  const initial = reader.number();
  const own = flags === HAS_MAXIMUM ? reader.number() : Infinity;
  if (initial > mostPages) {
    throw new MemoryTooSmall(
      `the module needs ${initial * PAGE_BYTES} bytes of memory to start, ` +
        `and may have ${mostPages * PAGE_BYTES}: give it more with --max-memory`,
    );
  }
  const limits = [HAS_MAXIMUM, ...number(initial), ...number(Math.min(own, mostPages))];
  return Uint8Array.from([MEMORY_SECTION, ...number(1 + limits.length), 1, ...limits]);
}

/** Encodes an unsigned LEB128 integer. */
function number(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
