import type { Quote } from '../../api/quotes.ts';
import { moneyText } from '../../design/format.tsx';
import { amountText, type TotalRow, totalRows } from '../totals/total-rows.ts';

/** What differs between two quotes for the same order, in words. Taxes that prices include are left out: they follow from the rest. */
export const priceChanges = (before: Quote, now: Quote): string[] => [
  ...lineChanges(before, now),
  ...rowChanges(stepsOf(before), stepsOf(now)),
];

function lineChanges(before: Quote, now: Quote): string[] {
  const prices = new Map(before.lines.map(({ sku, unitPrice }) => [sku, unitPrice]));
  return now.lines.flatMap(({ sku, title, unitPrice }) => {
    const old = prices.get(sku);
    if (!old || old.amount === unitPrice.amount) return [];
    return [`${title} costs ${moneyText(unitPrice)} now; it was ${moneyText(old)}.`];
  });
}

const stepsOf = (quote: Quote): TotalRow[] =>
  totalRows(quote).filter(({ type, included }) => type !== 'subtotal' && !included);

function rowChanges(before: readonly TotalRow[], now: readonly TotalRow[]): string[] {
  const old = new Map(before.map((row) => [row.key, row]));
  const kept = new Set(now.map(({ key }) => key));
  return [
    ...before.filter(({ key }) => !kept.has(key)).map(({ label }) => `${label}: no longer applies.`),
    ...now.flatMap((row) => {
      const known = old.get(row.key);
      if (!known) return [`${row.label}: ${amountText(row)} is new.`];
      if (known.amount.amount === row.amount.amount) return [];
      return [`${row.label}: ${amountText(row)} now; it was ${amountText(known)}.`];
    }),
  ];
}
