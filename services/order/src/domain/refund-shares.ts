import { lineTotal } from './line-worth.ts';
import type { Order } from './order.ts';
import type { WantedLine } from './pricing.ts';
import { proportionDown, splitInProportion } from './proportion.ts';

/** A refund, as far as it matters for which lines it is about. */
export type RefundOfLines = { id: string; amount: number; lines: readonly WantedLine[] };

/** The share of shipping in the place of a SKU, which is never empty. */
const SHIPPING = '';

/** What each refund gives back for each line, in minor units: by the refund's id, then by SKU. */
export type RefundShares = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Splits refunds over the lines of an order, so that a seller can be shown what was given back of their lines. `refunds` are all
 * refunds of the order, oldest first.
 *
 * - A refund that names lines is split over these, by their worth, and over shipping where it gives back all that was left.
 * - One that names none and gives back all the money that was left is split over all lines and shipping, by what was not given
 *   back of them yet.
 * - Any other that names none is about the order as a whole. It counts for the lines only where all are of one seller.
 *
 * The shares of a refund, with that of shipping, add up to its amount, or it has none.
 */
export function refundShares(order: Order, refunds: readonly RefundOfLines[]): RefundShares {
  const shares = new Map<string, Map<string, number>>();
  const left = new Map(order.lines.map((line) => [line.sku, lineTotal(order, line)]));
  if (order.shipping) left.set(SHIPPING, order.shipping.amount);
  const hasOneSeller = new Set(order.lines.map(({ sellerId }) => sellerId)).size === 1;
  let refunded = 0;
  for (const refund of refunds) {
    refunded += refund.amount;
    const isRest = refunded >= order.captured;
    const weights: Map<string, number> =
      refund.lines.length > 0 ? worthOf(order, refund.lines) : isRest || hasOneSeller ? left : new Map();
    const shippingLeft = left.get(SHIPPING);
    if (isRest && shippingLeft !== undefined) weights.set(SHIPPING, shippingLeft);
    const share = split(refund.amount, weights);
    for (const [sku, amount] of share) left.set(sku, Math.max(0, (left.get(sku) ?? 0) - amount));
    shares.set(refund.id, share);
  }
  return shares;
}

function worthOf(order: Order, named: readonly WantedLine[]): Map<string, number> {
  return new Map(
    named.flatMap(({ sku, quantity }) => {
      const line = order.lines.find((candidate) => candidate.sku === sku);
      return line ? [[sku, proportionDown(lineTotal(order, line), quantity, line.quantity)] as const] : [];
    }),
  );
}

function split(amount: number, weights: ReadonlyMap<string, number>): Map<string, number> {
  const shares = splitInProportion(amount, [...weights.values()]);
  return new Map([...weights.keys()].map((sku, i) => [sku, shares[i] ?? 0]));
}
