import type { Cart } from '../../api/cart-change.ts';
import type { Money } from '../../design/format.tsx';

/** What one unit of each SKU cost, in minor units, when the shopper saw it. */
export type SeenPrices = ReadonlyMap<string, number>;

export const pricesOf = ({ lines }: Cart): SeenPrices =>
  new Map(lines.flatMap(({ sku, unitPrice }) => (unitPrice ? [[sku, unitPrice.amount] as const] : [])));

/**
 * The total that the shopper agrees to: the quantities of now, which are theirs to change, at the prices that they have
 * seen, which are not. Null where the cart cannot be ordered.
 */
export function agreedTotal({ lines, total }: Cart, seen: SeenPrices): Money | null {
  if (!total) return null;
  const amounts = lines.map(({ sku, quantity, unitPrice }) => (seen.get(sku) ?? unitPrice?.amount ?? 0) * quantity);
  return { currency: total.currency, amount: amounts.reduce((sum, amount) => sum + amount, 0) };
}
