/**
 * Instruments a module with a counter on each edge: at the start of each function and loop, in each
 * arm of an `if`, after each `br_if` and each end of a block. The module's behaviour does not
 * change.
 *
 * The counters have 32 bits each and lie in the module's memory, in a space that its compiler
 * reserves (`--memoryBase`). This file knows WebAssembly's binary format and nothing of the chat.
 */
import { Wasm } from "../../host/runtime/webassembly.js";
import { PREAMBLE_BYTES, WasmReader } from "../../host/runtime/wasm_reader.js";

/** The address of the first counter. */
export const COUNTERS_AT = 1024;
/** The address at which the module's own data begins. */
export const MEMORY_BASE = 65_536;

const COUNTER_BYTES = 4;
const EDGES_MOST = (MEMORY_BASE - COUNTERS_AT) / COUNTER_BYTES;
const CODE_SECTION = 10;
/** The part of the name section with the names of functions. */
const FUNCTION_NAMES = 1;

const Op = {
  ...{ BLOCK: 0x02, LOOP: 0x03, IF: 0x04, ELSE: 0x05, END: 0x0b, BR: 0x0c, BR_IF: 0x0d },
  ...{ BR_TABLE: 0x0e, CALL: 0x10, CALL_INDIRECT: 0x11, SELECT_OF: 0x1c, LOCAL_GET: 0x20 },
  ...{ TABLE_SET: 0x26, LOAD: 0x28, STORE: 0x3e, GROW: 0x40, I32_CONST: 0x41, I64_CONST: 0x42 },
  ...{ F32_CONST: 0x43, F64_CONST: 0x44, REF_NULL: 0xd0, REF_FUNC: 0xd2, BULK: 0xfc, SIMD: 0xfd },
} as const;
const COUNTED: readonly number[] = [Op.LOOP, Op.IF, Op.ELSE, Op.BR_IF, Op.END];

export interface Counting {
  module: Uint8Array;
  edges: number;
}

/**
 * Adds counters to a module.
 *
 * @param isCounted false for the functions, by the names of the name section, that get no counters
 * @throws {Error} if the module has more edges than there is room for
 */
export function withCounters(module: Uint8Array, isCounted: (name: string) => boolean): Counting {
  const names = new FunctionNames(module);
  const reader = new CodeReader(module, PREAMBLE_BYTES);
  const parts: Uint8Array[] = [module.subarray(0, PREAMBLE_BYTES)];
  let edges = 0;
  while (!reader.isDone) {
    const from = reader.at;
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === CODE_SECTION) {
      const bodies: Uint8Array[] = [];
      const count = reader.number();
      for (let index = 0; index < count; index++) {
        const body = isCounted(names.of(index))
          ? countingBody(reader, edges)
          : sameBody(reader, edges);
        edges = body.edges;
        bodies.push(leb(body.module.length), body.module);
      }
      const content = Buffer.concat([leb(count), ...bodies]);
      parts.push(Buffer.of(id), leb(content.length), content);
    } else {
      parts.push(module.subarray(from, end));
    }
    reader.at = end;
  }
  if (edges > EDGES_MOST) throw new Error(`${edges} edges, and room for ${EDGES_MOST}`);
  return { module: Buffer.concat(parts), edges };
}

/** Returns a copy of the counters in a module's memory. */
export function countersIn(memory: ArrayBufferLike, edges: number): Uint32Array {
  return new Uint32Array(memory.slice(COUNTERS_AT, COUNTERS_AT + edges * COUNTER_BYTES));
}

function sameBody(reader: CodeReader, edges: number): Counting {
  const bytes = reader.number();
  const module = reader.bytes.subarray(reader.at, reader.at + bytes);
  reader.at += bytes;
  return { module, edges };
}

