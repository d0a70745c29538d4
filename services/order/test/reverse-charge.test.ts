import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeOldVatIdAnswers } from '../src/actions/check-vat-id.ts';
import { type JsonServer, serveJson } from './json-server.ts';
import { openRulesApi, problem, type RulesApi } from './rules-api.ts';
import { type Actor, openShop, order, type Shop } from './shop.ts';

/** A shop in Germany whose prices include tax, with a stand-in for VIES. */
let vies: JsonServer;
let shop: Shop;
let rules: RulesApi;
let ada: Actor;
const settings = { country: 'DE', vatId: 'DE136695976', reverseCharge: true };
/** What VIES answers about a registered id, as far as it is read, and more. */
const registered = {
  valid: true,
  requestDate: '2026-06-01T12:00:00.000Z',
  name: '---',
  requestIdentifier: 'WAPIAAAAX',
};

beforeAll(async () => {
  vies = await serveJson(() => ({ body: registered }));
  shop = await openShop({ VIES_URL: `${vies.url}/rest-api/`, VIES_TIMEOUT_MS: 1_000 });
  [rules, ada] = await Promise.all([openRulesApi(shop), shop.someone()]);
  for (const [country, ratePercent] of [
    ['DE', 19],
    ['AT', 20],
  ] as const) {
    await rules.put(`tax-rates/${uuidv7()}`, {
      name: `VAT ${ratePercent} %`,
      country,
      taxClass: 'standard',
      ratePercent,
    });
  }
});
afterAll(async () => {
  await shop.stop();
  vies.stop();
});
beforeEach(async () => {
  await rules.put('shop-settings', settings, '*');
  await shop.pool.query({ text: 'truncate vat_id_check' });
  vies.asked.length = 0;
  vies.answer = () => ({ body: registered });
});

const euro = (amount: number) => ({ amount, currency: 'EUR' });
const mugs = [{ sku: 'MUG', quantity: 2 }];
const vienna = { name: 'Ada', line1: 'Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' };
const quote = (over: object = {}) =>
  ada.call('POST', '/api/v1/quotes', { lines: mugs, destination: { country: 'AT' }, vatId: 'ATU13585627', ...over });
const place = (over: object = {}, actor = ada) =>
  actor.call('POST', '/api/v1/orders', order(mugs, { shippingAddress: vienna, vatId: 'ATU13585627', ...over }), {
    'idempotency-key': randomUUID(),
  });
const valid = { value: 'ATU13585627', status: 'valid', reverseCharge: true, consultationNumber: 'WAPIAAAAX' };
const unchecked = { value: 'ATU13585627', status: 'unchecked', reverseCharge: false };

describe('a company in another member state', () => {
  it('pays the price without tax, in the quote as in the order, which says why', async () => {
    const { body: quoted } = await quote();
    // 25.00 with 20 % are 20.83 without.
    const sums = { subtotal: euro(2500), taxExemption: euro(417), tax: euro(0), taxIncluded: true, total: euro(2083) };
    expect(quoted).toMatchObject({ ...sums, vatId: valid });
    expect(quoted.adjustments).toMatchObject([
      { type: 'tax_exemption', sku: 'MUG', reason: 'VAT 20 %', ratePercent: 20, amount: euro(-417), included: false },
      { type: 'tax', sku: 'MUG', reason: 'Reverse charge', basis: euro(2083), ratePercent: 0, amount: euro(0) },
    ]);
    const { status, body } = await place({ expectedTotal: quoted.total });
    expect({ ...body, status }).toMatchObject({ status: 201, ...sums, vatId: valid, adjustments: quoted.adjustments });
    expect(body.lines[0]).toMatchObject({ taxExemption: euro(417), tax: euro(0), total: euro(2083) });
  });

  it('is refunded what it has paid, unit by unit', async () => {
    const { body } = await place();
    const expiresAt = new Date(Date.now() + 900_000).toISOString();
    await shop.publishEvent('stock.reserved.v1', body.id, { orderId: body.id, expiresAt, lines: mugs });
    const admin = await shop.someone('admin');
    const path = `/api/v1/orders/${body.id}`;
    await until(async () => (await admin.call('GET', path)).body.status === 'confirmed');
    const refund = async () => {
      const one = { lines: [{ sku: 'MUG', quantity: 1 }], reason: 'Broken' };
      return (await admin.call('POST', `${path}/refunds`, one, { 'idempotency-key': randomUUID() })).body.amount;
    };
    expect([await refund(), await refund()]).toEqual([euro(1041), euro(1042)]);
  });

  it('pays the net prices of a shop whose prices do not include tax', async () => {
    const change = (taxIncluded: boolean) =>
      rules.put('pricing-settings', { taxIncluded, taxRounding: 'line', shippingTaxClass: 'standard' }, '*');
    await change(false);
    const { body } = await quote();
    const { body: without } = await quote({ vatId: undefined });
    await change(true);
    expect(body).toMatchObject({ taxExemption: euro(0), tax: euro(0), total: euro(2500) });
    expect(without).toMatchObject({ tax: euro(500), total: euro(3000) });
  });

  it.each([
    ['sends it to the country of the shop', { destination: { country: 'DE' } }],
    ['sends it to another country than that of its id', { destination: { country: 'FR' } }],
    ['has not said where it is sent', { destination: undefined }],
  ])('pays the tax where it %s', async (_, over) => {
    const { body } = await quote(over);
    expect(body.vatId).toEqual({ ...valid, reverseCharge: false });
    expect(body.total).toEqual(euro(2500));
  });

  it('pays the tax in a shop that does not use reverse charge, which asks nobody', async () => {
    await rules.put('shop-settings', { ...settings, reverseCharge: false }, '*');
    expect((await quote()).body).toMatchObject({ vatId: unchecked, total: euro(2500) });
    expect(vies.asked).toEqual([]);
  });
});

