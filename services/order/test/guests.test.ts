import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ UNSETTLED_ORDERS_PER_ACCOUNT: 3 });
});
afterAll(() => shop.stop());

const mug = [{ sku: 'MUG', quantity: 1 }];
const email = () => `${randomUUID()}@example.com`;

/** Somebody without an account. */
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(shop.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}
const place = (over: Record<string, unknown>, key: string = randomUUID()) =>
  call('POST', '/api/v1/orders', order(mug, over), { 'idempotency-key': key });

describe('a guest', () => {
  it('buys with an e-mail address, and follows the order with its token', async () => {
    const address = email();
    const placed = await place({ email: address.toUpperCase() });
    expect([placed.status, placed.body.email]).toEqual([201, address]);
    const { id, token } = placed.body;
    const path = `/api/v1/orders/${id}`;
    expect((await call('GET', `${path}?token=${token}`)).body).toMatchObject({ id, status: 'pending', email: address });
    expect((await call('GET', `/api/v1/orders/${placed.body.number}?token=${token}`)).body.id).toBe(id);
    expect((await call('GET', `${path}/events?token=${token}`)).body.items).toMatchObject([{ type: 'placed' }]);
    expect((await call('GET', `${path}/fulfilments?token=${token}`)).body).toEqual({ items: [] });
    expect((await call('GET', `${path}/refunds?token=${token}`)).body).toEqual({ items: [] });
    expect((await call('POST', `${path}/cancel?token=${token}`)).body).toMatchObject({ status: 'cancelled' });
    const events = (await call('GET', `${path}/events?token=${token}`)).body.items;
    expect(events.at(-1).data.reason).toBe('cancelled_by_customer');
  });

  it('without an address is asked to sign in or to send one, and nothing is written', async () => {
    const { status, body } = await place({});
    expect([status, body.code, body.errors[0].field]).toEqual([401, 'unauthenticated', '/email']);
  });

  it('gets the same order for the same key, with the same token', async () => {
    const key = randomUUID();
    const address = email();
    const [first, again] = await Promise.all([place({ email: address }, key), place({ email: address }, key)]);
    expect(again.body).toMatchObject({ id: first.body.id, token: first.body.token });
    expect((await place({ email: address, couponCode: 'x' }, key)).body.code).toBe('idempotency_key_reused');
    expect((await place({ email: email() }, key)).body.id).not.toBe(first.body.id);
  });

  it('has as much unsettled as an account may have', async () => {
    const address = email();
    const answers = await Promise.all(Array.from({ length: 6 }, () => place({ email: address })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect((await place({ email: email() })).status).toBe(201);
  });

  it('checks a cart out, and pays the order by another means after a declined payment', async () => {
    const cart = `/api/v1/carts/${(await call('POST', '/api/v1/carts')).body.id}`;
    await call('PUT', `${cart}/lines/MUG`, { quantity: 1 });
    const { lines: _, ...details } = order([], { email: email(), payment: { provider: 'sandbox', token: 'declined' } });
    const first = await call('POST', `${cart}/checkout`, details);
    expect(first.status).toBe(201);
    expect((await call('POST', `${cart}/checkout`, details)).body).toMatchObject({
      id: first.body.id,
      token: first.body.token,
    });
    const orderId = first.body.id;
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    await shop.publishEvent('stock.reserved.v1', orderId, { orderId, expiresAt, lines: mug });
    const path = `/api/v1/orders/${orderId}?token=${first.body.token}`;
    await until(async () => (await call('GET', path)).body.payment.status === 'declined');
    const again = { provider: 'sandbox', token: 'ok' };
    expect((await call('POST', `/api/v1/orders/${orderId}/payments`, again)).status).toBe(401);
    const paid = await call('POST', `/api/v1/orders/${orderId}/payments?token=${first.body.token}`, again);
    expect(paid.body).toMatchObject({ id: orderId, status: 'reserved' });
    await until(async () => (await call('GET', path)).body.status === 'confirmed');
  });
});

describe('a token', () => {
  it('opens no other order, and nothing without being right', async () => {
    const [one, other] = await Promise.all([place({ email: email() }), place({ email: email() })]);
    const account = await shop.someone();
    const owned = (await account.call('POST', '/api/v1/orders', order(mug), { 'idempotency-key': randomUUID() })).body;
    expect(owned.token).toBeUndefined();
    const { id, token } = one.body;
    for (const list of ['fulfilments', 'refunds']) {
      expect((await call('GET', `/api/v1/orders/${other.body.id}/${list}?token=${token}`)).status).toBe(404);
      expect((await call('GET', `/api/v1/orders/${id}/${list}`)).status).toBe(401);
    }
    const paths = [
      `/${other.body.id}?token=${token}`,
      `/${owned.id}?token=${token}`,
      `/${id}?token=${token}x`,
      `/${id}?token=x`,
    ];
    for (const path of paths) expect((await call('GET', `/api/v1/orders${path}`)).status).toBe(404);
    expect((await call('GET', `/api/v1/orders/${id}`)).status).toBe(401);
    expect((await account.call('GET', `/api/v1/orders/${id}`)).status).toBe(404);
    expect((await call('POST', `/api/v1/orders/${id}/cancel?token=${other.body.token}`)).status).toBe(404);
    expect((await call('POST', `/api/v1/orders/${id}/refunds?token=${token}`, { reason: 'x' })).status).toBe(401);
  });

  it('is neither in a list nor in what a seller or an operator reads', async () => {
    const { id, token } = (await place({ email: email() })).body;
    const admin = await shop.someone('admin');
    const read = JSON.stringify([
      (await admin.call('GET', `/api/v1/orders/${id}`)).body,
      (await admin.call('GET', '/api/v1/orders?view=all')).body,
      (await admin.call('GET', `/api/v1/admin/order/flows/${id}`)).body,
      shop.published,
    ]);
    expect(read).toContain(id);
    expect(read).not.toContain(token);
  });
});

describe('an order of a guest', () => {
  /** An account with an address. */
  const accountWith = (address: string) => shop.as(uuidv7(), 'customer', address);

  it('becomes one of the account with its address, by its token', async () => {
    const address = email();
    const { id, token } = (await place({ email: address })).body;
    const account = await accountWith(address);
    const claim = () => account.call('POST', '/api/v1/orders/claims', { orderId: id, token });
    expect((await claim()).body).toMatchObject({ id, customerId: account.id });
    expect((await claim()).status).toBe(200);
    expect((await account.call('GET', '/api/v1/orders?view=purchases')).body.items).toMatchObject([{ id }]);
    expect((await call('GET', `/api/v1/orders/${id}?token=${token}`)).status).toBe(200);
    const late = await accountWith(address);
    expect((await late.call('POST', '/api/v1/orders/claims', { orderId: id, token })).status).toBe(409);
  });

  it('keeps the key of the guest, which meets no key of the account', async () => {
    const [address, key] = [email(), randomUUID()];
    const { id, token } = (await place({ email: address }, key)).body;
    const account = await accountWith(address);
    const own = () => account.call('POST', '/api/v1/orders', order(mug), { 'idempotency-key': key });
    const first = await own();
    expect([first.status, first.body.id === id]).toEqual([201, false]);
    const claimed = await account.call('POST', '/api/v1/orders/claims', { orderId: id.toUpperCase(), token });
    expect([claimed.status, claimed.body.customerId]).toEqual([200, account.id]);
    expect((await own()).body.id).toBe(first.body.id);
    const again = await place({ email: address }, key);
    expect([again.status, again.body.id], 'a retry of the guest is no second order').toEqual([200, id]);
  });

  it('is claimed by nobody with another address or without the token', async () => {
    const address = email();
    const { id, token } = (await place({ email: address })).body;
    const stranger = await accountWith(email());
    expect((await stranger.call('POST', '/api/v1/orders/claims', { orderId: id, token })).status).toBe(403);
    const namesake = await accountWith(address);
    expect((await namesake.call('POST', '/api/v1/orders/claims', { orderId: id, token: 'guessed' })).status).toBe(404);
    expect((await namesake.call('GET', '/api/v1/orders?view=purchases')).body.items).toEqual([]);
  });
});
