import type { SellableVariant, WantedLine } from '../domain/pricing.ts';
import type { PlacementContext } from './placement-context.ts';

/** The variants of lines: those of the local copy, and those of `product` for what the copy lacks. */
export async function knownVariants(
  ctx: Pick<PlacementContext, 'variants' | 'fetchVariants'>,
  lines: readonly WantedLine[],
): Promise<Map<string, SellableVariant>> {
  const skus = lines.map((line) => line.sku);
  const known = await ctx.variants(skus);
  const missing = skus.filter((sku) => !known.has(sku));
  return missing.length === 0 ? known : new Map([...known, ...(await ctx.fetchVariants(missing))]);
}
