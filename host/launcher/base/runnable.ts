/** What can be run: a program of this package, or a WebAssembly file of the user's. */
import fs from "node:fs";
import path from "node:path";
import type { Program } from "../../bootstrap/programs.mjs";
import { Wasm } from "../../runtime/webassembly.js";
import type { Abi, AbiChoice } from "./config.js";
import { errnoOf, messageOf, UserError } from "./errors.js";
import { findModule, formsOf } from "./programs.js";

export interface Runnable {
  /** What the log calls it. */
  readonly name: string;
  /** It knows the options of the launcher, and `quit` on its console. */
  readonly isOurs: boolean;
  /**
   * The forms that may be run, in the order in which they are tried.
   *
   * @param socketsAreHandedIn by LISTEN_FDS, which a component cannot take
   * @throws UserError if there is none
   */
  formsOf(choice?: AbiChoice, socketsAreHandedIn?: boolean): readonly Abi[];
  /** @returns the path of the module, or of the component */
  pathOf(abi?: Abi): string;
}

/** A program of this package. */
export function ofPackage(program: Program): Runnable {
  return {
    name: program.name,
    isOurs: true,
    formsOf: (choice, socketsAreHandedIn) => formsOf(program, choice, socketsAreHandedIn),
    pathOf: (abi) => findModule(program, abi),
  };
}

/** Whether a word on the command line names a file, and not a program of this package. */
export function namesFile(word: string): boolean {
  return word.includes("/") || word.endsWith(".wasm");
}

/**
 * A file of the user's.
 *
 * @throws UserError if it is not there, is no WebAssembly, or cannot be run
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

/** "\0asm", and the version of each kind. */
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

/** What a host would refuse in its own words. */
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
