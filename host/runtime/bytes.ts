/**
 * Conversions between UTF-8 bytes and text. They use only APIs that browsers have too, since the
 * site runs this code in a page.
 */

const encoder = new TextEncoder();
/** Replaces invalid UTF-8 by U+FFFD, and keeps a byte order mark. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Encodes text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decodes UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
