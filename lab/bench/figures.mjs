/** Statistics of several runs: medians, and ratios to another server in the same run. */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length - 1 - middle], sorted[middle]];
  return (low + high) / 2;
}

/**
 * @typedef {object} Spread
 * @property {number} middle
 * @property {number} least
 * @property {number} most
 */

/**
 * Divides each value by that of the other server in the same repetition.
 *
 * @param {readonly (number | undefined)[]} values
 * @param {readonly (number | undefined)[]} base the other server's values, in the same order
 * @returns {Spread | undefined}
 */
export function ratios(values, base) {
  const found = values.flatMap((value, index) => {
    const below = base[index];
    return value !== undefined && below !== undefined && below > 0 ? [value / below] : [];
  });
  if (found.length === 0) return undefined;
  return { middle: median(found), least: Math.min(...found), most: Math.max(...found) };
}
