/** Makes what clients and operators type safe for terminals, in one buffer that all share. */
import { sanitize } from "../../text/sanitize";

/** Has room for the longest line of a client, three times as long. */
const buffer = memory.data(49152);

/** Where {@link makeSafe} writes. */
export const SAFE_BYTES: usize = buffer;

/** Writes a line to {@link SAFE_BYTES}, made safe; good until the next call. @returns its bytes */
export function makeSafe(at: usize, length: u32): u32 {
  return sanitize(buffer, at, length);
}

/** @returns a line as text, made safe */
export function safeText(at: usize, length: u32): string {
  return String.UTF8.decodeUnsafe(buffer, makeSafe(at, length));
}

/** @returns what an operator has typed, made safe */
export function safeWords(text: string): string {
  const bytes = String.UTF8.encode(text);
  return safeText(changetype<usize>(bytes), <u32>bytes.byteLength);
}
