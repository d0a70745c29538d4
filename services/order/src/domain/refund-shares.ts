import type { Order, OrderLine } from './order.ts';
import type { WantedLine } from './pricing.ts';

/** A refund, as far as it matters for which lines it is about. */
export type RefundOfLines = { id: string; amount: number; lines: readonly WantedLine[] };

/** What each refund gives back for each line, in minor units: by the refund's id, then by SKU. */
export type RefundShares = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Splits refunds over the lines of an order, so that a seller can be shown what was given back of their lines. `refunds` are all
 * refunds of the order, oldest first.
 *
 * - A refund that names lines is split over these, by their worth.
 * - One that names none and gives back all the money that was left is split over all lines, by what was not given back of them yet.
 * - Any other that names none is about the order as a whole. It counts for the lines only where all are of one seller.
 *
 * The shares of a refund add up to its amount, or it has none.
 */
export function refundShares(order: Order, refunds: readonly RefundOfLines[]): RefundShares {
  const shares = new Map<string, Map<string, number>>();
  const left = new Map(order.lines.map((line) => [line.sku, worth(line, line.quantity)]));
  const hasOneSeller = new Set(order.lines.map(({ sellerId }) => sellerId)).size === 1;
  let refunded = 0;
  for (const refund of refunds) {
    refunded += refund.amount;
    const isRest = refunded >= order.captured;
    const weights = refund.lines.length > 0 ? worthOf(order, refund.lines) : isRest || hasOneSeller ? left : new Map();
    const share = split(refund.amount, weights);
    for (const [sku, amount] of share) left.set(sku, Math.max(0, (left.get(sku) ?? 0) - amount));
    shares.set(refund.id, share);
  }
  return shares;
}

const worth = (line: OrderLine, units: number): number => line.unitPrice.amount * units;

function worthOf(order: Order, named: readonly WantedLine[]): Map<string, number> {
  return new Map(
    named.flatMap(({ sku, quantity }) => {
      const line = order.lines.find((candidate) => candidate.sku === sku);
      return line ? [[sku, worth(line, quantity)] as const] : [];
    }),
  );
}

/**
 * Splits an amount in proportion to weights, to the last cent: each share is the difference of two rounded running sums. Where all
 * weights are 0, the shares are equal.
 */
function split(amount: number, weights: ReadonlyMap<string, number>): Map<string, number> {
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const shares = new Map<string, number>();
  let weightSoFar = 0;
  let given = 0;
  for (const [sku, weight] of weights) {
    weightSoFar += sum > 0 ? weight : 1;
    // As integers: the product of two amounts may be more than a number can hold exactly.
    const upTo = Number((BigInt(amount) * BigInt(weightSoFar)) / BigInt(sum > 0 ? sum : weights.size));
    shares.set(sku, upTo - given);
    given = upTo;
  }
  return shares;
}
