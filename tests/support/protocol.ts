/** Checks the objects of style json against docs/reference/protocol.schema.json. */
import fs from "node:fs";
import path from "node:path";
import { Ajv2020, type SchemaObject } from "ajv/dist/2020.js";
import { packageRoot } from "../../host/launcher/base/programs.js";

/** How a line begins that is an object of the protocol. */
const OBJECT = Buffer.from('{"type":"');
const NEWLINE = 0x0a;

export interface ProtocolSchema extends SchemaObject {
  $defs: Record<string, SchemaObject>;
}

export const schema = JSON.parse(
  fs.readFileSync(path.join(packageRoot, "docs/reference/protocol.schema.json"), "utf8"),
) as ProtocolSchema;

const OBJECT_DEFINITION = "object-";
const ajv = new Ajv2020({ allowUnionTypes: true }).addSchema(schema, "protocol");

/** The types of objects that the schema has. */
export function typesOfSchema(): string[] {
  return Object.keys(schema.$defs)
    .filter((name) => name.startsWith(OBJECT_DEFINITION))
    .map((name) => name.slice(OBJECT_DEFINITION.length));
}

/** @returns the violation of the protocol in a line, or undefined */
export function mistakeIn(line: string): string | undefined {
  let object: unknown;
  try {
    object = JSON.parse(line);
  } catch (error) {
    return `${String(error)}: ${line}`;
  }
  const type = (object as { type?: unknown } | null)?.type;
  // The definition of its type says more than the whole schema does.
  const known = typeof type === "string" && typesOfSchema().includes(type);
  const pointer = known ? `#/$defs/${OBJECT_DEFINITION}${type}` : "";
  const isValid = ajv.getSchema(`protocol${pointer}`);
  if (isValid === undefined) throw new Error("the schema has no such definition");
  return isValid(object) === true ? undefined : `${ajv.errorsText(isValid.errors)}: ${line}`;
}

/** Finds the objects in what a client hears, and holds each against the schema. */
export class ProtocolCheck {
  readonly mistakes: string[] = [];
  /** How many have been found. */
  objects = 0;
  #rest = Buffer.alloc(0);
  /** In the midst of a line that is no object. */
  #isSkipping = false;

  take(chunk: Uint8Array): void {
    const data = Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      if (!this.#isSkipping) this.#look(data.subarray(start, end));
      this.#isSkipping = false;
      start = end + 1;
    }
    const rest = this.#isSkipping ? Buffer.alloc(0) : data.subarray(start);
    this.#isSkipping ||= !startsAlike(rest);
    this.#rest = this.#isSkipping ? Buffer.alloc(0) : Buffer.from(rest);
  }

  #look(line: Buffer): void {
    if (line.length < OBJECT.length || !startsAlike(line)) return;
    this.objects++;
    const mistake = mistakeIn(line.toString("utf8"));
    if (mistake !== undefined) this.mistakes.push(mistake);
  }
}

/** As far as both go. */
function startsAlike(line: Buffer): boolean {
  const length = Math.min(line.length, OBJECT.length);
  return line.subarray(0, length).equals(OBJECT.subarray(0, length));
}
