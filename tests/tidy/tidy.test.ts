/** Rules of style that a machine can check. Each complains with the list of what breaks it. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { componentEntry, PROGRAMS } from "../../host/bootstrap/programs.mjs";
import { root } from "../../scripts/lib/root.mjs";
import {
  exportsOf,
  importsOf,
  lengthOf,
  nodesOf,
  passedOnBy,
  placeOf,
  type Source,
  source,
  sourcesIn,
} from "./support/source.js";

const COLUMNS = 100;
const FUNCTION_LINES = 70;
const FILE_LINES = 300;
const PUBLIC_FACES = ["assembly/selectors/index.ts", "assembly/sockets/index.ts"];
/**
 * The code of one platform. Specs test it through the functions of the folder above; conversations
 * with a component test the last one.
 */
const PLATFORMS = [
  "assembly/wasi/preview1/",
  "assembly/wasi/preview3/",
  "assembly/tutorial/stream_proactor.ts",
];
/** The functions that a component exports for its host. */
const ASKED_BY_HOSTS = "cabi_realloc";
const SHIM = "@assemblyscript/wasi-shim/";

const assembly = sourcesIn("assembly");
const programs = sourcesIn("assembly", "host", "lab", "scripts", "site", "bin");
const specs = sourcesIn("tests/unit/assembly/specs", "tests/contract/selectors/guest");
const everything = [...programs, ...sourcesIn("tests"), ...configurations()];

function configurations(): Source[] {
  const files = ["package.json", "asconfig.json", "tests/unit/assembly/asconfig.json", ".ci/run"];
  return [...files, "eslint.config.js", "vitest.config.ts"].map(source);
}

