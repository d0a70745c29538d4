import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import type { OrderLine } from '../domain/order.ts';
import { customerLimitOf } from '../domain/pricing/applicable.ts';
import { calculatePricing, type Pricing, type PricingRequest } from '../domain/pricing/calculate-pricing.ts';
import type { Coupon } from '../domain/pricing/choose-promotions.ts';
import { normalizeCouponCode } from '../domain/pricing/coupon-code.ts';
import type { PricingLine } from '../domain/pricing/pricing-line.ts';
import type { PricingRules } from '../domain/pricing/rules.ts';
import type { TaxDestination } from '../domain/pricing/taxes.ts';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import { hasOrdered, usesOfCustomer } from '../store/promotion-uses.ts';
import { knownVariants } from './known-variants.ts';
import type { PlacementContext } from './placement-context.ts';

/** What a price follows from, beside the catalogue and the rules of the shop. */
export type PriceRequest = {
  lines: readonly WantedLine[];
  /** Null while it is not known. */
  destination: TaxDestination | null;
  shippingMethod?: string | undefined;
  couponCodes?: readonly string[] | undefined;
  /** Null for a guest. */
  customerId: string | null;
};

export type PricedOrder =
  | { ok: true; lines: OrderLine[]; pricing: Pricing }
  | { ok: false; code: ProblemCode; detail: string; errors: FieldError[] };

/** Prices lines with the rules of the shop: one way for quotes and orders. `without` are promotions that have been used up meanwhile. */
export async function calculateOrder(
  ctx: PlacementContext,
  request: PriceRequest,
  without: ReadonlySet<string> = new Set(),
): Promise<PricedOrder> {
  const [variants, known, coupons] = await Promise.all([
    knownVariants(ctx, request.lines),
    ctx.rules.current(),
    couponsOf(ctx, request.couponCodes ?? []),
  ]);
  const priced = priceLines(request.lines, variants);
  if (!priced.ok) return priced;
  const rules = {
    ...known,
    automaticPromotions: known.automaticPromotions.filter(({ id }) => !without.has(id)),
  };
  const usable = coupons.map(({ code, promotion }) => ({
    code,
    promotion: promotion && without.has(promotion.id) ? { ...promotion, limitTotal: 0 } : promotion,
  }));
  const pricingRequest: PricingRequest = {
    lines: priced.lines.map((line) => toPricingLine(line, variants.get(line.sku))),
    currency: priced.total.currency,
    destination: request.destination,
    shippingMethodId: request.shippingMethod,
    coupons: usable,
    ...(await customerFacts(ctx, request.customerId, rules, usable)),
    at: ctx.now(),
  };
  const outcome = calculatePricing(pricingRequest, rules);
  return outcome.ok
    ? { ok: true, lines: withPricing(priced.lines, outcome.pricing), pricing: outcome.pricing }
    : outcome;
}

const withPricing = (lines: readonly OrderLine[], pricing: Pricing): OrderLine[] =>
  lines.map((line, i) => ({ ...line, discount: pricing.lines[i]?.discount ?? 0, tax: pricing.lines[i]?.tax ?? 0 }));

const toPricingLine = (line: OrderLine, variant: SellableVariant | undefined): PricingLine => ({
  sku: line.sku,
  productId: line.productId,
  quantity: line.quantity,
  unitPrice: line.unitPrice.amount,
  categories: variant?.categories ?? [],
  taxClass: variant?.taxClass ?? 'standard',
  weightGrams: variant?.weightGrams ?? 0,
  digital: variant?.digital ?? false,
});

async function couponsOf(ctx: PlacementContext, codes: readonly string[]): Promise<Coupon[]> {
  if (codes.length === 0) return [];
  const found = await ctx.promotions(codes.map(normalizeCouponCode));
  return codes.map((code) => ({ code, promotion: found.get(normalizeCouponCode(code)) ?? null }));
}

/** What promotions ask of the customer; read only where one of them asks. */
async function customerFacts(
  ctx: PlacementContext,
  customerId: string | null,
  { automaticPromotions }: PricingRules,
  coupons: readonly Coupon[],
): Promise<Pick<PricingRequest, 'hasOrdered' | 'usesByCustomer'>> {
  const candidates = [...automaticPromotions, ...coupons.flatMap(({ promotion }) => promotion ?? [])];
  const limited = candidates.filter((promotion) => customerLimitOf(promotion) !== null).map(({ id }) => id);
  if (customerId === null || limited.length === 0) return { hasOrdered: false, usesByCustomer: new Map() };
  const asksForFirst = candidates.some(({ firstOrder }) => firstOrder);
  const [ordered, usesByCustomer] = await Promise.all([
    asksForFirst && hasOrdered(ctx.pool, customerId),
    usesOfCustomer(ctx.pool, customerId, limited),
  ]);
  return { hasOrdered: ordered, usesByCustomer };
}
