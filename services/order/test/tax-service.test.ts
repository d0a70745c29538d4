import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JsonServer, serveJson } from './json-server.ts';
import { openRulesApi, problem } from './rules-api.ts';
import { type Actor, openShop, order, type Shop } from './shop.ts';

/** Two shops with the same tax service: one refuses orders without it, one has rates for that. */
let service: JsonServer;
let strict: Shop;
let withRates: Shop;
let ada: Actor;
let bob: Actor;

beforeAll(async () => {
  service = await serveJson(taxed);
  const settings = { TAX_SERVICE_URL: `${service.url}/taxes`, TAX_SERVICE_TIMEOUT_MS: 1_000 };
  [strict, withRates] = await Promise.all([
    openShop(settings),
    openShop({ ...settings, TAX_SERVICE_FALLBACK: 'rates' }),
  ]);
  [ada, bob] = await Promise.all([strict.someone(), withRates.someone()]);
  const rules = await openRulesApi(withRates);
  await rules.put('pricing-settings', { taxIncluded: false, taxRounding: 'line', shippingTaxClass: 'standard' }, '*');
  await rules.put(`tax-rates/${uuidv7()}`, { name: 'VAT', country: 'GB', taxClass: 'standard', ratePercent: 20 });
});
afterAll(async () => {
  await Promise.all([strict.stop(), withRates.stop()]);
  service.stop();
});
beforeEach(() => {
  service.answer = taxed;
  service.asked.length = 0;
});

const euro = (amount: number) => ({ amount, currency: 'EUR' });
const mug = [{ sku: 'MUG', quantity: 1 }];
const tax = { sku: 'MUG', name: 'City tax', ratePercent: 8.875, amount: 102 };
const taxed = () => ({ body: { taxes: [tax, { sku: 'MUG', name: 'Plastic levy', amount: 30 }] } });
const place = (actor: Actor, key = randomUUID()) =>
  actor.call('POST', '/api/v1/orders', order(mug), { 'idempotency-key': key });

it('the taxes of an order come from the service', async () => {
  const { body } = await place(ada);
  expect(body).toMatchObject({ tax: euro(132), taxIncluded: true, total: euro(1250) });
  const adjustment = { type: 'tax', sku: 'MUG', sourceId: 'tax-service', basis: euro(1250), included: true };
  expect(body.adjustments).toEqual([
    { ...adjustment, reason: 'City tax', ratePercent: 8.875, amount: euro(102) },
    { ...adjustment, reason: 'Plastic levy', amount: euro(30) },
  ]);
  const amounts = [{ sku: 'MUG', taxClass: 'standard', amount: 1250 }];
  const expected = { currency: 'EUR', taxIncluded: true, destination: { country: 'GB' }, amounts };
  expect(service.asked).toMatchObject([{ path: '/taxes', body: expected }]);
});

it('is not asked while the destination is not known', async () => {
  const { body } = await ada.call('POST', '/api/v1/quotes', { lines: mug });
  expect([body.tax, service.asked]).toEqual([euro(0), []]);
});

describe.each([
  ['fails', { status: 500, body: {} }],
  ['does not answer', 'hang' as const],
  ['answers something else', { body: { taxes: [{ sku: 'MUG' }] } }],
  ['taxes something else', { body: { taxes: [{ ...tax, sku: 'TEA' }] } }],
  ['taxes shipping, which is free', { body: { taxes: [{ ...tax, sku: null }] } }],
])('a service that %s', (_, answer) => {
  it('has orders refused, with Retry-After', async () => {
    service.answer = () => answer;
    const { status, body, headers } = await place(ada);
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
    service.answer = taxed;
    expect((await place(ada)).status).toBe(201);
  });

  it('leaves the taxes to the rates of a shop that has chosen so', async () => {
    service.answer = () => answer;
    const { status, body } = await place(bob);
    expect({ ...body, status }).toMatchObject({ status: 201, tax: euro(250), total: euro(1500) });
    expect(body.adjustments).toMatchObject([{ reason: 'VAT', ratePercent: 20 }]);
  });
});

it('more tax in a price than the price is no answer', async () => {
  service.answer = () => ({
    body: {
      taxes: [
        { ...tax, amount: 1200 },
        { ...tax, amount: 51 },
      ],
    },
  });
  expect(problem(await place(ada))).toEqual([503, 'unavailable']);
});

it('an order that was placed is answered again without the service', async () => {
  const key = randomUUID();
  const { body } = await place(ada, key);
  service.answer = () => ({ status: 500, body: {} });
  const again = await place(ada, key);
  expect([again.status, again.body.id]).toEqual([200, body.id]);
});
