import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import type { OrderLine } from '../domain/order.ts';
import { customerLimitOf } from '../domain/pricing/applicable.ts';
import { addTaxes, type Pricing, type PricingRequest, priceBeforeTax } from '../domain/pricing/calculate-pricing.ts';
import type { Coupon } from '../domain/pricing/choose-promotions.ts';
import { normalizeCouponCode } from '../domain/pricing/coupon-code.ts';
import type { PricingLine } from '../domain/pricing/pricing-line.ts';
import { mayBeReverseCharged } from '../domain/pricing/reverse-charge.ts';
import type { PricingRules } from '../domain/pricing/rules.ts';
import type { TaxDestination } from '../domain/pricing/taxes.ts';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import type { ShopSettings } from '../domain/shop-settings.ts';
import { type CheckedVatId, readVatId } from '../domain/vat-id.ts';
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
  vatId?: string | undefined;
  /** Null for a guest. */
  customerId: string | null;
};

export type PricedOrder = { ok: true; lines: OrderLine[]; pricing: Pricing; vatId?: CheckedVatId } | PricingProblem;

type PricingProblem = { ok: false; code: ProblemCode; detail: string; errors: FieldError[] };

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
  const currencyProblem = whyNotIn(priced.total.currency, known.shop);
  if (currencyProblem) return currencyProblem;
  const vatId = await checkedVatId(ctx, request, known.shop);
  if (vatId && 'ok' in vatId) return vatId;
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
    reverseCharge: vatId?.reverseCharge ?? false,
    at: ctx.now(),
  };
  const before = priceBeforeTax(pricingRequest, rules);
  if (!before.ok) return before;
  const taxes = pricingRequest.destination ? await ctx.calculateTaxes(before.untaxed) : [];
  const outcome = addTaxes(before.untaxed, taxes);
  if (!outcome.ok) return outcome;
  const { pricing } = outcome;
  return { ok: true, lines: withPricing(priced.lines, pricing), pricing, ...(vatId && { vatId }) };
}

const refusal = (code: ProblemCode, field: string, message: string): PricingProblem => ({
  ...{ ok: false, code, detail: message },
  errors: [{ field, message }],
});

const whyNotIn = (currency: string, { currencies }: ShopSettings): PricingProblem | null =>
  currencies.length === 0 || currencies.includes(currency)
    ? null
    : refusal('unprocessable', '/lines', `The shop takes no orders in ${currency}, only in ${currencies.join(', ')}`);

/** What the VAT id of a request does to the taxes: reverse charge only where the register says that it is registered. */
async function checkedVatId(
  ctx: PlacementContext,
  { vatId: text, destination }: PriceRequest,
  shop: ShopSettings,
): Promise<CheckedVatId | PricingProblem | undefined> {
  if (text === undefined) return undefined;
  const id = readVatId(text);
  if (!id) {
    return refusal('vat_id_not_valid', '/vatId', 'must be a VAT id of a member state of the EU, such as DE136695976');
  }
  const answer = shop.reverseCharge ? await ctx.checkVatId(id, shop.vatId) : null;
  if (!answer) return { value: id.value, status: 'unchecked', reverseCharge: false };
  const { isValid, consultationNumber } = answer;
  return {
    value: id.value,
    status: isValid ? 'valid' : 'invalid',
    reverseCharge: isValid && mayBeReverseCharged(shop, destination, id),
    ...(consultationNumber !== null && { consultationNumber }),
  };
}

const withPricing = (lines: readonly OrderLine[], pricing: Pricing): OrderLine[] =>
  lines.map((line, i) => {
    const { discount = 0, tax = 0, taxExemption = 0 } = pricing.lines[i] ?? {};
    return { ...line, discount, tax, taxExemption };
  });

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
