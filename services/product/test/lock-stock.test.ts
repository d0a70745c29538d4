import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockStock } from '../src/store/stock.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

it('a transaction that waits for the lock of a stock reads the product as the holder of the lock left it', async () => {
  const { pool } = shop.service;
  const sku = newSku();
  const { body } = await shop.as('seller').call('POST', '/api/v1/products', mug(sku, {}, { stock: 3 }));
  let waiting: Promise<boolean | undefined> | undefined;
  await pool.transaction(async (tx) => {
    await lockStock(tx, [sku]);
    waiting = pool.transaction(async (other) => (await lockStock(other, [sku])).get(sku)?.forSale);
    await until(async () => {
      const { rows } = await pool.query({
        text: `select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
      });
      return rows.length > 0;
    });
    await tx.query({ text: `update product set status = 'archived' where id = $1`, values: [body.id] });
    await tx.query({ text: 'update stock set on_hand = 2 where sku = $1', values: [sku] });
  });
  expect(await waiting).toBe(false);
});
