/**
 * Reads the objects that a server sends. They are untrusted input: a field that is missing, or has
 * another type, is read as empty. docs/reference/protocol.schema.json describes valid objects.
 */

export interface ServerObject {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Parses a line. @returns undefined if it is no object with a type */
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

/** Returns the field if it is a whole number, else 0. */
export function numberOf(object: ServerObject, field: string): number {
  const value = object[field];
  return Number.isSafeInteger(value) ? (value as number) : 0;
}

/** Returns true for a message of a user to a room. */
export function isSaid({ type }: ServerObject): boolean {
  return type === "message" || type === "action";
}
