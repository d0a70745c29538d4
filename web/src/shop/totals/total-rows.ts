import type { Adjustment } from '../../api/quotes.ts';
import { type Money, moneyText } from '../../design/format.tsx';

/** What a quote and an order have in common: the prices of the lines, and every step to the total. */
export type Sums = { subtotal: Money; adjustments: readonly Adjustment[]; total: Money };

/** One row between the lines and the total. `included`: it is in the prices already, and so no part of the sum. */
export type TotalRow = {
  /** Tells what it is about; the same in two quotes. */
  key: string;
  type: 'subtotal' | Adjustment['type'];
  label: string;
  amount: Money;
  included: boolean;
};

const labels: Record<Adjustment['type'], (adjustment: Adjustment) => string> = {
  promotion: ({ reason }) => reason,
  shipping: ({ reason }) => `Shipping: ${reason}`,
  tax: ({ reason, included }) => (included ? `${reason}, included` : reason),
  tax_exemption: ({ reason }) => `${reason}, not charged`,
};

/**
 * The rows above the total: the subtotal, each promotion, shipping, and a row for each tax. None where the total is the
 * prices of the lines and nothing else.
 */
export function totalRows({ subtotal, adjustments }: Sums): TotalRow[] {
  const rows = (['promotion', 'shipping', 'tax_exemption', 'tax'] as const).flatMap((type) =>
    rowsOf(adjustments, type),
  );
  if (rows.length === 0) return [];
  return [{ key: 'subtotal', type: 'subtotal', label: 'Subtotal', amount: subtotal, included: false }, ...rows];
}

/** One row for each source: the API names each line that a promotion or a tax is about. */
function rowsOf(adjustments: readonly Adjustment[], type: Adjustment['type']): TotalRow[] {
  const rows = new Map<string, TotalRow>();
  for (const adjustment of adjustments) {
    if (adjustment.type !== type) continue;
    const { sourceId, reason, amount, included } = adjustment;
    // Taxes of another service have one source for all.
    const key = type === 'promotion' || type === 'shipping' ? sourceId : `${type} ${sourceId} ${reason}`;
    const before = rows.get(key);
    const sum = (before?.amount.amount ?? 0) + amount.amount;
    rows.set(key, {
      ...(before ?? { key, type, label: labels[type](adjustment), included }),
      amount: { amount: sum, currency: amount.currency },
    });
  }
  return [...rows.values()];
}

/** The amount of a row as it is read: `−€5.00` for what is taken off, `Free` for shipping that costs nothing. */
export function amountText({ type, amount }: Pick<TotalRow, 'type' | 'amount'>): string {
  if (type === 'shipping' && amount.amount === 0) return 'Free';
  return amount.amount < 0 ? `−${moneyText({ ...amount, amount: -amount.amount })}` : moneyText(amount);
}

/** What an order has beside its lines, in a few words for a list: `discount −€5.00, shipping €4.90`. */
export function extrasText(sums: Sums): string {
  const rows = totalRows(sums);
  const discounts = rows.filter(({ type }) => type === 'promotion');
  const shipping = rows.find(({ type }) => type === 'shipping');
  const discount = discounts.reduce((sum, { amount }) => sum + amount.amount, 0);
  const parts = [
    discount < 0 && `discount ${amountText({ type: 'promotion', amount: { ...sums.total, amount: discount } })}`,
    shipping && (shipping.amount.amount === 0 ? 'free shipping' : `shipping ${amountText(shipping)}`),
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}
