/** Bytes and text as every JavaScript engine has them: a page runs this code, too. */

const encoder = new TextEncoder();
/** What is not UTF-8 becomes U+FFFD; a byte order mark stays. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
