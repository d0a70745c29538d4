import { afterAll, beforeAll, expect, it } from 'vitest';
import { setLines } from '../src/store/cart-lines.ts';
import { cartsWithVariants, removeIdleCarts } from '../src/store/carts.ts';
import { type Actor, type Answer, openShop, order, product, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
});
afterAll(() => shop.stop());

const { lines: _lines, ...purchase } = order([]);
const anonymous = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(shop.url + path, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const answer: Pick<Answer, 'status' | 'body'> = { status: response.status, body: await response.json() };
  return answer;
};

it('is filled by somebody without an account, and ordered once that somebody has signed in', async () => {
  const made = await anonymous('POST', '/api/v1/carts');
  expect(made).toMatchObject({ status: 201, body: { lines: [], total: null } });
  const path = `/api/v1/carts/${made.body.id}`;
  expect((await anonymous('PUT', `${path}/lines/MUG`, { quantity: 2 })).body.total).toEqual({
    amount: 2500,
    currency: 'EUR',
  });
  expect((await anonymous('PUT', `${path}/lines/TEA`, { quantity: 1 })).body.total.amount).toBe(2899);
  expect((await anonymous('PUT', `${path}/lines/TEA`, { quantity: 0 })).body.lines).toHaveLength(1);
  expect((await anonymous('POST', `${path}/checkout`, purchase)).status).toBe(401);
  const placed = await ada.call('POST', `${path}/checkout`, purchase);
  expect(placed).toMatchObject({ status: 201, body: { status: 'pending', total: { amount: 2500 } } });
  const again = await ada.call('POST', `${path}/checkout`, purchase);
  expect(again).toMatchObject({ status: 200, body: { id: placed.body.id } });
  expect((await ada.call('PUT', `${path}/lines/MUG`, { quantity: 1 })).body.code).toBe('cart_checked_out');
  expect((await ada.call('GET', path)).body.orderId).toBe(placed.body.id);
});

it('may be made twice, since the gateway asks again when a response is lost: the other one stays empty', async () => {
  const document: unknown = await (await fetch(`${shop.url}/openapi.json`)).json();
  expect(document).toMatchObject({ paths: { '/api/v1/carts': { post: { 'x-idempotency': 'always' } } } });
  const [lost, known] = [await anonymous('POST', '/api/v1/carts'), await anonymous('POST', '/api/v1/carts')];
  await anonymous('PUT', `/api/v1/carts/${known.body.id}/lines/MUG`, { quantity: 1 });
  expect((await anonymous('GET', `/api/v1/carts/${lost.body.id}`)).body.lines).toEqual([]);
  expect((await anonymous('GET', `/api/v1/carts/${known.body.id}`)).body.lines).toHaveLength(1);
});

it('becomes one order when two check it out at once', async () => {
  const { body } = await ada.call('POST', '/api/v1/carts');
  const path = `/api/v1/carts/${body.id}`;
  await ada.call('PUT', `${path}/lines/MUG`, { quantity: 1 });
  const answers = await Promise.all([1, 2, 3, 4].map(() => ada.call('POST', `${path}/checkout`, purchase)));
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
});

it('that was made signed in is nobody else’s', async () => {
  const { body } = await ada.call('POST', '/api/v1/carts');
  const bob = await shop.someone();
  expect((await bob.call('GET', `/api/v1/carts/${body.id}`)).status).toBe(404);
  expect((await anonymous('GET', `/api/v1/carts/${body.id}`)).status).toBe(404);
});

