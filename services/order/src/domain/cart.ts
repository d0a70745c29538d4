import type { WantedLine } from './pricing.ts';

/**
 * The lines of two carts as one: of a SKU in both, the larger quantity wins. The sum would double what somebody put into both carts
 * for one purchase.
 */
export function mergeLines(into: readonly WantedLine[], from: readonly WantedLine[]): WantedLine[] {
  const quantities = new Map(into.map(({ sku, quantity }) => [sku, quantity]));
  for (const { sku, quantity } of from) quantities.set(sku, Math.max(quantity, quantities.get(sku) ?? 0));
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
