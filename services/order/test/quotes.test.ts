import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPromotion, percentOff, setUpRules } from './pricing-rules.ts';
import { type Actor, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;
let methods: { parcel: string; express: string };
const address = { name: 'Ada', line1: 'Weg 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const germany = { country: 'DE' };
const mugs = [{ sku: 'MUG', quantity: 2 }];

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
  methods = await setUpRules(shop.pool);
  await addPromotion(shop.pool, { code: 'TEN', benefit: percentOff(10) });
  await until(async () => (await ada.call('GET', '/api/v1/shop')).body.countries?.length === 2);
});
afterAll(() => shop.stop());

const quote = (body: object) => ada.call('POST', '/api/v1/quotes', body);
const place = (over: Record<string, unknown>, lines: unknown = mugs) =>
  ada.call('POST', '/api/v1/orders', order(lines, { shippingAddress: address, ...over }), {
    'idempotency-key': randomUUID(),
  });
const euro = (amount: number) => ({ amount, currency: 'EUR' });

describe('a quote', () => {
  it('says what an order would cost, step by step', async () => {
    const { status, body } = await quote({ lines: mugs, destination: germany, couponCodes: [' ten '] });
    expect({ status, ...body }).toMatchObject({
      status: 200,
      lines: [{ sku: 'MUG', unitPrice: euro(1250), discount: euro(250), tax: euro(359), total: euro(2250) }],
      shippingMethod: methods.parcel,
      shippingMethods: [
        { id: methods.express, name: 'Express', deliveryTime: '2 days', price: euro(1500) },
        { id: methods.parcel, name: 'Parcel', deliveryTime: '2 days', price: euro(490) },
      ],
      ...{ subtotal: euro(2500), discount: euro(250), shipping: euro(490), tax: euro(437), taxIncluded: true },
      adjustments: [
        { type: 'promotion', sku: 'MUG', reason: 'TEN', basis: euro(2500), ratePercent: 10, amount: euro(-250) },
        { type: 'shipping', reason: 'Parcel', amount: euro(490), included: false },
        {
          type: 'tax',
          sku: 'MUG',
          reason: 'VAT 19 %',
          basis: euro(2250),
          ratePercent: 19,
          amount: euro(359),
          included: true,
        },
        { type: 'tax', reason: 'VAT 19 %', basis: euro(490), amount: euro(78) },
      ],
      total: euro(2740),
    });
  });

  it('leaves out shipping and taxes while the destination is not known, and needs no account', async () => {
    const response = await fetch(`${shop.url}/api/v1/quotes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lines: mugs }),
    });
    expect(await response.json()).toMatchObject({ shippingMethods: [], adjustments: [], total: euro(2500) });
  });

  it.each([
    ['coupon_not_valid', '/couponCodes/0', { couponCodes: ['NONE'] }],
    ['not_shippable', '/destination/country', { destination: { country: 'NZ' } }],
    ['shipping_method_not_offered', '/shippingMethod', { shippingMethod: randomUUID() }],
    ['unknown_sku', '/lines/0/sku', { lines: [{ sku: 'NONE', quantity: 1 }] }],
  ])('names the field at fault: %s', async (code, field, over) => {
    const { status, body } = await quote({ lines: mugs, destination: germany, ...over });
    expect([status, body.code, body.errors[0].field]).toEqual([422, code, field]);
  });
});

describe('an order', () => {
  it('costs what its quote said, and shows the same steps', async () => {
    const wish = { couponCodes: ['TEN'], shippingMethod: methods.express };
    const asked = (await quote({ lines: mugs, destination: germany, ...wish })).body;
    const { status, body } = await place({ ...wish, expectedTotal: asked.total });
    expect(status).toBe(201);
    const { subtotal, discount, shipping, tax, taxIncluded, adjustments, total } = asked;
    expect(body).toMatchObject({ subtotal, discount, shipping, tax, taxIncluded, adjustments, total });
    expect(body.shippingMethod).toEqual({ id: methods.express, name: 'Express', deliveryTime: '2 days' });
    const read = (await ada.call('GET', `/api/v1/orders/${body.id}`)).body;
    expect(read).toMatchObject({ lines: body.lines, adjustments, total });
  });

  it('that would cost something else than expected is 409 with the new quote, and is not written', async () => {
    const before = (await ada.call('GET', '/api/v1/orders?view=purchases')).body.items.length;
    const { status, body } = await place({ expectedTotal: euro(2500) });
    expect([status, body.code, body.total]).toEqual([409, 'price_changed', euro(2990)]);
    expect(body.quote).toEqual((await quote({ lines: mugs, destination: germany })).body);
    expect((await ada.call('GET', '/api/v1/orders?view=purchases')).body.items.length).toBe(before);
  });

  it('takes a code under its older name', async () => {
    expect((await place({ couponCode: 'ten' })).body.discount).toEqual(euro(250));
    expect((await place({ couponCode: 'none' })).body.errors[0].field).toBe('/couponCode');
  });

  it('of a cart costs what the quote of the cart said', async () => {
    const cart = (await ada.call('POST', '/api/v1/carts')).body.id;
    await ada.call('PUT', `/api/v1/carts/${cart}/lines/MUG`, { quantity: 2 });
    const asked = (await ada.call('POST', `/api/v1/carts/${cart}/quote`, { destination: germany })).body;
    expect(asked.total).toEqual(euro(2990));
    const details = {
      shippingAddress: address,
      payment: { provider: 'sandbox', token: 'ok' },
      expectedTotal: asked.total,
    };
    const { status, body } = await ada.call('POST', `/api/v1/carts/${cart}/checkout`, details);
    expect([status, body.total]).toEqual([201, asked.total]);
  });
});

describe('the shop', () => {
  it('states for a storefront where the shop sends, and how', async () => {
    expect((await ada.call('GET', '/api/v1/shop')).body).toMatchObject({
      name: 'Tradepost',
      taxIncluded: true,
      countries: ['AT', 'DE'],
      shippingMethods: [{ name: 'Express' }, { name: 'Parcel', countries: ['DE', 'AT'], currency: 'EUR' }],
      paymentProviders: ['sandbox'],
    });
  });
});
