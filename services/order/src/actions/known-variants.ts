import type { SellableVariant, WantedLine } from '../domain/pricing.ts';
import type { PlacementContext } from './placement-context.ts';

/** The variants of lines: those of the local copy, and those of `product` for what the copy lacks. */
export async function knownVariants(
  ctx: Pick<PlacementContext, 'variants' | 'fetchVariants'>,
  lines: readonly WantedLine[],
): Promise<ReadonlyMap<string, SellableVariant>> {
  const skus = lines.map((line) => line.sku);
  const known = await ctx.variants(skus);
  const missing = skus.filter((sku) => !known.has(sku));
  return missing.length === 0 ? known : new Map([...known, ...(await ctx.fetchVariants(missing))]);
}

/** A context in which variants that were just read are not read again. */
export function withVariants<Ctx extends Pick<PlacementContext, 'variants'>>(
  ctx: Ctx,
  known: ReadonlyMap<string, SellableVariant>,
): Ctx {
  const variants = async (skus: readonly string[]) => {
    const unknown = skus.filter((sku) => !known.has(sku));
    return unknown.length === 0 ? known : new Map([...known, ...(await ctx.variants(unknown))]);
  };
  return { ...ctx, variants };
}
