import * as fc from 'fast-check';
import type { PricingRequest } from '../src/domain/pricing/calculate-pricing.ts';
import type { PricingLine } from '../src/domain/pricing/pricing-line.ts';
import {
  PARTS_PER_MILLION,
  type PricingRules,
  type Promotion,
  type PromotionBenefit,
  type ShippingMethod,
  type TaxRate,
} from '../src/domain/pricing/rules.ts';
import { noShopSettings } from '../src/domain/shop-settings.ts';

const categories = ['books', 'mugs', 'tea'];
const products = ['p1', 'p2', 'p3'];
const taxClasses = ['standard', 'reduced', 'zero'];
export const at = new Date('2026-06-01T12:00:00Z');

const price = fc.oneof(fc.constantFrom(0, 1, 99, 1999), fc.integer({ min: 0, max: 500_000 }));
const ratePpm = fc.oneof(
  fc.constantFrom(0, 1, 70_000, 190_000, 88_750, PARTS_PER_MILLION),
  fc.integer({ min: 0, max: PARTS_PER_MILLION }),
);

const line = fc.record({
  productId: fc.constantFrom(...products),
  quantity: fc.integer({ min: 1, max: 12 }),
  unitPrice: price,
  categories: fc.subarray(categories),
  taxClass: fc.constantFrom(...taxClasses),
  weightGrams: fc.integer({ min: 0, max: 5_000 }),
  digital: fc.boolean(),
});
const lines = fc
  .array(line, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((one, i): PricingLine => ({ ...one, sku: `SKU-${i}` })));

const benefit: fc.Arbitrary<PromotionBenefit> = fc.oneof(
  fc.record({ type: fc.constant('percent' as const), ratePpm }),
  fc.record({
    type: fc.constant('amount' as const),
    amount: fc.integer({ min: 1, max: 100_000 }),
    currency: fc.constant('EUR'),
  }),
  fc.record({
    type: fc.constant('buy_x_get_y' as const),
    buy: fc.integer({ min: 1, max: 4 }),
    get: fc.integer({ min: 1, max: 3 }),
    ratePpm,
  }),
  fc.record({ type: fc.constant('free_shipping' as const) }),
);

const promotion = fc.record({
  benefit,
  productIds: fc.oneof(fc.constant([]), fc.subarray(products)),
  categories: fc.oneof(fc.constant([]), fc.subarray(categories)),
  combinable: fc.boolean(),
});

/** Promotions that are valid at any time, for anybody. */
const promotions = (kind: string, maxLength: number) =>
  fc.array(promotion, { maxLength }).map((all) =>
    all.map(
      (one, i): Promotion => ({
        ...one,
        id: `${kind}-${i}`,
        name: `${kind} ${i}`,
        code: kind === 'coupon' ? `CODE${i}` : null,
        ...{ minimum: null, firstOrder: false, startsAt: null, endsAt: null, active: true },
        ...{ limitTotal: null, limitPerCustomer: null, used: 0 },
      }),
    ),
  );

const tiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { maxLength: 3 }),
    fc.boolean(),
    fc.array(price, { minLength: 4, maxLength: 4 }),
  )
  .map(([bounds, isOpen, prices]) =>
    [...bounds.sort((a, b) => a - b), ...(isOpen ? [null] : [])].map((upTo, i) => ({ upTo, price: prices[i] ?? 0 })),
  );

const methods = fc
  .array(
    fc.record({
      countries: fc.constantFrom(['DE'], ['DE', 'US'], ['US']),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
      basis: fc.constantFrom('weight' as const, 'value' as const, 'quantity' as const),
      tiers,
      freeFrom: fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null }),
    }),
    { maxLength: 3 },
  )
  .map((all) =>
    all.map((one, i): ShippingMethod => ({ ...one, id: `method-${i}`, name: `Method ${i}`, deliveryTime: '2 days' })),
  );

const rates = fc
  .array(
    fc.record({
      country: fc.constantFrom('DE', 'US'),
      region: fc.constantFrom(null, null, 'NY'),
      taxClass: fc.constantFrom(...taxClasses),
      ratePpm,
    }),
    { maxLength: 5 },
  )
  .map((all) =>
    all.map((one, i): TaxRate => ({ ...one, id: `rate-${i}`, name: `Tax ${i}`, validFrom: null, validUntil: null })),
  );

/** Any rules of a shop. */
export const anyRules: fc.Arbitrary<PricingRules> = fc.record({
  shop: fc.constant(noShopSettings),
  taxIncluded: fc.boolean(),
  taxRounding: fc.constantFrom('line' as const, 'total' as const),
  shippingTaxClass: fc.constantFrom(...taxClasses),
  taxRates: rates,
  shippingMethods: methods,
  automaticPromotions: promotions('automatic', 3),
});

/** Anything that may be asked for in a shop. */
export const anyRequest: fc.Arbitrary<PricingRequest> = fc.record({
  lines,
  currency: fc.constant('EUR'),
  destination: fc.constantFrom({ country: 'DE' }, { country: 'US', region: 'NY' }, { country: 'US' }, null),
  shippingMethodId: fc.constantFrom(undefined, undefined, 'method-0', 'method-1'),
  coupons: promotions('coupon', 2).map((all) => all.map((one) => ({ code: one.code ?? '', promotion: one }))),
  hasOrdered: fc.constant(false),
  usesByCustomer: fc.constant(new Map<string, number>()),
  at: fc.constant(at),
});
