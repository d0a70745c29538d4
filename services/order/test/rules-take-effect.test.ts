import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, openShop, type Shop } from './shop.ts';

let shop: Shop;
let admin: Actor;
beforeAll(async () => {
  shop = await openShop();
  admin = await shop.someone('admin');
});
afterAll(() => shop.stop());

const quote = async () => {
  const body = { lines: [{ sku: 'MUG', quantity: 1 }], destination: { country: 'DE' } };
  const { total, shipping, tax } = (await admin.call('POST', '/api/v1/quotes', body)).body;
  return { total: total.amount, shipping: shipping.amount, tax: tax.amount };
};
const put = async (path: string, body: object, headers: Record<string, string> = {}) => {
  const answer = await admin.call('PUT', `/api/v1/admin/order/${path}`, body, headers);
  expect([path, answer.status, answer.body?.errors]).toEqual([path, expect.toBeOneOf([200, 201]), undefined]);
};

it('every change of the rules is in the next quote of the instance that made it', async () => {
  expect(await quote()).toEqual({ total: 1250, shipping: 0, tax: 0 });
  const vat = { name: 'VAT 19 %', country: 'DE', taxClass: 'standard', ratePercent: 19 };
  await put(`tax-rates/${randomUUID()}`, vat);
  expect(await quote()).toEqual({ total: 1250, shipping: 0, tax: 200 });
  const zoneId = randomUUID();
  await put(`shipping-zones/${zoneId}`, { name: 'Germany', countries: ['DE'] });
  const method = {
    zoneId,
    name: 'Parcel',
    deliveryTime: '2 days',
    position: 0,
    currency: 'EUR',
    basis: 'weight',
    active: true,
  };
  await put(`shipping-methods/${randomUUID()}`, { ...method, tiers: [{ upTo: null, price: 490 }] });
  expect(await quote()).toEqual({ total: 1740, shipping: 490, tax: 278 });
  const promotion = { name: 'Ten percent', benefit: { type: 'percent', percent: 10 }, active: true };
  await put(`promotions/${randomUUID()}`, promotion);
  expect(await quote()).toEqual({ total: 1615, shipping: 490, tax: 258 });
  const settings = { taxIncluded: false, taxRounding: 'total', shippingTaxClass: 'none' };
  await put('pricing-settings', settings, { 'if-match': '*' });
  expect(await quote()).toEqual({ total: 1615 + 214, shipping: 490, tax: 214 });
});