/** `file:line` of each line that has something. */
function linesWith(pattern: RegExp, sources: Source[]): string[] {
  return sources.flatMap(({ file, lines }) =>
    lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

describe("length", () => {
  test(`lines have at most ${COLUMNS} columns`, () => {
    const long = programs.flatMap(({ file, lines }) =>
      lines.flatMap((line, at) => (Array.from(line).length > COLUMNS ? [`${file}:${at + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  test(`functions have at most ${FUNCTION_LINES} lines`, () => {
    const long = programs.flatMap((one) =>
      [...nodesOf(one.tree)]
        .filter((node) => ts.isFunctionLike(node) && lengthOf(node, one) > FUNCTION_LINES)
        .map((node) => placeOf(node, one)),
    );
    expect(long).toEqual([]);
  });

  test(`files have at most ${FILE_LINES} lines`, () => {
    const long = programs.filter(({ lines }) => lines.length - 1 > FILE_LINES);
    expect(long.map(({ file }) => file)).toEqual([]);
  });
});

describe("imports", () => {
  const step = (file: string) => file.split("/")[1] ?? "";
  const inside = assembly.flatMap((one) =>
    importsOf(one)
      .filter(({ from }) => from.startsWith("assembly/"))
      .map(({ from }) => ({ one, from })),
  );

  test("never join the chat and the tutorial", () => {
    const joined = inside.filter(
      ({ one, from }) => step(one.file) === "chat" && step(from) === "tutorial",
    );
    expect(joined.map(({ one }) => one.file)).toEqual([]);
  });

  test("of text are of text alone", () => {
    const other = assembly.filter(({ file }) => step(file) === "text").flatMap(importsOf);
    expect(other.filter(({ from }) => step(from) !== "text")).toEqual([]);
  });

  test("lead somewhere", () => {
    const lost = assembly.flatMap((one) =>
      importsOf(one)
        .filter(({ from }) => !from.startsWith(SHIM) && !fs.existsSync(path.join(root, from)))
        .map(({ from }) => `${one.file} imports ${from}`),
    );
    expect(lost).toEqual([]);
  });

  test("of the ABI are in assembly/wasi alone", () => {
    const outside = assembly
      .filter(({ file }) => step(file) !== "wasi")
      .filter((one) =>
        importsOf(one).some(
          ({ from }) => from.startsWith(SHIM) || /^assembly\/wasi\/.*\/abi\.ts$/.test(from),
        ),
      );
    expect(outside.map(({ file }) => file)).toEqual([]);
  });
});

describe("words", () => {
  test("assembly/ never throws: a peer's mistake is a value, ours an assertion", () => {
    const throws = assembly.flatMap((one) =>
      [...nodesOf(one.tree)].filter(ts.isThrowStatement).map((node) => placeOf(node, one)),
    );
    expect(throws).toEqual([]);
  });

  test("assertions are never stripped", () => {
    expect(linesWith(new RegExp("no" + "Assert"), everything)).toEqual([]);
  });

  test("nothing is left to be done later", () => {
    expect(
      linesWith(
        new RegExp(`\\b(${["FIX" + "ME", "TO" + "DO", "XX" + "X"].join("|")})\\b`),
        everything,
      ),
    ).toEqual([]);
  });

  test("every file says what it is for", () => {
    const silent = [...assembly, ...sourcesIn("host", "lab", "site")].filter(
      ({ lines }) => !lines[0]?.startsWith("/**"),
    );
    expect(silent.map(({ file }) => file)).toEqual([]);
  });
});

describe("use", () => {
  const byFile = new Map(assembly.map((one) => [one.file, one]));

  /** The file that declares a name which `file` exports. */
  function origin(file: string, name: string): string {
    const one = byFile.get(file);
    const passed = one && passedOnBy(one).find((other) => other.name === name);
    return passed === undefined ? `${file}: ${name}` : origin(passed.from, name);
  }

  /** Returns the names that some files import from assembly/, by the file that declares them. */
  function taken(by: Source[]): Set<string> {
    return new Set(by.flatMap(importsOf).map(({ from, name }) => origin(from, name)));
  }

  test("every file of assembly/ is part of a program or of the library", () => {
    const reached = new Set<string>();
    const reach = (file: string) => {
      const one = byFile.get(file);
      if (one === undefined || reached.has(file)) return;
      reached.add(file);
      for (const { from } of importsOf(one)) reach(from);
    };
    const entries = PROGRAMS.flatMap((program) => [program.entry, componentEntry(program)]);
    [...entries, ...PUBLIC_FACES].forEach(reach);
    expect(assembly.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
  });

  test("every exported symbol is used in another file", () => {
    const used = taken([...assembly, ...specs]);
    const idle = assembly.flatMap((one) =>
      exportsOf(one)
        .map(({ name }) => `${one.file}: ${name}`)
        .filter((symbol) => !used.has(symbol)),
    );
    expect(idle).toEqual([]);
  });

  test("what a file passes on is asked of it", () => {
    const asked = new Set(
      [...assembly, ...specs].flatMap(importsOf).map(({ from, name }) => `${from}: ${name}`),
    );
    const idle = assembly.flatMap((one) =>
      passedOnBy(one)
        .filter(({ name }) => name !== ASKED_BY_HOSTS)
        .map(({ name }) => `${one.file}: ${name}`)
        .filter((symbol) => !asked.has(symbol)),
    );
    expect(idle).toEqual([]);
  });

  test("every exported function and class has a spec", () => {
    const tried = taken(specs);
    const verbs = assembly.filter(({ file }) => !PLATFORMS.some((one) => file.startsWith(one)));
    const untried = verbs.flatMap((one) =>
      exportsOf(one)
        .filter(({ node }) => ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node))
        .filter(({ node }) => !isDeclaredOnly(node))
        .map(({ name }) => `${one.file}: ${name}`)
        .filter((symbol) => !tried.has(symbol)),
    );
    expect(untried).toEqual([]);
  });

  /** A function of the host. */
  function isDeclaredOnly(node: ts.Statement): boolean {
    return ts.isFunctionDeclaration(node) && node.body === undefined;
  }
});
