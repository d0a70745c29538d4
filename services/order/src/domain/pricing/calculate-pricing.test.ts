import { describe, expect, it } from 'vitest';
import { noShopSettings } from '../shop-settings.ts';
import { calculatePricing, type PricingRequest } from './calculate-pricing.ts';
import type { PricingLine } from './pricing-line.ts';
import type { PricingRules, Promotion, ShippingMethod, TaxRate } from './rules.ts';

/** A shop that has set nothing up: prices are what they are, and everything is sent everywhere for nothing. */
const noRules: PricingRules = {
  shop: noShopSettings,
  taxIncluded: true,
  taxRounding: 'line',
  shippingTaxClass: 'standard',
  taxRates: [],
  shippingMethods: [],
  automaticPromotions: [],
};

const at = new Date('2026-06-01T12:00:00Z');
const line = (over: Partial<PricingLine> = {}): PricingLine => ({
  ...{ sku: 'MUG', productId: 'mug', quantity: 1, unitPrice: 1000, categories: [], taxClass: 'standard' },
  ...{ weightGrams: 400, digital: false },
  ...over,
});
const request = (over: Partial<PricingRequest> = {}): PricingRequest => ({
  ...{ lines: [line()], currency: 'EUR', destination: { country: 'DE' }, coupons: [], hasOrdered: false },
  ...{ usesByCustomer: new Map(), at },
  ...over,
});
const promotion = (over: Partial<Promotion> = {}): Promotion => ({
  ...{ id: 'a', name: 'Ten percent', code: null, benefit: { type: 'percent', ratePpm: 100_000 }, minimum: null },
  ...{ productIds: [], categories: [], firstOrder: false, startsAt: null, endsAt: null, combinable: true },
  ...{ limitTotal: null, limitPerCustomer: null, used: 0, active: true },
  ...over,
});
const coupon = (over: Partial<Promotion> = {}) => ({ code: 'TEN', promotion: promotion({ code: 'TEN', ...over }) });
const method = (over: Partial<ShippingMethod> = {}): ShippingMethod => ({
  ...{ id: 'parcel', name: 'Parcel', deliveryTime: '2 days', countries: ['DE'], currency: 'EUR', basis: 'weight' },
  ...{
    tiers: [
      { upTo: 1000, price: 490 },
      { upTo: 5000, price: 990 },
    ],
    freeFrom: null,
  },
  ...over,
});
const rate = (over: Partial<TaxRate> = {}): TaxRate => ({
  ...{ id: 'vat', name: 'VAT 19 %', country: 'DE', region: null, taxClass: 'standard', ratePpm: 190_000 },
  ...{ validFrom: null, validUntil: null },
  ...over,
});

function price(over: Partial<PricingRequest>, rules: Partial<PricingRules> = {}) {
  const outcome = calculatePricing(request(over), { ...noRules, ...rules });
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.pricing;
}
function problem(over: Partial<PricingRequest>, rules: Partial<PricingRules> = {}) {
  const outcome = calculatePricing(request(over), { ...noRules, ...rules });
  return outcome.ok ? 'none' : `${outcome.code} ${outcome.errors.map(({ field, message }) => `${field}: ${message}`)}`;
}

