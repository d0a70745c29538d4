import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyInput, makeLine, makeOrder } from '../../test/order-fixtures.ts';
import { anyRequest, anyRules } from '../../test/pricing-arbitraries.ts';
import {
  creditNoteOf,
  type InvoiceContent,
  type InvoicingShop,
  type IssuedInvoice,
  invoiceOf,
  type TaxTotal,
} from './invoice.ts';
import type { Order } from './order.ts';
import { calculatePricing, type Pricing, type PricingRequest } from './pricing/calculate-pricing.ts';
import { planRefund, type RefundRequest } from './refund.ts';
import { noShopSettings } from './shop-settings.ts';

const shop: InvoicingShop = { ...noShopSettings, legalName: 'Tradepost GmbH', addressLines: ['Quay 1'] };
const issued = (content: InvoiceContent, number: string): IssuedInvoice => ({
  ...content,
  number,
  issuedOn: '2026-11-30',
});

/** An order that was priced, and paid. */
function paidOrder({ lines }: PricingRequest, pricing: Pricing): Order {
  const { currency, taxIncluded, adjustments, shipping, total } = pricing;
  return makeOrder({
    ...{ status: 'confirmed', total: { amount: total, currency }, captured: total, taxIncluded, adjustments },
    shipping: shipping && { methodId: 'm', name: 'Parcel', deliveryTime: '2 days', amount: shipping.total },
    lines: lines.map(({ sku, quantity, unitPrice }, i) => {
      const { discount = 0, tax = 0, taxExemption = 0 } = pricing.lines[i] ?? {};
      return makeLine({ sku, quantity, unitPrice: { amount: unitPrice, currency }, discount, tax, taxExemption });
    }),
  });
}

const anyRefund: fc.Arbitrary<RefundRequest> = fc.oneof(
  fc.record({ amount: fc.integer({ min: 1, max: 600_000 }) }),
  fc.record({ share: fc.integer({ min: 1, max: 100 }) }).map(({ share }) => ({ amount: -share })),
  fc.record({
    lines: fc
      .uniqueArray(fc.record({ index: fc.nat(5), quantity: fc.integer({ min: 1, max: 4 }) }), {
        ...{ minLength: 1, maxLength: 3, selector: ({ index }) => index },
      })
      .map((all) => all.map(({ index, quantity }) => ({ sku: `SKU-${index}`, quantity }))),
  }),
  fc.constant({}),
);

/** An amount below 0 stands for that percentage of what is left. */
const resolved = (order: Order, { amount, lines }: RefundRequest): RefundRequest =>
  amount === undefined || amount > 0
    ? { amount, lines }
    : { amount: Math.max(1, Math.floor(((order.captured - order.refunded) * -amount) / 100)) };

const parts = ({ net, tax, gross }: { net: number; tax: number; gross: number }) => [net, tax, gross];
const sumBy = (documents: readonly InvoiceContent[], { name, ratePercent }: TaxTotal): number[] =>
  documents
    .flatMap(({ taxTotals }) => taxTotals.filter((one) => one.name === name && one.ratePercent === ratePercent))
    .reduce((sum, one) => parts(one).map((part, i) => part + (sum[i] ?? 0)), [0, 0, 0]);

test('an invoice is the total of its order, and credit notes are the money refunded, to the cent and by tax rate', () => {
  let [notes, complete, withSeveralRates] = [0, 0, 0];
  const property = fc.property(
    ...([anyRequest, anyRules, fc.boolean(), fc.array(anyRefund, { maxLength: 6 }), fc.boolean()] as const),
    (request, rules, reverseCharge, refunds, endsWithAll) => {
      const outcome = calculatePricing({ ...request, reverseCharge }, rules);
      if (!outcome.ok || !request.destination) return;
      let order = paidOrder(request, outcome.pricing);
      const invoice = issued(invoiceOf(order, shop, { suppliedAt: null, paidAt: null }), 'INV-2026-000001');
      expect(invoice.gross).toBe(order.total.amount);
      expect(sumOf(invoice.taxTotals)).toEqual(parts(invoice));
      expect(sumOf(invoice.lines)).toEqual(parts(invoice));
      if (invoice.taxTotals.length > 1) withSeveralRates++;
      const credits: IssuedInvoice[] = [];
      for (const wanted of endsWithAll ? [...refunds, {}] : refunds) {
        const plan = planRefund(order, resolved(order, wanted), null);
        if (!plan.ok) continue;
        order = applyInput(order, { type: 'refund_booked', ...plan });
        if (plan.amount === 0) continue;
        const note = creditNoteOf(invoice, credits, { ...plan, reason: 'scratched' });
        expect(note.gross).toBe(plan.amount);
        expect(sumOf(note.taxTotals)).toEqual(parts(note));
        expect([...note.lines, ...note.taxTotals].flatMap(parts).filter((part) => part < 0)).toEqual([]);
        credits.push(issued(note, `CN-2026-${credits.length}`));
        notes++;
      }
      expect(sumOf(credits)[2]).toBe(order.refunded);
      for (const total of invoice.taxTotals) {
        const left = parts(total).map((part, i) => part - (sumBy(credits, total)[i] ?? 0));
        expect(
          left.filter((part) => part < 0),
          total.name,
        ).toEqual([]);
        if (order.refunded === order.captured) expect(left).toEqual([0, 0, 0]);
      }
      if (order.refunded === order.captured && credits.length > 1) complete++;
    },
  );
  fc.assert(property, { numRuns: 500 });
  expect([notes > 50, complete > 5, withSeveralRates > 3]).toEqual([true, true, true]);
});

const sumOf = (all: readonly { net: number; tax: number; gross: number }[]): number[] =>
  all.reduce((sum, one) => parts(one).map((part, i) => part + (sum[i] ?? 0)), [0, 0, 0]);
