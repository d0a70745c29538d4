/**
 * `amount × numerator / denominator`, rounded down. All are integers of at least 0, the denominator is above 0. Exact also where the
 * product is more than a number can hold exactly.
 */
export function proportionDown(amount: number, numerator: number, denominator: number): number {
  const product = amount * numerator;
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / denominator);
  return Number((BigInt(amount) * BigInt(numerator)) / BigInt(denominator));
}

/** The same, rounded to the nearest integer; a half is rounded up. */
export function proportionRounded(amount: number, numerator: number, denominator: number): number {
  const twice = 2 * amount * numerator + denominator;
  if (twice <= Number.MAX_SAFE_INTEGER) return Math.floor(twice / (2 * denominator));
  return Number((2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator)) / (2n * BigInt(denominator)));
}

/**
 * Splits an amount in proportion to weights, to the last minor unit: each share is the difference of two rounded running sums, so
 * the shares add up to the amount. Where all weights are 0, the shares are equal. Amount and weights are at least 0.
 */
export function splitInProportion(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let weightSoFar = 0;
  let given = 0;
  return weights.map((weight) => {
    weightSoFar += sum > 0 ? weight : 1;
    const upTo = proportionDown(amount, weightSoFar, sum > 0 ? sum : weights.length);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}
