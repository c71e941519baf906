/**
 * The objects that a server sends, as untrusted input: a field that is missing, or of another kind,
 * is empty. docs/reference/protocol.schema.json has what they should be.
 */

export interface ServerObject {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** @returns undefined if the line is no object with a type */
export function parseObject(line: string): ServerObject | undefined {
  try {
    const object: unknown = JSON.parse(line);
    return isServerObject(object) ? object : undefined;
  } catch {
    return undefined;
  }
}

function isServerObject(object: unknown): object is ServerObject {
  return (
    typeof object === "object" &&
    object !== null &&
    "type" in object &&
    typeof object.type === "string"
  );
}

export function textOf(object: ServerObject, field: string): string {
  const value = object[field];
  return typeof value === "string" ? value : "";
}

export function textsOf(object: ServerObject, field: string): string[] {
  const value = object[field];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** @returns a whole number, 0 if there is none */
export function numberOf(object: ServerObject, field: string): number {
  const value = object[field];
  return Number.isSafeInteger(value) ? (value as number) : 0;
}

export function isSaid({ type }: ServerObject): boolean {
  return type === "message" || type === "action";
}