describe('taxes', () => {
  it('are in the price, or added to it', () => {
    expect(price({}, { taxRates: [rate()] })).toMatchObject({ total: 1000, lines: [{ tax: 160, total: 1000 }] });
    const added = price({}, { taxRates: [rate()], taxIncluded: false });
    expect(added).toMatchObject({ total: 1190, lines: [{ tax: 190, total: 1190 }] });
    expect(added.adjustments).toMatchObject([{ type: 'tax', reason: 'VAT 19 %', basis: 1000, amount: 190 }]);
  });

  it('are rounded for each line, or once for a tax class', () => {
    const lines = ['A', 'B', 'C'].map((sku) => line({ sku, unitPrice: 3 }));
    const rules = { taxRates: [rate()], taxIncluded: false };
    expect(price({ lines }, rules).total).toBe(9 + 3);
    expect(price({ lines }, { ...rules, taxRounding: 'total' }).total).toBe(9 + 2);
  });

  it('are never more than what includes them, although several are rounded for all amounts together', () => {
    const taxRates = [rate({ id: 'state', ratePpm: 88_750 }), rate({ id: 'city', ratePpm: 1 })];
    const shippingMethods = [method({ tiers: [{ upTo: null, price: 1 }] })];
    const rules = { taxRates, shippingMethods, taxRounding: 'total' as const };
    const { shipping, lines } = price({ lines: [line({ unitPrice: 99 })] }, rules);
    expect([lines[0]?.tax, shipping?.tax]).toEqual([7, 1]);
    expect(shipping?.total).toBe(1);
  });

  it('are those of the country, the region, the class and the day', () => {
    const taxRates = [
      rate({ id: 'state', country: 'US', region: null, ratePpm: 40_000 }),
      rate({ id: 'city', country: 'US', region: 'NY', ratePpm: 45_000 }),
      rate({ id: 'old', ratePpm: 160_000, validUntil: at }),
      rate({ id: 'new', validFrom: at }),
      rate({ id: 'reduced', taxClass: 'reduced', ratePpm: 70_000 }),
    ];
    const rates = (over: Partial<PricingRequest>) =>
      price(over, { taxRates }).adjustments.map(({ sourceId }) => sourceId);
    expect(rates({ destination: { country: 'US', region: 'NY' } })).toEqual(['state', 'city']);
    expect(rates({ destination: { country: 'US', region: 'TX' } })).toEqual(['state']);
    expect(rates({})).toEqual(['new']);
    expect(rates({ at: new Date(at.getTime() - 1) })).toEqual(['old']);
    expect(rates({ lines: [line({ taxClass: 'reduced' })] })).toEqual(['reduced']);
    expect(rates({ destination: { country: 'FR' } })).toEqual([]);
    expect(rates({ destination: null })).toEqual([]);
  });
});

describe('shipping', () => {
  const shippingMethods = [method({ id: 'express', tiers: [{ upTo: null, price: 1500 }] }), method()];

  it('is the cheapest method, or the one that is named', () => {
    expect(price({}, { shippingMethods })).toMatchObject({ total: 1490, shipping: { method: { id: 'parcel' } } });
    expect(price({ shippingMethodId: 'express' }, { shippingMethods }).total).toBe(2500);
  });

  it('goes by weight, value or number of units, up to and including a step', () => {
    expect(price({ lines: [line({ weightGrams: 1000 })] }, { shippingMethods: [method()] }).total).toBe(1490);
    expect(price({ lines: [line({ weightGrams: 1001 })] }, { shippingMethods: [method()] }).total).toBe(1990);
    const tiers = [
      { upTo: 2, price: 100 },
      { upTo: null, price: 700 },
    ];
    const byUnits = [method({ basis: 'quantity', tiers })];
    expect(price({ lines: [line({ quantity: 2 })] }, { shippingMethods: byUnits }).total).toBe(2100);
    expect(price({ lines: [line({ quantity: 3 })] }, { shippingMethods: byUnits }).total).toBe(3700);
  });

  it('is free from a value on that counts after discounts', () => {
    const rules = { shippingMethods: [method({ freeFrom: 1000 })] };
    expect(price({}, rules).total).toBe(1000);
    expect(
      price({ coupons: [coupon({ benefit: { type: 'amount', amount: 600, currency: 'EUR' } })] }, rules).total,
    ).toBe(890);
  });

  it('is not charged for what is not sent, or where the shop has set up none', () => {
    expect(price({ lines: [line({ digital: true })] }, { shippingMethods })).toMatchObject({
      total: 1000,
      shipping: null,
    });
    expect(price({ destination: { country: 'NZ' } })).toMatchObject({ total: 1000, shipping: null });
  });

  it('says what is wrong with the address, the method or the goods', () => {
    expect(problem({ destination: { country: 'NZ' } }, { shippingMethods })).toBe(
      'not_shippable /shippingAddress/country: Nothing is sent to NZ',
    );
    expect(problem({ shippingMethodId: 'pigeon' }, { shippingMethods })).toContain(
      '/shippingMethod: This method is not',
    );
    expect(problem({ lines: [line({ weightGrams: 9000 })] }, { shippingMethods: [method()] })).toContain('/lines: No');
  });
});

