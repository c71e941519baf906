/**
 * The changes of mutants: an operator replaced, a constant changed, a call removed, a condition
 * negated, a function that returns at once. AssemblyScript is close enough to TypeScript for its
 * parser; what the parser reports as an error, such as a decorated function, is still in the tree.
 */
import ts from "typescript";

/**
 * @typedef {object} Change
 * @property {"operator" | "constant" | "call" | "condition" | "return"} kind
 * @property {number} from offset of the first character to replace
 * @property {number} to offset behind the last one
 * @property {string} text the replacement
 * @property {number} line from 1
 */

/** Each operator with its replacement. */
const OPERATORS = new Map([
  ...pairs("+ -", "* /", "< <=", "> >=", "== !=", "=== !==", "&& ||", "& |", "<< >>", "+= -="),
  ["%", "/"],
]);

/** The value to return at once, by return type. Functions of other types are not changed. */
const RETURNED = new Map([
  ["void", ""],
  ["bool", "false"],
  ["string", '""'],
  ...["i32", "u32", "i64", "u64", "usize", "isize", "u8", "u16", "f64"].map(
    (type) => /** @type {[string, string]} */ ([type, "0"]),
  ),
]);

/**
 * @param {string} text a source file of the guest
 * @returns {Change[]} all possible changes, in the order of the text
 */
export function changesOf(text) {
  const source = ts.createSourceFile("guest.ts", text, ts.ScriptTarget.Latest, true);
  /** @type {Change[]} */
  const changes = [];
  /**
   * @param {Change["kind"]} kind
   * @param {number} from the offset of the replaced text
   * @param {number} to the offset of its end
   * @param {string} by the new text
   */
  const add = (kind, from, to, by) => {
    const line = source.getLineAndCharacterOfPosition(from).line + 1;
    changes.push({ kind, from, to, text: by, line });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    const condition = conditionOf(node);
    if (condition !== undefined) {
      add("condition", condition.getStart(), condition.end, `!(${condition.getText()})`);
    }
    if (ts.isBinaryExpression(node)) {
      const { operatorToken: token } = node;
      const other = OPERATORS.get(token.getText());
      if (other !== undefined) add("operator", token.getStart(), token.end, other);
    } else if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
      if (node.expression.expression.kind !== ts.SyntaxKind.SuperKeyword) {
        add("call", node.getStart(), node.end, ";");
      }
    } else {
      const constant = otherConstant(node);
      if (constant !== undefined) add("constant", node.getStart(), node.end, constant);
      const returned = ts.isFunctionLike(node)
        ? RETURNED.get(node.type?.getText() ?? "")
        : undefined;
      const body = "body" in node ? /** @type {ts.Node | undefined} */ (node.body) : undefined;
      if (returned !== undefined && body !== undefined && ts.isBlock(body)) {
        const at = body.getStart() + 1;
        add("return", at, at, ` return ${returned};`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changes.sort((one, other) => one.from - other.from);
}

/**
 * Returns the text after a change.
 *
 * @param {string} text
 * @param {Change} change
 */
export function changed(text, { from, to, text: by }) {
  return text.slice(0, from) + by + text.slice(to);
}

/** @param {ts.Node} node */
function conditionOf(node) {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) ? node.condition : undefined;
}

/** @param {ts.Node} node @returns {string | undefined} undefined if the node is no constant */
function otherConstant(node) {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return "false";
  if (node.kind === ts.SyntaxKind.FalseKeyword) return "true";
  if (ts.isNumericLiteral(node)) return `(${node.getText()} + 1)`;
  return ts.isStringLiteral(node) && node.text !== "" ? '"?"' : undefined;
}

/**
 * @param {string[]} both pairs of operators that replace each other
 * @returns {[string, string][]}
 */
function pairs(...both) {
  return both.flatMap((two) => {
    const [one = "", other = ""] = two.split(" ");
    return /** @type {[string, string][]} */ ([
      [one, other],
      [other, one],
    ]);
  });
}
