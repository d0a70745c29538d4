import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, openRulesApi, problem, type RulesApi } from './rules-api.ts';
import { type Actor, type Answer, openShop, order, type Shop } from './shop.ts';

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
const json = (response: Response): Promise<Answer['body']> => response.json();
const mug = [{ sku: 'MUG', quantity: 1 }];
const place = (over: Record<string, unknown> = {}, lines: unknown = mug) =>
  ada.call('POST', '/api/v1/orders', order(lines, over), { 'idempotency-key': randomUUID() });

describe('the settings of the shop', () => {
  it('are replaced at the version that was read', async () => {
    const before = await rules.get('shop-settings');
    const { version } = before.body;
    const names = { invoicePrefix: 'INV', creditNotePrefix: 'CN' };
    const ofInvoices = { addressLines: [], ...names, language: 'en', timeZone: 'UTC' };
    expect(before.body).toEqual({ version, reverseCharge: false, currencies: [], ...ofInvoices });
    const wanted = { country: 'DE', vatId: 'de 136 695 976', reverseCharge: true, termsUrl: 'https://a.example/terms' };
    expect(problem(await rules.put('shop-settings', wanted))).toEqual([428, 'precondition_required', 'If-Match']);
    expect(problem(await rules.put('shop-settings', wanted, '"0"'))).toEqual([412, 'version_conflict']);
    const after = await rules.put('shop-settings', wanted, before.headers.get('etag') ?? '');
    const stored = { ...wanted, ...ofInvoices, vatId: 'DE136695976', currencies: [], version: version + 1 };
    expect([after.status, after.headers.get('etag'), after.body]).toEqual([200, `"${version + 1}"`, stored]);
    // The same again, whose answer was lost.
    expect((await rules.put('shop-settings', wanted, before.headers.get('etag') ?? '')).body).toEqual(stored);
  });

  it.each([
    ['/vatId', { country: 'DE', vatId: 'DE136695977' }],
    ['/vatId', { country: 'AT', vatId: 'DE136695976' }],
    ['/vatId', { country: 'DE', reverseCharge: true }],
    ['/country', { vatId: 'DE136695976', reverseCharge: true }],
    ['/addressLines', { legalName: 'Tradepost GmbH' }],
    ['/creditNotePrefix', { invoicePrefix: 'CN' }],
    ['/country', { country: 'CH', vatId: 'DE136695976', reverseCharge: true }],
    ['/timeZone', { timeZone: 'Europe/Atlantis' }],
  ])('must not contradict one another: %s', async (field, settings) => {
    const answer = await set(settings);
    expect([answer.status, problem(answer).includes(field)]).toEqual([422, true]);
  });

  it.each([
    ['/termsUrl', { termsUrl: 'javascript:alert(1)' }],
    ['/minimumAge', { minimumAge: 0 }],
    ['/invoicePrefix', { invoicePrefix: 'inv-' }],
    ['/addressLines/1', { legalName: 'A', addressLines: ['Quay 1', 'a\nb'] }],
    ['/currencies/0', { currencies: ['EURO'] }],
    ['/language', { language: 'tlh' }],
    ['/timeZone', { timeZone: 'x'.repeat(65) }],
    ['/timeZone', { timeZone: '+02:00' }],
  ])('name the field that is wrong: %s', async (field, settings) => {
    expect(problem(await set(settings))).toEqual([400, 'validation_failed', field]);
  });

  it('have the time zone as its database writes it', async () => {
    expect((await set({ timeZone: 'europe/berlin' })).body).toMatchObject({ timeZone: 'Europe/Berlin' });
  });

  it('are given to a storefront, as far as it needs them', async () => {
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

  it('that was placed is answered again, also when more must be confirmed by now', async () => {
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

describe('the documents of an order', () => {
  const business = { legalName: 'Tradepost GmbH', addressLines: ['Quay 1', '20457 Hamburg'], country: 'DE' };
  const billed = { billingAddress: { ...order([]).shippingAddress, name: '=cmd()' }, company: '@Byron "Ltd"' };

  /** A guest's order that is paid. */
  async function paid(): Promise<{ id: string; token: string; sellerId: string }> {
    await set(business);
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const body = JSON.stringify(order(mug, { ...billed, email: `${randomUUID()}@example.com` }));
    const placed = await json(await fetch(`${shop.url}/api/v1/orders`, { method: 'POST', headers, body }));
    const event = { orderId: placed.id, expiresAt: new Date(Date.now() + 600_000).toISOString(), lines: mug };
    await shop.publishEvent('stock.reserved.v1', placed.id, event);
    return { id: placed.id, token: placed.token, sellerId: placed.lines[0].sellerId };
  }

  it('are read by its customer and by operators, and by nobody else', async () => {
    const { id, token, sellerId } = await paid();
    const guest = async (path: string, by = token) => {
      const response = await fetch(`${shop.url}/api/v1/orders/${id}/invoices${path}?token=${by}`);
      return { status: response.status, body: await json(response) };
    };
    await until(async () => (await guest('')).body.items.length > 0);
    const [summary] = (await guest('')).body.items;
    expect(summary).toMatchObject({ type: 'invoice', gross: { amount: 1250, currency: 'EUR' } });
    const document = await guest(`/${summary.number}`);
    expect(document.body).toMatchObject({
      ...{ number: summary.number, seller: { name: 'Tradepost GmbH', country: 'DE' }, reverseCharge: false },
      customer: { name: '=cmd()', company: '@Byron "Ltd"', address: { city: 'London' } },
      lines: [{ sku: 'MUG', quantity: 1, unitPrice: { amount: 1250 }, gross: { amount: 1250 } }],
      taxTotals: [{ name: 'No tax', ratePercent: 0, tax: { amount: 0 } }],
    });
    expect([(await guest('', 'wrong')).status, (await guest('/INV-2020-000009')).status]).toEqual([404, 404]);
    const path = `/api/v1/orders/${id}/invoices`;
    const [seller, admin] = await Promise.all([shop.as(sellerId, 'seller'), shop.someone('admin')]);
    const statuses = async (actor: Actor) => [
      (await actor.call('GET', path)).status,
      (await actor.call('GET', `${path}/${summary.number}`)).status,
      (await actor.call('GET', at('invoices'))).status,
    ];
    expect(await statuses(seller)).toEqual([403, 403, 403]);
    expect(await statuses(ada)).toEqual([404, 404, 403]);
    expect(await statuses(admin)).toEqual([200, 200, 200]);
  });

  it('are listed for bookkeeping, a page at a time or as CSV without formulas', async () => {
    const admin = await shop.someone('admin');
    for (const { id } of [await paid(), await paid()]) {
      await until(async () => (await admin.call('GET', `/api/v1/orders/${id}/invoices`)).body.items.length > 0);
    }
    const all: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await admin.call('GET', at(`invoices?limit=1${cursor}`));
      all.push(...body.items.map(({ number }: { number: string }) => number));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(all.length).toBeGreaterThanOrEqual(2);
    expect(all).toEqual(all.toSorted());
    const today = new Date().toISOString().slice(0, 10);
    const counted = async (query: string) => (await admin.call('GET', at(`invoices?${query}`))).body.items.length;
    expect([await counted(`from=${today}`), await counted('to=2020-01-01')]).toEqual([all.length, 0]);
    expect(problem(await admin.call('GET', at('invoices?from=2020-02-31')))).toEqual([
      400,
      'validation_failed',
      '?from',
    ]);
    expect(problem(await admin.call('GET', at('invoices?cursor=e30')))).toEqual([400, 'invalid_cursor', '?cursor']);
    const csv = await admin.stream(at('invoices'), { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, ...rows] = (await csv.text()).trim().split('\r\n');
    expect(head?.startsWith('"number","type","issued on"')).toBe(true);
    expect(rows.length).toBe(all.length);
    expect(rows[0]).toContain(`"'=cmd()","'@Byron ""Ltd"""`);
  });
});
