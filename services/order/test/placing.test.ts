import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openShop, order, product, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
});
afterAll(() => shop.stop());

const place = (actor: Actor, body: unknown, headers: Record<string, string> = {}) =>
  actor.call('POST', '/api/v1/orders', body, { 'idempotency-key': randomUUID(), ...headers });

const rows = async (table: string): Promise<number> => {
  const { rows } = await shop.pool.query<{ n: number }>({ text: `select count(*)::int as n from ${table}` });
  return rows[0]?.n ?? -1;
};

describe('placing an order', () => {
  it('prices it from the copy of the catalogue and announces it', async () => {
    const lines = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEA', quantity: 1 },
    ];
    const answer = await place(ada, order(lines));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/v1/orders/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      status: 'pending',
      customerId: ada.id,
      total: { amount: 2899, currency: 'EUR' },
      payment: { provider: 'sandbox', status: 'waiting' },
      lines: [
        { sku: 'MUG', quantity: 2, unitPrice: { amount: 1250, currency: 'EUR' }, total: { amount: 2500 } },
        { sku: 'TEA', quantity: 1 },
      ],
    });
    expect(JSON.stringify(answer.body)).not.toContain('"token"');
    await until(() => shop.published.some((event) => event.subject === answer.body.id));
    const event = shop.published.find((candidate) => candidate.subject === answer.body.id);
    expect(event).toMatchObject({
      type: 'order.placed.v1',
      source: '/order',
      data: { orderId: answer.body.id, lines },
    });
    expect((await ada.call('GET', `/api/v1/orders/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('makes one order of one key, however often and at once it is asked', async () => {
    const key = randomUUID();
    const body = order([{ sku: 'MUG', quantity: 1 }]);
    const before = await rows('orders');
    const answers = await Promise.all(Array.from({ length: 12 }, () => place(ada, body, { 'idempotency-key': key })));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(11);
    expect(await rows('orders')).toBe(before + 1);
    const { id } = answers[0]?.body ?? {};
    const placed = () => shop.published.filter(({ subject, type }) => subject === id && type === 'order.placed.v1');
    await until(() => placed().length > 0, { what: 'the order to be published' });
    // Whatever was written before this order is published after it: a second event would have come by then.
    const next = await place(ada, body, { 'idempotency-key': randomUUID() });
    await until(() => shop.published.some(({ subject }) => subject === next.body.id), { what: 'the next order' });
    expect(placed()).toHaveLength(1);
  });

  it('refuses the same key with another request, and lets another customer use it', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await place(ada, order([{ sku: 'MUG', quantity: 1 }]), key);
    const second = await place(ada, order([{ sku: 'MUG', quantity: 2 }]), key);
    expect(second).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const bob = await shop.someone();
    const other = await place(bob, order([{ sku: 'MUG', quantity: 2 }]), key);
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('answers the same order under its key even when it could not be placed any more', async () => {
    const passing = product([{ sku: 'PASSING', amount: 100 }]);
    await shop.publishEvent('product.changed.v1', passing.productId, passing);
    const key = { 'idempotency-key': randomUUID() };
    const first = await place(ada, order([{ sku: 'PASSING', quantity: 1 }]), key);
    expect(first.status).toBe(201);
    await shop.publishEvent('product.changed.v1', passing.productId, { ...passing, version: 2, status: 'archived' });
    expect(await place(ada, order([{ sku: 'PASSING', quantity: 1 }]), key)).toMatchObject({
      status: 200,
      body: { id: first.body.id },
    });
    expect(await place(ada, order([{ sku: 'PASSING', quantity: 1 }]))).toMatchObject({
      status: 422,
      body: { code: 'not_for_sale', errors: [{ field: '/lines/0/sku' }] },
    });
  });

  it('says so when the price has moved', async () => {
    const lines = [{ sku: 'MUG', quantity: 2 }];
    const moved = await place(ada, order(lines, { expectedTotal: { amount: 2400, currency: 'EUR' } }));
    expect(moved).toMatchObject({
      status: 409,
      body: { code: 'price_changed', total: { amount: 2500, currency: 'EUR' }, errors: [{ field: '/expectedTotal' }] },
    });
    expect((await place(ada, order(lines, { expectedTotal: { amount: 2500, currency: 'EUR' } }))).status).toBe(201);
  });
});

describe('the copy of the catalogue', () => {
  it('ignores what is older than what it has', async () => {
    const moving = product([{ sku: 'MOVING', amount: 300 }], { version: 5 });
    await shop.publishEvent('product.changed.v1', moving.productId, moving);
    const older = product([{ sku: 'MOVING', amount: 100 }], { productId: moving.productId, version: 4 });
    await shop.publishEvent('product.changed.v1', moving.productId, older);
    expect((await place(ada, order([{ sku: 'MOVING', quantity: 1 }]))).body.total.amount).toBe(300);
  });

  it('is asked for once about a SKU that it does not hold yet', async () => {
    shop.catalogue.products.push(product([{ sku: 'BRAND-NEW', amount: 700 }]));
    const asked = shop.catalogue.asked;
    expect((await place(ada, order([{ sku: 'BRAND-NEW', quantity: 1 }]))).status).toBe(201);
    expect((await place(ada, order([{ sku: 'BRAND-NEW', quantity: 1 }]))).status).toBe(201);
    expect(shop.catalogue.asked).toBe(asked + 1);
  });

  it('does not pass on every question about a SKU that nobody knows', async () => {
    const asked = shop.catalogue.asked;
    const answers = await Promise.all([1, 2, 3, 4].map(() => place(ada, order([{ sku: 'NOWHERE', quantity: 1 }]))));
    for (const answer of answers) expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_sku' } });
    expect(shop.catalogue.asked).toBeLessThanOrEqual(asked + 1);
  });

  it('needs product for none of the SKUs that it holds, and says 503 for others while product is unavailable', async () => {
    shop.catalogue.isAway = true;
    expect((await place(ada, order([{ sku: 'MUG', quantity: 1 }]))).status).toBe(201);
    const answer = await place(ada, order([{ sku: 'LATER', quantity: 1 }]));
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    shop.catalogue.isAway = false;
  });
});

describe('what is refused', () => {
  const line = { sku: 'MUG', quantity: 1 };
  it.each([
    ['no lines', order([]), 400, '/lines'],
    ['a negative quantity', order([{ sku: 'MUG', quantity: -1 }]), 400, '/lines/0/quantity'],
    ['a zero quantity', order([{ sku: 'MUG', quantity: 0 }]), 400, '/lines/0/quantity'],
    ['a fraction', order([{ sku: 'MUG', quantity: 1.5 }]), 400, '/lines/0/quantity'],
    ['a huge quantity', order([{ sku: 'MUG', quantity: 1e21 }]), 400, '/lines/0/quantity'],
    ['a quantity in words', order([{ sku: 'MUG', quantity: '2' }]), 400, '/lines/0/quantity'],
    ['SQL for a SKU', order([{ sku: "'; drop table orders; --", quantity: 1 }]), 400, '/lines/0/sku'],
    ['a field that is not known', order([line], { total: 1 }), 400, '/total'],
    ['a country in words', order([line], { shippingAddress: { name: 'A' } }), 400, '/shippingAddress/country'],
    ['a SKU twice', order([line, line]), 422, '/lines/1/sku'],
    ['an archived variant', order([{ sku: 'MUG-OLD', quantity: 1 }]), 422, '/lines/0/sku'],
    ['two currencies', order([line, { sku: 'DOLLAR', quantity: 1 }]), 422, '/lines/1/sku'],
    [
      'a provider that is not known',
      order([line], { payment: { provider: 'x', token: 'ok' } }),
      422,
      '/payment/provider',
    ],
    [
      'a token that is not known',
      order([line], { payment: { provider: 'sandbox', token: 'x' } }),
      422,
      '/payment/token',
    ],
    ['a coupon', order([line], { couponCode: 'FREE' }), 422, '/couponCode'],
  ])('%s', async (_what, body, status, field) => {
    const before = await rows('orders');
    const answer = await place(ada, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(await rows('orders')).toBe(before);
  });

  it('a request without a key, or without a token', async () => {
    const body = order([line]);
    const keyless = await ada.call('POST', '/api/v1/orders', body);
    expect(keyless).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
    const response = await fetch(`${shop.url}/api/v1/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'k',
        'x-account-id': ada.id,
        'x-user-role': 'admin',
      },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(401);
  });

  it('keeps SQL and script in an address as the text that it is', async () => {
    const name = `Robert'); drop table orders;-- <script>alert(1)</script>`;
    const answer = await place(ada, order([line], { shippingAddress: { ...order([]).shippingAddress, name } }));
    expect(answer.status).toBe(201);
    const read = await ada.call('GET', `/api/v1/orders/${answer.body.id}`);
    expect(read.body.shippingAddress.name).toBe(name);
  });
});

