import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
});
afterAll(() => shop.stop());

const { lines: _lines, ...purchase } = order([]);
const declined = { ...purchase, payment: { provider: 'sandbox', token: 'declined' } };
const expiresAt = new Date(Date.now() + 900_000).toISOString();

async function cartOf(owner: Actor, ...skus: string[]): Promise<string> {
  const { body } = await owner.call('POST', '/api/v1/carts');
  for (const sku of skus) await owner.call('PUT', `/api/v1/carts/${body.id}/lines/${sku}`, { quantity: 1 });
  return body.id;
}

async function guestCart(...skus: string[]): Promise<string> {
  const call = async (method: string, path: string, body?: unknown) => {
    const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
    return (await fetch(shop.url + path, { method, ...init })).json();
  };
  // as: the API's answer.
  const { id } = (await call('POST', '/api/v1/carts')) as { id: string };
  for (const sku of skus) await call('PUT', `/api/v1/carts/${id}/lines/${sku}`, { quantity: 3 });
  return id;
}

const checkout = (who: Actor, cart: string, body: unknown = purchase) =>
  who.call('POST', `/api/v1/carts/${cart}/checkout`, body);
const read = async (cart: string, who = ada) => (await who.call('GET', `/api/v1/carts/${cart}`)).body;
const reserve = (orderId: string) =>
  shop.publishEvent('stock.reserved.v1', orderId, { orderId, expiresAt, lines: [{ sku: 'MUG', quantity: 1 }] });
const becomes = (id: string, status: string) =>
  until(async () => (await ada.call('GET', `/api/v1/orders/${id}`)).body.status === status, {
    what: `${id} ${status}`,
  });

describe('a cart', () => {
  it('opens again when its payment is declined and its customer goes back, and is then another order', async () => {
    const cart = await cartOf(ada, 'MUG');
    const first = await checkout(ada, cart, declined);
    await reserve(first.body.id);
    await becomes(first.body.id, 'awaiting_payment');
    expect(await checkout(ada, cart)).toMatchObject({ status: 200, body: { id: first.body.id } });
    await ada.call('POST', `/api/v1/orders/${first.body.id}/cancel`);
    expect(await read(cart)).toMatchObject({ lines: [{ sku: 'MUG' }] });
    expect((await read(cart)).orderId).toBeUndefined();
    const second = await checkout(ada, cart);
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    await reserve(second.body.id);
    await becomes(second.body.id, 'confirmed');
    expect(await checkout(ada, cart)).toMatchObject({ status: 200, body: { id: second.body.id } });
  });

  it('is checked out by an operator for its customer, who keeps it', async () => {
    const [cart, admin] = [await cartOf(ada, 'MUG'), await shop.someone('admin')];
    const { status, body } = await checkout(admin, cart);
    expect([status, body.customerId]).toEqual([201, ada.id]);
    expect((await checkout(ada, cart)).body.id).toBe(body.id);
    await ada.call('POST', `/api/v1/orders/${body.id}/cancel`);
    expect((await read(cart)).orderId).toBe(body.id);
  });

  it('opens again when there is no stock, and stays closed when its customer cancels', async () => {
    const cart = await cartOf(ada, 'MUG');
    const { id } = (await checkout(ada, cart)).body;
    const lines = [{ sku: 'MUG', reason: 'insufficient_stock' as const, requested: 1, available: 0 }];
    await shop.publishEvent('stock.rejected.v1', id, { orderId: id, lines });
    expect((await read(cart)).orderId).toBeUndefined();
    const other = await cartOf(ada, 'MUG');
    const cancelled = (await checkout(ada, other)).body.id;
    await ada.call('POST', `/api/v1/orders/${cancelled}/cancel`);
    expect((await read(other)).orderId).toBe(cancelled);
  });

  it('of a guest becomes one order, with any number of checkouts at once, and with any details', async () => {
    const cart = await guestCart('MUG');
    const bob = await shop.someone();
    const elsewhere = { ...purchase, shippingAddress: { ...purchase.shippingAddress, line1: 'Row 2' } };
    const answers = await Promise.all([checkout(ada, cart), checkout(ada, cart, elsewhere), checkout(bob, cart)]);
    const { rows } = await shop.pool.query({ text: 'select id from orders where cart_id = $1', values: [cart] });
    expect(rows).toHaveLength(1);
    const codes = answers.map(({ status, body }) => (status < 300 ? body.id : body.code));
    expect(new Set(codes).size).toBeLessThanOrEqual(2);
    for (const { status } of answers) expect([200, 201, 404, 409]).toContain(status);
  });

  it('does not share its key with an Idempotency-Key of its customer', async () => {
    const cart = await cartOf(ada, 'MUG');
    const key = { 'idempotency-key': `cart:${cart}` };
    const placed = await ada.call('POST', '/api/v1/orders', order([{ sku: 'TEA', quantity: 1 }]), key);
    expect(placed.status).toBe(201);
    expect((await checkout(ada, cart)).status).toBe(201);
  });

  it('of an account is found on every device, and only by that account', async () => {
    const bob = await shop.someone();
    const first = await cartOf(bob, 'MUG');
    const second = await cartOf(bob, 'TEA');
    const { body } = await bob.call('GET', '/api/v1/carts');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    expect(body.items[0]).toMatchObject({
      total: { amount: 399 },
      lines: [{ sku: 'TEA', title: expect.stringContaining('Tea') }],
    });
    await checkout(bob, second);
    expect((await bob.call('GET', '/api/v1/carts')).body.items).toHaveLength(1);
    expect((await fetch(`${shop.url}/api/v1/carts`)).status).toBe(401);
  });
});

