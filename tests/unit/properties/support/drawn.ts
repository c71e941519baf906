/**
 * The random inputs of the property tests, and their number. The seed is fixed, so that a failure
 * repeats everywhere.
 */
import fc from "fast-check";

/** As long as they may be: most draws of fast-check are short otherwise. */
export const LONG = { size: "max" } as const;

export const RUNS = { seed: 20_261_123, numRuns: 600 } as const;

/** Characters and pieces of characters on which decoders and terminals stumble, in hexadecimal. */
const TROUBLE = [
  ...["00", "09", "0a", "0d", "0d0a", "1b", "1f", "20", "7e", "7f", "80", "bf", "c0", "c1bf", "c2"],
  ...["c280", "c285", "c29b", "c29f", "c2a0", "d89c", "dfbf", "e08080", "e09fbf", "e0a080"],
  ...["e2808d", "e2808e", "e2808f", "e280a7", "e280a8", "e280ae", "e280af", "e281a5", "e281a6"],
  ...["e281a9", "e281aa", "e282", "ed9fbf", "eda080", "edbfbf", "ee8080", "efbbbf", "efbfbd"],
  ...["f0808080", "f08fbfbf", "f0908080", "f09f98", "f09f9880", "f48fbfbf", "f4908080", "f5", "ff"],
].map((hex) => Buffer.from(hex, "hex"));

export const troublesomeBytes: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...TROUBLE),
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: "binary", maxLength: 4 }).map((text) => Buffer.from(text)),
    ),
    { ...LONG, maxLength: 24 },
  )
  .map((pieces) => Buffer.concat(pieces));

/** Streams of short lines, and of lines around a limit that is itself short. */
export const lineBytes: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\r\n"),
      fc.nat({ max: 40 }).map((length) => "x".repeat(length)),
      fc.string({ maxLength: 5 }),
    ),
    { ...LONG, maxLength: 30 },
  )
  .map((pieces) => Buffer.from(pieces.join("")));

/** The same bytes, in pieces that end anywhere. */
export function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts.map((at) => at % (bytes.length + 1)).sort((one, two) => one - two);
  return [...places, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : places[index - 1], end),
  );
}
