/**
 * Bounds a module's memory. JavaScript cannot bound a memory that the module itself defines, but
 * the module can: so its declaration is rewritten before it is compiled, and `memory.grow` beyond
 * the bound fails as it does under `wasmtime -W max-memory-size`.
 */

const PAGE_BYTES = 65_536;
const PREAMBLE_BYTES = 8;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/** The module wants more to begin with than it may have. */
export class MemoryTooSmall extends Error {
  override readonly name = "MemoryTooSmall";
}

export function withMemoryLimit(module: Uint8Array, mostBytes: number): Uint8Array {
  const mostPages = Math.floor(mostBytes / PAGE_BYTES);
  let at = PREAMBLE_BYTES;
  while (at < module.length) {
    const id = module[at];
    const [size, content] = readNumber(module, at + 1);
    if (id === MEMORY_SECTION) {
      const section = boundedSection(module.subarray(content, content + size), mostPages);
      return Buffer.concat([module.subarray(0, at), section, module.subarray(content + size)]);
    }
    at = content + size;
  }
  // It defines no memory: run.ts says what it misses.
  return module;
}

/** The memory section with the lower of its own maximum and ours. */
function boundedSection(content: Uint8Array, mostPages: number): Uint8Array {
  const [count, flagsAt] = readNumber(content, 0);
  const flags = content[flagsAt] ?? 0;
  if (count !== 1 || flags > HAS_MAXIMUM) throw new Error("a module has one plain memory");
  const [initial, maximumAt] = readNumber(content, flagsAt + 1);
  const own = flags === HAS_MAXIMUM ? readNumber(content, maximumAt)[0] : Infinity;
  if (initial > mostPages) {
    throw new MemoryTooSmall(
      `the module needs ${initial * PAGE_BYTES} bytes of memory to start, ` +
        `and may have ${mostPages * PAGE_BYTES}: give it more with --max-memory`,
    );
  }
  const limits = [HAS_MAXIMUM, ...number(initial), ...number(Math.min(own, mostPages))];
  return Uint8Array.from([MEMORY_SECTION, ...number(1 + limits.length), 1, ...limits]);
}

/** LEB128, unsigned. @returns the number and where it ends */
function readNumber(bytes: Uint8Array, start: number): [number, number] {
  let value = 0;
  let scale = 1;
  for (let at = start; ; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error("the module is cut off");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at + 1];
    scale *= 0x80;
  }
}

function number(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
