import type { Adjustment } from './adjustment.ts';

/**
 * The sums that a person reads, in minor units: subtotal − discount + shipping − tax exemption, and tax where prices do not include
 * it, is the total.
 */
export type Totals = { subtotal: number; discount: number; shipping: number; taxExemption: number; tax: number };

/** Sums what adjustments did to the prices of lines. */
export function totalsOf(
  lines: readonly { quantity: number; unitPrice: { amount: number } }[],
  adjustments: readonly Adjustment[],
): Totals {
  const sum = (type: Adjustment['type']) =>
    adjustments.reduce((total, adjustment) => (adjustment.type === type ? total + adjustment.amount : total), 0);
  return {
    subtotal: lines.reduce((total, { quantity, unitPrice }) => total + unitPrice.amount * quantity, 0),
    // Not −0, which is another value than 0 to some readers.
    discount: 0 - sum('promotion'),
    shipping: sum('shipping'),
    taxExemption: 0 - sum('tax_exemption'),
    tax: sum('tax'),
  };
}
