/** The changes of mutants: all changes of a text are found, each at its place. */
import { expect, test } from "vitest";
import { changed, changesOf } from "../../../lab/mutants/changes.mjs";

const SOURCE = `import { a } from "./a";
// @ts-ignore: decorator
@inline
function count(list: i32[], most: i32): i32 {
  let sum = 0;
  for (let at = 0; at < list.length && sum != most; at++) sum += list[at];
  if (sum > most) tell("too much");
  return sum;
}
class Log extends Base {
  constructor() {
    super(1);
  }
  isOpen(): bool {
    return this.open ? true : this.fd >= 0;
  }
}
`;

test("all changes of a text, each at its line", () => {
  const all = changesOf(SOURCE).map(({ kind, from, to, text, line }) => {
    return `${line} ${kind}: ${SOURCE.slice(from, to)} -> ${text.trim()}`;
  });
  expect(all).toEqual([
    "4 return:  -> return 0;",
    "5 constant: 0 -> (0 + 1)",
    "6 constant: 0 -> (0 + 1)",
    "6 operator: < -> <=",
    "6 operator: && -> ||",
    "6 operator: != -> ==",
    "6 operator: += -> -=",
    "7 condition: sum > most -> !(sum > most)",
    "7 operator: > -> >=",
    '7 call: tell("too much"); -> ;',
    '7 constant: "too much" -> "?"',
    "12 constant: 1 -> (1 + 1)",
    "14 return:  -> return false;",
    "15 condition: this.open -> !(this.open)",
    "15 constant: true -> false",
    "15 operator: >= -> >",
    "15 constant: 0 -> (0 + 1)",
  ]);
});

test("one is made, and nothing else", () => {
  const [first] = changesOf("if (open) close();\n");
  expect(first && changed("if (open) close();\n", first)).toBe("if (!(open)) close();\n");
});
