/** A series of values as one line of text. */

const BARS = Array.from("▁▂▃▄▅▆▇█");
const COLUMNS = 60;

/**
 * Scales from the least to the greatest value. Each column shows the greatest value of its part.
 */
export function sparkline(values: readonly number[]): string {
  const columns = Math.min(COLUMNS, values.length);
  const peaks = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    return Math.max(...values.slice(from, end).filter(Number.isFinite));
  });
  const known = peaks.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return peaks.map((peak) => barOf(peak, least, most)).join("");
}

function barOf(value: number, least: number, most: number): string {
  if (!Number.isFinite(value)) return " ";
  const share = most > least ? (value - least) / (most - least) : 0;
  return BARS[Math.round(share * (BARS.length - 1))] ?? "";
}
