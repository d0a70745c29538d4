import { claim } from '@tradepost/postgres/inbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyOrderEvents } from '../src/actions/apply-order-events.ts';
import type { OrderEvent } from '../src/domain/reservation.ts';
import { contextOf } from './actions-context.ts';
import { placed } from './order-events.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';
import { stockRow } from './stock-figures.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ DATABASE_POOL_MAX: 8 });
});
afterAll(() => shop.service.stop());

it('holds when several instances work side by side, without a deadlock', async () => {
  const skus = Array.from({ length: 4 }, newSku);
  const price = { amount: 1999, currency: 'EUR' };
  const variants = skus.map((sku) => ({ sku, price, stock: 100 }));
  await shop.as('seller').call('POST', '/api/v1/products', mug('', { variants }));
  // Each names three of the four SKUs, in an order of its own.
  const orders = Array.from({ length: 180 }, (_, at) => {
    const lines = [at, at + 1, at + 2].map((n) => ({ sku: skus[n % 4] ?? '', quantity: 1 + (n % 2) }));
    return placed(at % 2 === 0 ? lines : lines.reverse());
  });
  const ctx = contextOf(shop.service.pool, 60_000);
  const handle = (events: OrderEvent[]) =>
    ctx.pool.transaction(async (tx) => applyOrderEvents(tx, ctx, await claim(tx, events)));
  const work = async (events: OrderEvent[], size: number) => {
    for (let from = 0; from < events.length; from += size) await handle(events.slice(from, from + size));
  };
  await Promise.all([0, 1, 2].map((part) => work(orders.slice(part * 60, part * 60 + 60), 3 + part)));
  const figures = async () => Promise.all(skus.map((sku) => stockRow(shop, sku)));
  const after = await figures();
  const { rows } = await shop.service.pool.query<{ status: string; lines: { sku: string; quantity: number }[] }>({
    text: 'select status, lines from reservation where order_id = any($1)',
    values: [orders.map(({ subject }) => subject)],
  });
  expect(rows).toHaveLength(180);
  const held = rows.filter(({ status }) => status === 'held').flatMap(({ lines }) => lines);
  for (const [at, sku] of skus.entries()) {
    const reserved = held.reduce((total, line) => (line.sku === sku ? total + line.quantity : total), 0);
    expect(after[at]).toEqual({ on_hand: 100, reserved, sold: 0 });
  }
  expect(held.length).toBeLessThan(540);
  // All of it once more, given to each of them, as it was and published anew.
  const again = orders.map((order) => ({ ...order, id: uuidv7() }));
  await Promise.all([work(orders, 7), work([...again].reverse(), 11), work(again, 5)]);
  expect(await figures()).toEqual(after);
});
