/** The graph of imports between files, and its cycles. */
import ts from "typescript";
import { nodesOf, resolve, type Source } from "./source.js";

export interface Edge {
  from: string;
  to: string;
  /** True if only the compiler needs the import. */
  isTypeOnly: boolean;
}

/** The imports of a file that name one by a relative path, `import("...")` among them. */
export function edgesOf({ file, tree }: Source): Edge[] {
  return [...nodesOf(tree)].flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined || !specifier.startsWith(".")) return [];
    return [{ from: file, to: resolve(file, specifier), isTypeOnly: isTypeOnly(node) }];
  });
}

function specifierOf(node: ts.Node): string | undefined {
  const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  const named = isImport ? node.moduleSpecifier : isDynamic(node) ? node.arguments[0] : undefined;
  return named !== undefined && ts.isStringLiteral(named) ? named.text : undefined;
}

function isDynamic(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return (
    ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  );
}

/** The circles: files that all reach each other (Tarjan), the largest first. */
export function circlesOf(edges: readonly Edge[]): string[][] {
  const next = new Map<string, Edge[]>();
  for (const edge of edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const at = order.size;
    order.set(file, at);
    stack.push(file);
    let low = at;
    for (const { to } of next.get(file) ?? []) {
      if (!order.has(to)) low = Math.min(low, visit(to));
      else if (stack.includes(to)) low = Math.min(low, lowest.get(to) ?? order.get(to) ?? at);
    }
    lowest.set(file, low);
    if (low === at) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const file of next.keys()) if (!order.has(file)) visit(file);
  return circles.sort((one, two) => two.length - one.length);
}
