import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRulesApi, problem, type RulesApi } from './rules-api.ts';
import { type Actor, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
let rules: RulesApi;
let ada: Actor;
beforeAll(async () => {
  shop = await openShop();
  [rules, ada] = await Promise.all([openRulesApi(shop), shop.someone()]);
});
afterAll(() => shop.stop());
beforeEach(() => set({}));

const set = (settings: object) => rules.put('shop-settings', settings, '*');
const mug = [{ sku: 'MUG', quantity: 1 }];
const place = (over: Record<string, unknown> = {}, lines: unknown = mug) =>
  ada.call('POST', '/api/v1/orders', order(lines, over), { 'idempotency-key': randomUUID() });

describe('the settings of the shop', () => {
  it('are replaced at the version that was read', async () => {
    const before = await rules.get('shop-settings');
    const { version } = before.body;
    expect(before.body).toEqual({ version, reverseCharge: false, currencies: [] });
    const wanted = { country: 'DE', vatId: 'de 136 695 976', reverseCharge: true, termsUrl: 'https://a.example/terms' };
    expect(problem(await rules.put('shop-settings', wanted))).toEqual([428, 'precondition_required', 'If-Match']);
    expect(problem(await rules.put('shop-settings', wanted, '"0"'))).toEqual([412, 'version_conflict']);
    const after = await rules.put('shop-settings', wanted, before.headers.get('etag') ?? '');
    const stored = { ...wanted, vatId: 'DE136695976', currencies: [], version: version + 1 };
    expect([after.status, after.headers.get('etag'), after.body]).toEqual([200, `"${version + 1}"`, stored]);
    // The same again, whose answer was lost.
    expect((await rules.put('shop-settings', wanted, before.headers.get('etag') ?? '')).body).toEqual(stored);
  });

  it.each([
    ['/vatId', { country: 'DE', vatId: 'DE136695977' }],
    ['/vatId', { country: 'AT', vatId: 'DE136695976' }],
    ['/vatId', { country: 'DE', reverseCharge: true }],
    ['/country', { vatId: 'DE136695976', reverseCharge: true }],
    ['/country', { country: 'CH', vatId: 'DE136695976', reverseCharge: true }],
  ])('must not contradict one another: %s', async (field, settings) => {
    const answer = await set(settings);
    expect([answer.status, problem(answer).includes(field)]).toEqual([422, true]);
  });

  it.each([
    ['/termsUrl', { termsUrl: 'javascript:alert(1)' }],
    ['/minimumAge', { minimumAge: 0 }],
    ['/currencies/0', { currencies: ['EURO'] }],
  ])('name the field that is wrong: %s', async (field, settings) => {
    expect(problem(await set(settings))).toEqual([400, 'validation_failed', field]);
  });

  it('are told to a storefront, as far as it needs them', async () => {
    const read = async () => (await ada.call('GET', '/api/v1/shop')).body;
    expect(await read()).toMatchObject({ terms: null, minimumAge: null, currencies: null, reverseCharge: false });
    await set({ termsUrl: 'https://a.example/terms', minimumAge: 18, currencies: ['USD', 'EUR'] });
    const terms = { url: 'https://a.example/terms' };
    expect(await read()).toMatchObject({ terms, minimumAge: 18, currencies: ['EUR', 'USD'] });
  });
});

describe('an order', () => {
  it('must accept the terms and confirm the age where the shop has them, and keeps what was confirmed', async () => {
    await set({ termsUrl: 'https://a.example/terms-1', minimumAge: 18 });
    const refused = [422, 'confirmation_required', '/acceptedTerms', '/ageConfirmed'];
    expect(problem(await place())).toEqual(refused);
    expect(problem(await place({ acceptedTerms: false, ageConfirmed: false }))).toEqual(refused);
    const { body } = await place({ acceptedTerms: true, ageConfirmed: true });
    await set({});
    const { body: later } = await ada.call('GET', `/api/v1/orders/${body.id}`);
    expect(later).toMatchObject({
      acceptedTerms: { url: 'https://a.example/terms-1', at: body.createdAt },
      confirmedAge: { minimumAge: 18, at: body.createdAt },
    });
  });

  it('of a cart must do so too', async () => {
    await set({ termsUrl: 'https://a.example/terms' });
    const { body: cart } = await ada.call('POST', '/api/v1/carts');
    await ada.call('PUT', `/api/v1/carts/${cart.id}/lines/MUG`, { quantity: 1 });
    const { lines: _, ...details } = order([]);
    const checkOut = (over: object) => ada.call('POST', `/api/v1/carts/${cart.id}/checkout`, { ...details, ...over });
    expect(problem(await checkOut({}))).toEqual([422, 'confirmation_required', '/acceptedTerms']);
    expect((await checkOut({ acceptedTerms: true })).status).toBe(201);
  });

  it('that was placed is answered again, whatever must be confirmed by now', async () => {
    const body = order(mug);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await ada.call('POST', '/api/v1/orders', body, headers);
    await set({ termsUrl: 'https://a.example/terms' });
    const again = await ada.call('POST', '/api/v1/orders', body, headers);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  });

  it('notes nothing as confirmed that the shop does not ask for', async () => {
    const { body } = await place({ acceptedTerms: true, ageConfirmed: true });
    expect([body.acceptedTerms, body.confirmedAge]).toEqual([undefined, undefined]);
  });

  it('is refused in a currency that the shop does not take', async () => {
    await set({ currencies: ['EUR'] });
    expect(problem(await place({}, [{ sku: 'DOLLAR', quantity: 1 }]))).toEqual([422, 'unprocessable', '/lines']);
    expect((await place()).status).toBe(201);
  });
});