it('shows what has gone off sale, and refuses what was never on it', async () => {
  const fading = product([{ sku: 'FADING', amount: 100 }]);
  await shop.publishEvent('product.changed.v1', fading.productId, fading);
  const { body } = await ada.call('POST', '/api/v1/carts');
  const path = `/api/v1/carts/${body.id}`;
  await ada.call('PUT', `${path}/lines/FADING`, { quantity: 1 });
  await shop.publishEvent('product.changed.v1', fading.productId, { ...fading, version: 2, status: 'archived' });
  expect((await ada.call('GET', path)).body).toMatchObject({ total: null, lines: [{ sku: 'FADING', forSale: false }] });
  expect((await ada.call('POST', `${path}/checkout`, purchase)).body.code).toBe('not_for_sale');
  expect((await ada.call('PUT', `${path}/lines/NONE`, { quantity: 1 })).body.code).toBe('unknown_sku');
  expect((await ada.call('PUT', `${path}/lines/MUG`, { quantity: -1 })).status).toBe(400);
  const empty = (await ada.call('POST', '/api/v1/carts')).body.id;
  expect((await ada.call('POST', `/api/v1/carts/${empty}/checkout`, purchase)).body.code).toBe('cart_empty');
});

it('changes line by line, also when two change it at once, until it has become an order', async () => {
  const { body } = await ada.call('POST', '/api/v1/carts');
  const lines = `/api/v1/carts/${body.id}/lines`;
  const put = (sku: string, quantity: number) => ada.call('PUT', `${lines}/${sku}`, { quantity });
  await Promise.all([put('MUG', 1), put('TEA', 2), put('MUG', 1), put('TEA', 2)]);
  const held = async () => {
    const cart = await ada.call('GET', `/api/v1/carts/${body.id}`);
    return new Map(cart.body.lines.map((line: { sku: string; quantity: number }) => [line.sku, line.quantity]));
  };
  expect(await held()).toEqual(
    new Map([
      ['MUG', 1],
      ['TEA', 2],
    ]),
  );
  expect((await put('MUG', 3)).body.lines).toContainEqual(expect.objectContaining({ sku: 'MUG', quantity: 3 }));
  expect((await put('TEA', 0)).body.lines).toHaveLength(1);
  expect((await ada.call('POST', `/api/v1/carts/${body.id}/checkout`, purchase)).status).toBe(201);
  expect((await put('MUG', 1)).body.code).toBe('cart_checked_out');
  expect((await put('MUG', 0)).body.code).toBe('cart_checked_out');
  expect(await held()).toEqual(new Map([['MUG', 3]]));
});

it('is removed when nobody has touched it for so many days, unless it has become an order', async () => {
  const [idle, touched, ordered, fresh] = await Promise.all(
    Array.from({ length: 4 }, async () => (await ada.call('POST', '/api/v1/carts')).body.id),
  );
  for (const id of [touched, ordered]) await ada.call('PUT', `/api/v1/carts/${id}/lines/MUG`, { quantity: 1 });
  expect((await ada.call('POST', `/api/v1/carts/${ordered}/checkout`, purchase)).status).toBe(201);
  const age = (ids: string[], column: string) =>
    shop.pool.query({
      text: `update cart set ${column} = now() - interval '31 days' where id = any($1::uuid[])`,
      values: [ids],
    });
  await age([idle, touched, ordered], 'created_at');
  await age([idle, ordered, fresh], 'updated_at');
  expect(await removeIdleCarts(shop.pool, 30, 10)).toBe(1);
  const { carts } = await cartsWithVariants(shop.pool, [idle, touched, ordered, fresh], []);
  expect([...carts.keys()].sort()).toEqual([touched, ordered, fresh].sort());
});

it('changes its lines without a write to the indexes of carts', async () => {
  const { body } = await ada.call('POST', '/api/v1/carts');
  const counts = {
    text: `select pg_stat_get_xact_tuples_updated('cart'::regclass)::int as updates,
      pg_stat_get_xact_tuples_hot_updated('cart'::regclass)::int as "withoutIndex"`,
  };
  await shop.pool.transaction(async (tx) => {
    const [before] = (await tx.query<{ updates: number; withoutIndex: number }>(counts)).rows;
    for (const quantity of [1, 2, 0]) {
      const change = { cartId: body.id, line: { sku: 'MUG', quantity }, at: new Date() };
      expect((await tx.query(setLines([change]))).rowCount).toBe(1);
    }
    const { updates = 0, withoutIndex = 0 } = before ?? {};
    expect((await tx.query(counts)).rows).toEqual([{ updates: updates + 3, withoutIndex: withoutIndex + 3 }]);
  });
});
