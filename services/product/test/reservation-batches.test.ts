import type { Statement } from '@tradepost/postgres/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyOrderEvents } from '../src/actions/apply-order-events.ts';
import { contextOf } from './actions-context.ts';
import { confirmed, placed } from './order-events.ts';
import { deadLetters, offer } from './reservations.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('a batch', () => {
  it('costs a handful of statements however many orders it holds', async () => {
    const skus = await Promise.all(Array.from({ length: 5 }, async () => (await offer(shop, 1000)).sku));
    const orders = Array.from({ length: 100 }, (_, at) =>
      placed([
        { sku: skus[at % 5] ?? '', quantity: 1 },
        { sku: skus[(at + 1) % 5] ?? '', quantity: 2 },
      ]),
    );
    const statements: string[] = [];
    const noted = (statement: Statement) => {
      statements.push(statement.name ?? statement.text);
      return statement;
    };
    await shop.service.pool.transaction((tx) =>
      applyOrderEvents(
        {
          ...tx,
          query: (statement) => tx.query(noted(statement)),
          queryTogether: (...list) => {
            list.forEach(noted);
            // as: the rows are those that the caller asks for.
            return tx.queryTogether(...list) as Promise<never>;
          },
          queue: (statement) => tx.queue(noted(statement)),
        },
        contextOf(shop.service.pool, 1000),
        orders,
      ),
    );
    expect(statements).toEqual(['reservation.lock', 'stock.lock', 'stock.offers-of-locked', 'settlement.save']);
    for (const sku of skus) expect((await shop.stock(sku)).reserved).toBe(60);
  });

  it('announces stock that it leaves low: the order that does, not those before and after', async () => {
    const { sku } = await offer(shop, 8);
    const low = () => shop.service.events.filter(({ type, subject }) => type === 'stock.low.v1' && subject === sku);
    for (const quantity of [2, 1, 1]) await shop.publish(placed([{ sku, quantity }]));
    await shop.settled();
    expect(low().map(({ data }) => data)).toMatchObject([{ sku, title: 'Blue mug', available: 5, limit: 5 }]);
    // Nothing goes below 0: the order is rejected.
    await shop.publish(placed([{ sku, quantity: 9 }]));
    await shop.settled();
    expect(low()).toHaveLength(1);
    expect((await shop.stock(sku)).available).toBe(4);
  });

  it('is not delayed by one event that cannot be handled', async () => {
    const { sku } = await offer(shop, 10);
    const good = Array.from({ length: 5 }, () => placed([{ sku, quantity: 1 }]));
    const bad = confirmed(placed([{ sku, quantity: 1 }]));
    await shop.publish(...good.slice(0, 2), bad, ...good.slice(2));
    expect((await shop.stock(sku)).reserved).toBe(5);
    expect(await deadLetters(shop, bad.id)).toHaveLength(1);
  });
});
