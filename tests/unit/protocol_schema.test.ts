/** The schema of style json agrees with its page, and the tests' check detects violations. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import {
  mistakeIn,
  ProtocolCheck,
  schema,
  secondSchema,
  typesOfSchema,
} from "../support/protocol.js";

const page = fs.readFileSync(path.join(packageRoot, "docs/reference/protocol.md"), "utf8");

/** The rows of the table that begins with this title. */
function rowsOf(title: string, text = page): string[] {
  const [, after = ""] = text.split(new RegExp(`^\\| ${title} .*\\n\\|[- |]+\\n`, "m"));
  return after.split("\n\n")[0]?.split("\n") ?? [];
}

/** The words in code of a cell. */
function wordsIn(row: string, cell: number): string[] {
  const text = row.split("|")[cell + 1] ?? "";
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

function fieldsOf(type: string, of = schema): string[] {
  const properties = of.$defs[`object-${type}`]?.["properties"] as object;
  return Object.keys(properties).filter((field) => field !== "type");
}

describe("the page has what the schema has", () => {
  test("each type with its fields", () => {
    const ofPage = rowsOf("type").map((row) => [wordsIn(row, 0)[0], wordsIn(row, 1).sort()]);
    const ofSchema = typesOfSchema().map((type) => [type, fieldsOf(type).sort()]);
    expect(ofPage).toEqual(ofSchema);
  });

  test("each code of an error", () => {
    const row = rowsOf("field").find((one) => wordsIn(one, 0)[0] === "code") ?? "";
    expect(wordsIn(row, 1)).toEqual(schema.$defs["code"]?.["enum"]);
  });

  test("each reason of a closed connection that is told", () => {
    const told = rowsOf("reason").filter((row) => !row.includes("(no last words)"));
    const reasons = schema.$defs["reason"]?.["enum"] as string[];
    expect(told.flatMap((row) => wordsIn(row, 0)).sort()).toEqual([...reasons].sort());
  });
});

describe("the page has how version 2 differs", () => {
  const [, second = ""] = page.split("## Version 2");
  const ofPage = rowsOf("type", second).map((row) => [wordsIn(row, 0)[0] ?? "", wordsIn(row, 1)]);

  test("each type with its fields", () => {
    for (const [type, fields] of ofPage as [string, string[]][]) {
      expect([type, [...fields].sort()]).toEqual([type, fieldsOf(type, secondSchema).sort()]);
    }
  });

  test("no other type differs", () => {
    const differing = typesOfSchema(secondSchema).filter((type) => {
      const [one, two] = [schema, secondSchema].map((of) => of.$defs[`object-${type}`]);
      return JSON.stringify(one) !== JSON.stringify(two);
    });
    const named = ofPage.map(([type]) => type).filter((type) => type !== "error");
    expect(named.sort()).toEqual(differing.sort());
    const codes = [schema, secondSchema].map((of) => of.$defs["code"]?.["enum"] as string[]);
    expect(codes[1]).toEqual([...(codes[0] ?? []), "rooms-per-client"]);
  });
});

describe("an object is wrong", () => {
  test.each([
    ["of no type", '{"text":"hello"}'],
    ["of a type that is not known", '{"type":"newcomer","text":"hello"}'],
    ["with a field that is not known", '{"type":"pong","text":"hello","at":1}'],
    ["without a field", '{"type":"join","from":"ann"}'],
    ["with a field of another kind", '{"type":"history","room":"lobby","lines":"2"}'],
    ["with a code that is not known", '{"type":"error","code":"oh","text":"no"}'],
    ["with an escape character", '{"type":"pong","text":"\\u001b[2J"}'],
    ["that is cut off", '{"type":"pong","text":'],
  ])("%s", (_what, line) => {
    expect(mistakeIn(line)).toContain(line);
  });
});

test("objects are found among other lines, however they are split", () => {
  const object = '{"type":"pong","text":"tea"}';
  const wrong = '{"type":"pong"}';
  const heard = Buffer.from(`* hello\n${object}\n${wrong}\n{"typ\n\n${object}\n{"type":"p`);
  for (let size = 1; size <= heard.length; size++) {
    const check = new ProtocolCheck();
    for (let at = 0; at < heard.length; at += size) check.take(heard.subarray(at, at + size));
    expect(check.mistakes).toEqual([expect.stringContaining(wrong)]);
  }
});