describe('promotions', () => {
  it('take each its share of what those before it have left', () => {
    const automaticPromotions = [
      promotion({ id: 'b', benefit: { type: 'amount', amount: 100, currency: 'EUR' } }),
      promotion({ id: 'a' }),
    ];
    expect(
      price({}, { automaticPromotions }).adjustments.map(({ sourceId, basis, amount }) => [sourceId, basis, amount]),
    ).toEqual([
      ['a', 1000, -100],
      ['b', 900, -100],
    ]);
  });

  it('make the cheapest units free', () => {
    const benefit = { type: 'buy_x_get_y' as const, buy: 2, get: 1, ratePpm: 1_000_000 };
    const lines = [line({ quantity: 4 }), line({ sku: 'TEA', productId: 'tea', unitPrice: 300, quantity: 2 })];
    expect(price({ lines }, { automaticPromotions: [promotion({ benefit })] }).total).toBe(4000);
    const ofMugs = promotion({ benefit, productIds: ['mug'] });
    expect(price({ lines }, { automaticPromotions: [ofMugs] }).total).toBe(3600);
  });

  it('pay for the cheapest method, also where a dearer one is chosen', () => {
    const rules = {
      shippingMethods: [method(), method({ id: 'express', tiers: [{ upTo: null, price: 1500 }] })],
      automaticPromotions: [promotion({ benefit: { type: 'free_shipping' } })],
    };
    expect(price({}, rules).total).toBe(1000);
    expect(price({ shippingMethodId: 'express' }, rules).total).toBe(2010);
  });

  it('are left out where shipping would cost more than they take off', () => {
    const rules = {
      shippingMethods: [method({ freeFrom: 1000 })],
      automaticPromotions: [promotion({ benefit: { type: 'amount', amount: 1, currency: 'EUR' } })],
    };
    expect(price({}, rules)).toMatchObject({ total: 1000, promotions: [] });
  });

  it('that may not be combined stand alone where that is cheaper', () => {
    const alone = promotion({ id: 'z', combinable: false, benefit: { type: 'percent', ratePpm: 300_000 } });
    expect(price({}, { automaticPromotions: [promotion(), alone] }).promotions).toMatchObject([{ id: 'z' }]);
    expect(problem({ coupons: [coupon()] }, { automaticPromotions: [alone] })).toContain(
      '/couponCodes/0: TEN: the order is cheaper',
    );
  });

  it.each([
    ['there is no such code', {}, { coupons: [{ code: 'TEN', promotion: null }] }],
    ['it is named twice', {}, { coupons: [coupon(), coupon()] }],
    ['it is no longer valid', { active: false }, {}],
    ['it is no longer valid', { endsAt: at }, {}],
    ['it is valid from', { startsAt: new Date(at.getTime() + 1) }, {}],
    ['it has been used as often as it may be', { limitTotal: 5, used: 5 }, {}],
    ['you have used it as often as you may', { limitPerCustomer: 1 }, { usesByCustomer: new Map([['a', 1]]) }],
    ['it is for a first order only', { firstOrder: true }, { hasOrdered: true }],
    ['it is for orders in USD', { benefit: { type: 'amount', amount: 1, currency: 'USD' } }, {}],
    ['must cost at least 10.01 EUR, these cost 10.00 EUR', { minimum: { amount: 1001, currency: 'EUR' } }, {}],
    ['none of these products is part of it', { categories: ['tea'] }, {}],
    ['nothing of this is sent', { benefit: { type: 'free_shipping' } }, { lines: [line({ digital: true })] }],
  ] as [string, Partial<Promotion>, Partial<PricingRequest>][])(
    'are refused as coupons: %s',
    (message, over, asked) => {
      const answer = problem({ coupons: [coupon(over)], ...asked });
      expect(answer).toContain(message);
      expect(answer).toMatch(/^coupon_not_valid \/couponCodes\/\d: TEN: /);
    },
  );
});
