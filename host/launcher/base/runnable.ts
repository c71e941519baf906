/**
 * The programs that `serve` and `run` can start: those of this package, and a user's WebAssembly
 * file.
 */
import fs from "node:fs";
import path from "node:path";
import type { Program } from "../../bootstrap/programs.mjs";
import { Wasm } from "../../runtime/webassembly.js";
import type { Abi, AbiChoice } from "./config.js";
import { errnoOf, messageOf, UserError } from "./errors.js";
import { findModule, formsOf } from "./programs.js";

export interface Runnable {
  /** The name in the log. */
  readonly name: string;
  /**
   * True for a program of this package: it understands the launcher's arguments and `quit` on its
   * console, and its exit codes have the meanings of errors.ts.
   */
  readonly isOurs: boolean;
  /**
   * Returns the ABIs that may be run, in the order in which they are tried.
   *
   * @param socketsAreHandedIn true if LISTEN_FDS hands in the sockets, which a component cannot
   *   take
   * @throws UserError if no ABI is possible
   */
  formsOf(choice?: AbiChoice, socketsAreHandedIn?: boolean): readonly Abi[];
  /** Returns the path of the module or component. */
  pathOf(abi?: Abi): string;
}

/** Returns the Runnable for a program of this package. */
export function ofPackage(program: Program): Runnable {
  return {
    name: program.name,
    isOurs: true,
    formsOf: (choice, socketsAreHandedIn) => formsOf(program, choice, socketsAreHandedIn),
    pathOf: (abi) => findModule(program, abi),
  };
}

/** Returns true if a word on the command line names a file, and not a program of this package. */
export function namesFile(word: string): boolean {
  return word.includes("/") || word.endsWith(".wasm");
}

/**
 * Returns the Runnable for a user's WebAssembly file.
 *
 * @throws UserError if it cannot be read, is no WebAssembly, or cannot be run
 */
export function ofFile(file: string): Runnable {
  const abi = abiOf(file, read(file));
  return {
    name: path.basename(file),
    isOurs: false,
    formsOf(choice = "auto", socketsAreHandedIn = false) {
      const is = `${file} is a ${abi === "p1" ? "module" : "component"}`;
      if (choice !== "auto" && choice !== abi) throw unfit(`${is}: leave --abi ${choice} out`);
      if (abi === "p3" && socketsAreHandedIn)
        throw unfit(`${is}, which cannot take the sockets of LISTEN_FDS`);
      return [abi];
    },
    pathOf: () => path.resolve(file),
  };
}

/**
 * The first 8 bytes of a file in hexadecimal: "\0asm", then the version of a module or of a
 * component.
 */
const KINDS: Readonly<Record<string, Abi>> = {
  "0061736d01000000": "p1",
  "0061736d0d000100": "p3",
};
const KIND_BYTES = 8;
const WASI = "wasi_snapshot_preview1";
const HOW =
  "in AssemblyScript, compile it with --config node_modules/pollcast-selectors/asconfig.json";

function abiOf(file: string, bytes: Buffer): Abi {
  const abi = KINDS[bytes.subarray(0, KIND_BYTES).toString("hex")];
  if (abi === undefined) throw unfit(`${file} is no WebAssembly file: compile the program first`);
  if (abi === "p1") checkModule(file, bytes);
  return abi;
}

/** Checks a module before a runtime sees it, for clearer errors. @throws UserError */
function checkModule(file: string, bytes: Buffer): void {
  let module;
  try {
    module = new Wasm.Module(bytes);
  } catch (error) {
    throw unfit(`${file} is no valid module: ${messageOf(error)}`);
  }
  const imports = Wasm.Module.imports(module);
  if (imports.some((one) => one.module.startsWith("wasi:")))
    throw unfit(`${file} is the core of a component: npx pollcast-component ${file} OUT.wasm`);
  const foreign = imports.find((one) => one.module !== WASI);
  if (foreign !== undefined) {
    const name = `${foreign.module}.${foreign.name}`;
    throw unfit(`${file} imports ${name}, which is not of WASI preview1: ${HOW}`);
  }
  if (!Wasm.Module.exports(module).some(({ name }) => name === "_start"))
    throw unfit(`${file} exports no _start, so it is a library and not a program: ${HOW}`);
}

function read(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw unfit(`${file} cannot be read (${errnoOf(error)})`);
  }
}

function unfit(message: string): UserError {
  return new UserError("E_USAGE", message);
}