function countingBody(reader: CodeReader, firstEdge: number): Counting {
  const end = reader.number() + reader.at;
  let from = reader.at;
  let edges = firstEdge;
  const parts: Uint8Array[] = [];
  const count = () => {
    parts.push(reader.bytes.subarray(from, reader.at), increment(edges++));
    from = reader.at;
  };
  for (let groups = reader.number(); groups > 0; groups--) {
    reader.number();
    reader.byte();
  }
  count();
  while (reader.at < end) {
    const op = reader.instruction();
    if (COUNTED.includes(op) && reader.at < end) count();
  }
  parts.push(reader.bytes.subarray(from, end));
  return { module: Buffer.concat(parts), edges };
}

/** Returns instructions that add one to a counter and leave the stack unchanged. */
function increment(edge: number): Uint8Array {
  const address = leb(COUNTERS_AT + edge * COUNTER_BYTES);
  const [add, alignment, offset] = [0x6a, 2, 0];
  return Buffer.from([
    ...[Op.I32_CONST, ...address, Op.I32_CONST, ...address, Op.LOAD, alignment, offset],
    ...[Op.I32_CONST, 1, add, 0x36, alignment, offset],
  ]);
}

/**
 * Returns a number as LEB128, with one byte more than necessary, so that a signed reader does not
 * take it for negative.
 */
function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  } while (rest > 0);
  return Uint8Array.from([...bytes, 0]);
}

class CodeReader extends WasmReader {
  #numbers(count: number): void {
    for (let left = count; left > 0; left--) this.number();
  }

  /** Skips one instruction. @returns its opcode */
  instruction(): number {
    const op = this.byte();
    if (op === Op.BR_TABLE || op === Op.SELECT_OF) {
      this.#numbers(this.number() + (op === Op.BR_TABLE ? 1 : 0));
    } else if (op === Op.F32_CONST) this.at += 4;
    else if (op === Op.F64_CONST) this.at += 8;
    else if (op === Op.BULK) this.#bulk(this.number());
    else if (op === Op.SIMD) this.#simd(this.number());
    else this.#numbers(numbersOf(op));
    return op;
  }

  #bulk(op: number): void {
    // Conversions have no operands; instructions on memory and tables have one or two.
    if (op >= 8) this.#numbers([9, 11, 13, 15, 16, 17].includes(op) ? 1 : 2);
  }

  #simd(op: number): void {
    if (op <= 11 || (op >= 84 && op <= 93)) this.#numbers(2);
    if (op === 12 || op === 13) this.at += 16;
    if ((op >= 21 && op <= 34) || (op >= 84 && op <= 91)) this.at++;
  }
}

/** Returns how many LEB128 operands follow an opcode of one byte. */
function numbersOf(op: number): number {
  if (op >= Op.LOAD && op <= Op.STORE) return 2;
  if (op === Op.CALL_INDIRECT) return 2;
  const one = [Op.BLOCK, Op.LOOP, Op.IF, Op.BR, Op.BR_IF, Op.CALL, Op.REF_NULL, Op.REF_FUNC];
  if ((one as readonly number[]).includes(op)) return 1;
  return op >= Op.LOCAL_GET && op <= Op.I64_CONST ? 1 : 0;
}

/** The names of a module's functions, of its name section. */
class FunctionNames {
  readonly #names = new Map<number, string>();
  readonly #imported: number;

  constructor(bytes: Uint8Array) {
    const module = new Wasm.Module(bytes);
    const imports = Wasm.Module.imports(module);
    this.#imported = imports.filter(({ kind }) => kind === "function").length;
    const [section = new ArrayBuffer(0)] = Wasm.Module.customSections(module, "name");
    const reader = new WasmReader(new Uint8Array(section), 0);
    while (!reader.isDone) {
      const id = reader.byte();
      const end = reader.number() + reader.at;
      if (id === FUNCTION_NAMES) this.#read(reader);
      reader.at = end;
    }
  }

  #read(reader: WasmReader): void {
    for (let left = reader.number(); left > 0; left--) {
      const index = reader.number();
      const bytes = reader.number();
      const text = reader.bytes.subarray(reader.at, reader.at + bytes);
      this.#names.set(index, Buffer.from(text).toString());
      reader.at += bytes;
    }
  }

  /** Returns the name of a function with a body, or an empty text. @param index from 0 on */
  of(index: number): string {
    return this.#names.get(this.#imported + index) ?? "";
  }
}
