/** Finds the programs of this package, and the files of their modules. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { componentPath, modulePath, PROGRAMS, type Program } from "../../bootstrap/programs.mjs";
import type { Abi, AbiChoice } from "./config.js";
import { notBuilt, usage } from "./errors.js";

/** The root directory of this package: the nearest one above this file with a package.json. */
export const packageRoot = packageAbove(path.dirname(fileURLToPath(import.meta.url)));

function packageAbove(directory: string): string {
  if (fs.existsSync(path.join(directory, "package.json"))) return directory;
  return packageAbove(path.dirname(directory));
}

/** Returns a program by its name. @throws UserError if there is none */
export function findProgram(name: string): Program {
  const program = PROGRAMS.find((candidate) => candidate.name === name);
  if (program !== undefined) return program;
  const names = PROGRAMS.map((each) => each.name).join(", ");
  throw usage(
    `there is no program ${JSON.stringify(name)}, there are ${names}; ` +
      "a file is named by its path, ./main.wasm",
  );
}

/**
 * Returns the path of a program's module (p1) or component (p3).
 *
 * @throws UserError if it is not built
 */
export function findModule(program: Program, abi: Abi = "p1"): string {
  const relative = abi === "p1" ? modulePath(program) : componentPath(program);
  const module = path.join(packageRoot, relative);
  if (!fs.existsSync(module)) throw notBuilt(relative);
  return module;
}

/**
 * Returns the ABIs of a program that may be served, in the order in which they are tried.
 *
 * @param socketsAreHandedIn true if LISTEN_FDS hands in the sockets, which a component cannot take
 * @throws UserError if the program is not built for an ABI, or contradicts `socketsAreHandedIn`
 */
export function formsOf(
  program: Program,
  choice: AbiChoice = "auto",
  socketsAreHandedIn = false,
): readonly Abi[] {
  if (socketsAreHandedIn && choice === "p3")
    throw usage(
      "--abi p3 is a component, which cannot take the sockets of LISTEN_FDS: leave it out",
    );
  if (choice !== "auto") {
    findModule(program, choice);
    return [choice];
  }
  findModule(program);
  const component = path.join(packageRoot, componentPath(program));
  return !socketsAreHandedIn && fs.existsSync(component) ? ["p1", "p3"] : ["p1"];
}

/** Returns the version in package.json. */
export function packageVersion(): string {
  const manifest = fs.readFileSync(path.join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Arguments that make the chat behave as the tutorial's: it answers in the tutorial's style, and no
 * rate limit delays a line.
 */
export const TUTORIAL_CHAT: readonly string[] = [
  ...["--style", "tutorial", "--rate", "0", "--room-rate", "0"],
];
