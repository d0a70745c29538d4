/** A line of an order: all its units, and what was to be paid for them in minor units, after discounts and with tax that is charged. */
export type LineWorth = { quantity: number; total: number };

/**
 * What units of a line are worth that are refunded after `before` others, in minor units: the difference of two running sums, each rounded
 * down to a multiple of `step`. So all units of a line are worth its total, in whatever parts they are refunded. Exact also where the
 * product is more than a number can hold exactly.
 */
export function worthOfUnits({ quantity, total }: LineWorth, before: number, units: number, step = 1): number {
  const upTo = (count: number) => {
    const share = (BigInt(total) * BigInt(Math.min(count, quantity))) / BigInt(quantity);
    return Number(share - (share % BigInt(step)));
  };
  return upTo(before + units) - upTo(before);
}
