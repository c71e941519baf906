/** Sanitizes what clients and operators type, in one shared buffer. */
import { sanitize } from "../../text/sanitize";

/** The buffer: three times the longest line of a client. */
const buffer = memory.data(49152);

/** The address at which {@link makeSafe} writes. */
export const SAFE_BYTES: usize = buffer;

/**
 * Sanitizes a line into {@link SAFE_BYTES}, valid until the next call.
 *
 * @returns the bytes written
 */
export function makeSafe(at: usize, length: u32): u32 {
  return sanitize(buffer, at, length);
}

/** Returns a line as a sanitized string. */
export function safeText(at: usize, length: u32): string {
  return String.UTF8.decodeUnsafe(buffer, makeSafe(at, length));
}

/** Returns a text, sanitized. */
export function safeWords(text: string): string {
  const bytes = String.UTF8.encode(text);
  return safeText(changetype<usize>(bytes), <u32>bytes.byteLength);
}