describe('the register', () => {
  it('is asked once a day about an id, with the id of the shop', async () => {
    await quote();
    await place();
    const body = {
      countryCode: 'AT',
      vatNumber: 'U13585627',
      requesterMemberStateCode: 'DE',
      requesterNumber: '136695976',
    };
    expect(vies.asked).toEqual([{ path: '/rest-api/check-vat-number', body }]);
    await shop.pool.query({ text: `update vat_id_check set checked_at = checked_at - interval '25 hours'` });
    await quote();
    expect(vies.asked).toHaveLength(2);
  });

  it('decides: an id that is not registered is taxed', async () => {
    vies.answer = () => ({ body: { ...registered, valid: false, requestIdentifier: '' } });
    const invalid = { value: 'ATU13585627', status: 'invalid', reverseCharge: false };
    expect((await quote()).body).toMatchObject({ vatId: invalid, total: euro(2500) });
    expect((await place()).body).toMatchObject({ vatId: invalid, total: euro(2500) });
  });

  it.each([
    ['fails', 'EL094259216', { status: 500, body: {} }],
    [
      'cannot reach a member state',
      'FR40303265045',
      { body: { actionSucceed: false, errorWrappers: [{ error: 'MS_UNAVAILABLE' }] } },
    ],
    ['does not answer', 'NL004495445B01', 'hang' as const],
  ])('that %s refuses no order: it is taxed, and is not asked again at once', async (_, vatId, answer) => {
    vies.answer = () => answer;
    const expected = { vatId: { value: vatId, status: 'unchecked', reverseCharge: false }, total: euro(2500) };
    expect((await quote({ vatId })).body).toMatchObject(expected);
    const { status, body } = await place({ vatId, expectedTotal: euro(2500) });
    expect({ ...body, status }).toMatchObject({ status: 201, ...expected });
    expect(vies.asked).toHaveLength(1);
    // That of another member state is asked all the same.
    vies.answer = () => ({ body: registered });
    expect((await quote()).body.vatId).toEqual(valid);
  });

  it('that answers anew between quote and order changes the total, and the order is refused', async () => {
    const { body: quoted } = await quote();
    await shop.pool.query({ text: 'update vat_id_check set is_valid = false' });
    const { status, body } = await place({ expectedTotal: quoted.total });
    expect([status, body.code, body.total]).toEqual([409, 'price_changed', euro(2500)]);
    expect(body.quote.vatId.status).toBe('invalid');
  });

  it('is forgotten after a day', async () => {
    await quote();
    const rows = async () => (await shop.pool.query({ text: 'select from vat_id_check' })).rows.length;
    await removeOldVatIdAnswers(shop.pool, new Date(Date.now() + 23 * 3_600_000));
    expect(await rows()).toBe(1);
    await removeOldVatIdAnswers(shop.pool, new Date(Date.now() + 25 * 3_600_000));
    expect(await rows()).toBe(0);
  });
});

it('a VAT id without the right form is refused by quotes and orders, and nobody is asked', async () => {
  expect(problem(await quote({ vatId: 'ATU13585628' }))).toEqual([422, 'vat_id_not_valid', '/vatId']);
  expect(problem(await place({ vatId: 'US 12' }))).toEqual([422, 'vat_id_not_valid', '/vatId']);
  expect(vies.asked).toEqual([]);
});
