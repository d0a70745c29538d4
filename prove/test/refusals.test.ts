import type { Answer } from '@tradepost/testing/shopper';
import { describe, expect, it } from 'vitest';
import { askWithCoupons, isUsedUpFor } from '../src/workload/coupons.ts';
import type { Fixtures } from '../src/workload/fixtures.ts';
import { priceHasChanged } from '../src/workload/purchase-details.ts';
import type { Coupon } from '../src/workload/shop-rules.ts';

const answer = (status: number, body: object): Answer => ({ status, headers: new Headers(), body });

describe('a refused coupon', () => {
  const coupon = (limits: Partial<Coupon>): Coupon => ({
    ...{ code: 'SPRING', limitTotal: null, limitPerCustomer: null, requests: [] },
    ...limits,
  });
  const refused = answer(422, { code: 'coupon_not_valid', errors: [{ field: '/couponCodes/0' }] });
  const ada = { email: 'ada@example.com', origin: 'a' };
  const bob = { email: 'bob@example.com', origin: 'b' };
  const isRight = (one: Coupon, asker = ada) => isUsedUpFor([one], asker)(refused);

  it('is right once as many others may have a use as there are', () => {
    const twice = coupon({ limitTotal: 2 });
    askWithCoupons([twice], bob);
    expect(isRight(twice)).toBe(false);
    askWithCoupons([twice], { ...bob, origin: 'c' });
    expect(isRight(twice)).toBe(true);
    expect(isUsedUpFor([twice], ada)(answer(422, { code: 'not_for_sale', errors: [] }))).toBe(false);
  });

  it('is right for a limit of each customer by what this customer has asked for', () => {
    const once = coupon({ limitPerCustomer: 1 });
    askWithCoupons([once], bob);
    expect([isRight(once), isRight(once, { ...bob, origin: 'c' })]).toEqual([false, true]);
  });

  it('is never right without a limit, for others who were refused before, or for the order of the same cart', () => {
    const always = coupon({});
    askWithCoupons([always], bob);
    const last = coupon({ limitTotal: 1 });
    askWithCoupons([last], bob).ended('refused');
    const own = coupon({ limitTotal: 1 });
    askWithCoupons([own], ada);
    expect([isRight(always), isRight(last), isRight(own)]).toEqual([false, false, false]);
  });
});

describe('a price that has changed', () => {
  // as: nothing else of the fixtures is read.
  const fixtures = { cold: [{ sku: 'COLD' }] } as unknown as Fixtures;
  const money = (amount: number) => ({ amount, currency: 'EUR' });
  const quote = (sku: string, unitPrice: number, quantity = 1) => ({
    total: money(unitPrice),
    lines: [{ sku, quantity, unitPrice: money(unitPrice) }],
  });
  const isRight = (before: ReturnType<typeof quote>, now: ReturnType<typeof quote>, isCart = false) =>
    priceHasChanged({ fixtures }, before, answer(409, { code: 'price_changed', quote: now }), isCart);

  it('is one of an article whose price does change, or of a cart with other lines', () => {
    expect(isRight(quote('COLD', 1), quote('COLD', 2))).toBe(true);
    expect(isRight(quote('COLD', 1), quote('COLD', 1))).toBe(false);
    expect(isRight(quote('HOT', 1), quote('HOT', 2))).toBe(false);
    expect([isRight(quote('HOT', 1), quote('HOT', 1, 2)), isRight(quote('HOT', 1), quote('HOT', 1, 2), true)]).toEqual([
      false,
      true,
    ]);
  });
});
