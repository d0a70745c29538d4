import type { Money } from '@tradepost/contracts/money';
import { percentOf } from '../domain/percentage.ts';
import type { Adjustment } from '../domain/pricing/adjustment.ts';
import { type Totals, totalsOf } from '../domain/pricing/totals.ts';
import type { CheckedVatId } from '../domain/vat-id.ts';
import type { PricedOrder } from './calculate-order.ts';

/** An adjustment as it is answered; `amount` is below 0 for a promotion and a tax exemption. */
export type AdjustmentView = {
  type: Adjustment['type'];
  /** Absent where it is about shipping. */
  sku?: string;
  sourceId: string;
  reason: string;
  basis: Money;
  ratePercent?: number;
  amount: Money;
  included: boolean;
};

/** What an order would cost, as it is answered. */
export type QuoteView = Record<keyof Totals | 'total', Money> & {
  lines: ({ sku: string; title: string; quantity: number } & Record<
    'unitPrice' | 'discount' | 'taxExemption' | 'tax' | 'total',
    Money
  >)[];
  /** Absent while the destination is not known, where nothing is sent, and in a shop that charges nothing for sending. */
  shippingMethod?: string;
  /** The methods to choose from. */
  shippingMethods: { id: string; name: string; deliveryTime: string; price: Money }[];
  taxIncluded: boolean;
  /** Absent where none was sent. */
  vatId?: CheckedVatId;
  adjustments: AdjustmentView[];
};

/** A quote for lines and what was calculated for them. */
export function quoteView({ lines, pricing, vatId }: PricedOrder & { ok: true }): QuoteView {
  const { currency, adjustments } = pricing;
  const money = (amount: number): Money => ({ amount, currency });
  return {
    lines: lines.map(({ sku, title, quantity, unitPrice }, i) => {
      const { discount = 0, taxExemption = 0, tax = 0, total = 0 } = pricing.lines[i] ?? {};
      return {
        ...{ sku, title, quantity, unitPrice, discount: money(discount) },
        ...{ taxExemption: money(taxExemption), tax: money(tax), total: money(total) },
      };
    }),
    ...(pricing.shipping && { shippingMethod: pricing.shipping.method.id }),
    shippingMethods: pricing.shippingOptions.map(({ method: { id, name, deliveryTime }, price }) => ({
      ...{ id, name, deliveryTime },
      price: money(price),
    })),
    ...totalsView(totalsOf(lines, adjustments), currency),
    taxIncluded: pricing.taxIncluded,
    ...(vatId && { vatId }),
    adjustments: adjustments.map((adjustment) => adjustmentView(adjustment, currency)),
    total: money(pricing.total),
  };
}

/** Sums as amounts of money. */
export const totalsView = (
  { subtotal, discount, shipping, taxExemption, tax }: Totals,
  currency: string,
): Record<keyof Totals, Money> => ({
  subtotal: { amount: subtotal, currency },
  discount: { amount: discount, currency },
  shipping: { amount: shipping, currency },
  taxExemption: { amount: taxExemption, currency },
  tax: { amount: tax, currency },
});

export function adjustmentView(adjustment: Adjustment, currency: string): AdjustmentView {
  const { type, sku, sourceId, reason, basis, ratePpm, amount, included } = adjustment;
  return {
    type,
    ...(sku !== null && { sku }),
    ...{ sourceId, reason },
    basis: { amount: basis, currency },
    ...(ratePpm !== null && { ratePercent: percentOf(ratePpm) }),
    amount: { amount, currency },
    included,
  };
}
