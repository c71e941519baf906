/** Converts the stack at a host call to functions and lines of the guest's source. */

/** The source map of one module, which the build creates; see site/maps.mjs. */
export interface GuestMap {
  /** The program's own source file. */
  main: string;
  /** The hash of the module, in hexadecimal. */
  sha256: string;
  /** The module's size in bytes. */
  bytes: number;
  files: string[];
  /** The names of all functions, imports first. */
  names: string[];
  /** Three numbers for each source position: bytes since the previous one, file, line (from 0). */
  table: number[];
}

export interface Frame {
  /** As in `assembly/tutorial/echo/onRead`. */
  name: string;
  /** As in `onRead`. */
  short: string;
  file: string;
  /** The line from 0; -1 if the engine reports no position. */
  line: number;
}

/** The most bytes between a source position and a call that still belongs to it. */
const PLACE_BYTES_MOST = 400;
/** The function with the event loop, in every program of the tutorial. */
const MAIN = "serve";

export class FrameReader {
  /** The offsets of the source positions in the module, ascending. */
  readonly #offsets: number[] = [];
  readonly #cache = new Map<string, Frame[]>();

  constructor(readonly map: GuestMap) {
    let at = 0;
    for (let index = 0; index < map.table.length; index += 3)
      this.#offsets.push((at += map.table[index] ?? 0));
  }

  /**
   * @param stack the text of `Error.stack`, in the form of any engine
   * @returns the guest's frames, outermost first
   */
  read(stack: string): Frame[] {
    const found = [...stack.matchAll(/wasm-function\[(\d+)\](?::0x([0-9a-f]+))?/g)].reverse();
    const key = found.map(([text]) => text).join();
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const frames = found.map(([, index = "", offset]) => this.#frame(Number(index), offset));
    // asc creates a function for the top level of each file; the innermost one is the program's
    // own.
    const own = frames.filter(({ name }) => !isTopLevel(name));
    const top = frames.filter(({ name }) => isTopLevel(name)).at(-1);
    const hasMain = own.some(({ short }) => short === MAIN);
    const all = top === undefined || hasMain ? own : [top, ...own];
    this.#cache.set(key, all);
    return all;
  }

  #frame(index: number, offset: string | undefined): Frame {
    const name = decodeURIComponent(this.map.names[index] ?? `function ${index}`);
    const stem = (file: string) => `${file.replace(/\.ts$/, "")}/`;
    const found = this.map.files.find((one) => one !== "" && name.startsWith(stem(one))) ?? "";
    const file = isTopLevel(name) ? this.map.main : found;
    const line = offset === undefined ? -1 : this.#lineOf(file, parseInt(offset, 16));
    return { name, short: isTopLevel(name) ? MAIN : shortName(name), file, line };
  }

  /**
   * Returns the line in the function's own file; code that was inlined from other files is skipped.
   */
  #lineOf(file: string, offset: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const isNear = (at: number) => offset - (this.#offsets[at] ?? 0) < PLACE_BYTES_MOST;
    for (let at = low; at >= 0 && isNear(at); at--) {
      const [place = 0, line = -1] = this.map.table.slice(at * 3 + 1, at * 3 + 3);
      if (this.map.files[place] === file) return line;
    }
    return -1;
  }
}

/**
 * Returns true for `~start` and `start:assembly/tutorial/echo`. `serve` is called only once, so asc
 * may inline it there.
 */
function isTopLevel(name: string): boolean {
  return name === "~start" || name.startsWith("start:");
}

function shortName(name: string): string {
  const plain = name.replace(/<.*>/, "").replace(/@override$/, "");
  return (plain.split("/").pop() ?? name).replace("#", ".");
}
