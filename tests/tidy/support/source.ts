/** The project's source files as the tidy checks see them: text, syntax tree, imports and exports. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../../../scripts/lib/root.mjs";

export interface Source {
  /** Relative to the repository. */
  file: string;
  lines: string[];
  tree: ts.SourceFile;
}

/** One name that a file takes from another; `*` is all of it. */
export interface Import {
  /** The file it comes from, or the package. */
  from: string;
  name: string;
}

/** Folders that are installed or built, beside the sources of the site. */
const NOT_OURS = /(^|\/)(node_modules|dist|public|cache)\//;

export function sourcesIn(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !NOT_OURS.test(name))
      .map((name) => source(path.posix.join(folder, name)))
      .sort((one, two) => one.file.localeCompare(two.file)),
  );
}

export function source(file: string): Source {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { file, lines: text.split("\n"), tree };
}

/** Every node of a tree. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/**
 * Returns the imports and re-exports of a file. `import * as x` counts by the names of x that are
 * used.
 */
export function importsOf({ file, tree }: Source): Import[] {
  const found: Import[] = [];
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) continue;
    const from = resolve(file, specifier.text);
    for (const name of namesOf(statement, tree)) found.push({ from, name });
  }
  return found;
}

function namesOf(statement: ts.ImportDeclaration | ts.ExportDeclaration, tree: ts.Node): string[] {
  const list = ts.isExportDeclaration(statement)
    ? statement.exportClause
    : statement.importClause?.namedBindings;
  // `import "./abort"` runs the file: it is used, whatever it exports.
  if (list === undefined) return ["*"];
  if (ts.isNamedImports(list) || ts.isNamedExports(list)) {
    return list.elements.map((element) => (element.propertyName ?? element.name).text);
  }
  const space = list.name.text;
  return [...nodesOf(tree)]
    .filter((node) => ts.isPropertyAccessExpression(node) || ts.isQualifiedName(node))
    .filter((node) => (ts.isQualifiedName(node) ? node.left : node.expression).getText() === space)
    .map((node) => (ts.isQualifiedName(node) ? node.right : node.name).text);
}

export function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const found = path.posix.join(path.posix.dirname(file), specifier);
  const candidates = [found.replace(/\.js$/, ".ts"), `${found}.ts`, `${found}/index.ts`];
  return (
    candidates.find((one) => one.endsWith(".ts") && fs.existsSync(path.join(root, one))) ?? found
  );
}

/** Returns the exports of a file, with their statements. */
export function exportsOf({ tree }: Source): { name: string; node: ts.Statement }[] {
  return tree.statements.filter(isExported).flatMap((node) => {
    if (ts.isVariableStatement(node)) {
      return node.declarationList.declarations.map(({ name }) => ({ name: name.getText(), node }));
    }
    const name = (node as ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration).name;
    return name === undefined ? [] : [{ name: name.text, node }];
  });
}

/** Returns the re-exports of a file. */
export function passedOnBy(one: Source): Import[] {
  const kept = one.tree.statements.filter((node) => ts.isExportDeclaration(node));
  return kept.flatMap((node) => {
    const specifier = node.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
    const from = resolve(one.file, specifier.text);
    return namesOf(node, one.tree).map((name) => ({ from, name }));
  });
}

function isExported(node: ts.Statement): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  const modifiers = ts.getModifiers(node) ?? [];
  return modifiers.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
}

/** The lines that a node takes, its comment not counted. */
export function lengthOf(node: ts.Node, { tree }: Source): number {
  const line = (at: number) => tree.getLineAndCharacterOfPosition(at).line;
  return line(node.end) - line(node.getStart(tree)) + 1;
}

/** `file:line`, for a list of complaints. */
export function placeOf(node: ts.Node, { file, tree }: Source): string {
  return `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}