describe('who sees an order', () => {
  it('is its customer, an operator, and a seller as to their lines', async () => {
    const lines = [
      { sku: 'MUG', quantity: 1 },
      { sku: 'TEA', quantity: 1 },
    ];
    const { body } = await place(ada, order(lines));
    const path = `/api/v1/orders/${body.id}`;
    const [bob, admin, stranger] = [await shop.someone(), await shop.someone('admin'), await shop.someone('seller')];
    expect((await bob.call('GET', path)).status).toBe(404);
    expect((await stranger.call('GET', path)).status).toBe(404);
    expect((await admin.call('GET', path)).body.lines).toHaveLength(2);
    expect((await bob.call('POST', `${path}/cancel`)).status).toBe(404);
    expect((await bob.call('GET', `${path}/events`)).status).toBe(404);
    expect((await ada.call('GET', `/api/v1/orders/${uuidv7()}`)).status).toBe(404);
    expect((await ada.call('GET', '/api/v1/orders/1')).status).toBe(404);
  });

  it('lists newest first, page by page, and refuses a cursor that it did not give', async () => {
    const carl = await shop.someone();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await place(carl, order([{ sku: 'TEA', quantity: 1 }]))).body.id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await carl.call('GET', `/api/v1/orders?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    expect((await carl.call('GET', '/api/v1/orders?cursor=xyz')).body.code).toBe('invalid_cursor');
    expect((await carl.call('GET', '/api/v1/orders?view=all')).status).toBe(403);
    expect((await carl.call('GET', '/api/v1/orders?limit=1000')).body.errors[0].field).toBe('?limit');
  });
});
