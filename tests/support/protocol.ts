/** Checks the objects of styles json and json2 against their JSON Schemas in docs/reference/. */
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

export const schema = schemaIn("protocol.schema.json");
export const secondSchema = schemaIn("protocol-2.schema.json");

function schemaIn(name: string): ProtocolSchema {
  const file = path.join(packageRoot, "docs/reference", name);
  return JSON.parse(fs.readFileSync(file, "utf8")) as ProtocolSchema;
}

const OBJECT_DEFINITION = "object-";
const ajv = new Ajv2020({ allowUnionTypes: true })
  .addSchema(schema, "protocol")
  .addSchema(secondSchema, "protocol-2");

/** The types of objects that a schema has. */
export function typesOfSchema(of = schema): string[] {
  return Object.keys(of.$defs)
    .filter((name) => name.startsWith(OBJECT_DEFINITION))
    .map((name) => name.slice(OBJECT_DEFINITION.length));
}

/** @returns the violation of the protocol, in version 1 or 2, in a line, or undefined */
export function mistakeIn(line: string, version = 1): string | undefined {
  let object: unknown;
  try {
    object = JSON.parse(line);
  } catch (error) {
    return `${String(error)}: ${line}`;
  }
  const type = (object as { type?: unknown } | null)?.type;
  // The definition of its type says more than the whole schema does.
  const known =
    typeof type === "string" && typesOfSchema(version === 2 ? secondSchema : schema).includes(type);
  const pointer = known ? `#/$defs/${OBJECT_DEFINITION}${type}` : "";
  const isValid = ajv.getSchema(`${version === 2 ? "protocol-2" : "protocol"}${pointer}`);
  if (isValid === undefined) throw new Error("the schema has no such definition");
  return isValid(object) === true ? undefined : `${ajv.errorsText(isValid.errors)}: ${line}`;
}

/** Finds the objects in what a client hears, and holds each against the schema. */
export class ProtocolCheck {
  readonly mistakes: string[] = [];
  /** How many have been found. */
  objects = 0;
  /** The version of the last `welcome`. */
  #version = 1;
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
    const text = line.toString("utf8");
    const welcome = /^\{"type":"welcome","version":(\d)/.exec(text);
    if (welcome !== null) this.#version = Number(welcome[1]);
    const mistake = mistakeIn(text, this.#version);
    if (mistake !== undefined) this.mistakes.push(mistake);
  }
}

/** As far as both go. */
function startsAlike(line: Buffer): boolean {
  const length = Math.min(line.length, OBJECT.length);
  return line.subarray(0, length).equals(OBJECT.subarray(0, length));
}