describe('merging', () => {
  const merge = (who: Actor, into: string, from: string) => who.call('POST', `/api/v1/carts/${into}/merge`, { from });

  it('keeps what a guest has put in, once however often it is asked for', async () => {
    const guest = await guestCart('MUG', 'DOLLAR');
    const cart = await cartOf(ada, 'MUG', 'TEA');
    for (let i = 0; i < 2; i++) {
      const { status, body } = await merge(ada, cart, guest);
      expect(status).toBe(200);
      const quantities = body.lines.map((line: { sku: string; quantity: number }) => [line.sku, line.quantity]);
      expect(Object.fromEntries(quantities)).toEqual({ MUG: 3, TEA: 1, DOLLAR: 3 });
    }
    expect(await read(guest)).toMatchObject({ lines: [], mergedInto: cart });
    const late = await ada.call('PUT', `/api/v1/carts/${guest}/lines/TEA`, { quantity: 1 });
    expect(late.body).toMatchObject({ status: 409, code: 'cart_merged', cartId: cart });
    expect((await checkout(ada, guest)).body.code).toBe('cart_merged');
    expect((await fetch(`${shop.url}/api/v1/carts/${guest}`)).status).toBe(404);
  });

  it('is refused for carts of others, ordered carts, and a cart with itself', async () => {
    const bob = await shop.someone();
    const [mine, theirs, guest] = [await cartOf(ada, 'MUG'), await cartOf(bob, 'MUG'), await guestCart('MUG')];
    expect((await merge(ada, mine, theirs)).status).toBe(404);
    expect((await merge(ada, theirs, mine)).status).toBe(404);
    expect((await merge(ada, guest, mine)).body.code).toBe('forbidden');
    expect((await merge(ada, mine, mine)).body.code).toBe('unprocessable');
    expect((await merge(ada, mine, randomUUID())).status).toBe(404);
    await checkout(ada, guest);
    expect((await merge(ada, mine, guest)).body.code).toBe('cart_checked_out');
  });
});

describe('the number of an order', () => {
  it('finds it, as people type it, for those who may see it', async () => {
    const placed = await ada.call('POST', '/api/v1/orders', order([{ sku: 'MUG', quantity: 1 }]), {
      'idempotency-key': randomUUID(),
    });
    const { id, number } = placed.body;
    expect(number).toMatch(/^T-\d{8}$/);
    const [bob, admin] = [await shop.someone(), await shop.someone('admin')];
    expect((await ada.call('GET', `/api/v1/orders/${number}`)).body.id).toBe(id);
    expect((await bob.call('GET', `/api/v1/orders/${number}`)).status).toBe(404);
    const typed = encodeURIComponent(number.toLowerCase().replace('-', ' '));
    for (const [who, found] of [
      [ada, 1],
      [admin, 1],
      [bob, 0],
    ] as const) {
      expect((await who.call('GET', `/api/v1/orders?number=${typed}`)).body.items).toHaveLength(found);
    }
    expect((await ada.call('GET', '/api/v1/orders?number=nonsense')).body.items).toEqual([]);
    expect((await admin.call('GET', `/api/v1/orders?view=purchases&number=${number}`)).body.items).toEqual([]);
  });
});
