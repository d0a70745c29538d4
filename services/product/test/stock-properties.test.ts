import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mug, newSku, openShop, type Shop } from './shop.ts';
import { recountStock, stockRow } from './stock-figures.ts';
import { deliver, followUps, type PlannedOrder, placements, plannedOrders, stockPlan, unitsOf } from './stock-plans.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ DATABASE_POOL_MAX: 8 });
});
afterAll(() => shop.service.stop());

/** Whether the service has reserved stock for an order. Never is it of two minds about one. */
function wasReserved({ placed, overtaken }: PlannedOrder): boolean {
  const types = shop.service.events.filter(({ subject }) => subject === placed.subject).map(({ type }) => type);
  if (!overtaken) expect(types.filter((type) => /^stock.(reserved|rejected)/.test(type)).length).toBeGreaterThan(0);
  expect(types.includes('stock.reserved.v1') && types.includes('stock.rejected.v1')).toBe(false);
  return !overtaken && types.includes('stock.reserved.v1');
}

it('neither oversells nor loses nor doubles, with any repetition, order or concurrency', async () => {
  await fc.assert(
    fc.asyncProperty(stockPlan, async ({ stock, orders, adjustments, republished }) => {
      const seller = shop.as('seller');
      const skus = stock.map(() => newSku());
      const price = { amount: 1999, currency: 'EUR' };
      const variants = skus.map((sku, at) => ({ sku, price, stock: stock[at] ?? 0 }));
      const { body } = await seller.call('POST', '/api/v1/products', mug('', { variants }));

      // First orders, while the seller adjusts; then what `order` says to the answers.
      const made = plannedOrders(skus, orders);
      const adjusted = adjustments.filter(({ delta }) => delta !== 0);
      const [changes] = await Promise.all([
        Promise.all(
          adjusted.map(({ sku, delta }) =>
            seller.call('POST', `/api/v1/stock/${skus[sku]}/adjustments`, { delta, reason: 'count' }),
          ),
        ),
        deliver(shop, placements(made), republished),
      ]);
      await shop.settled();
      const held = made.filter(wasReserved);
      await deliver(shop, followUps(held), republished);

      // Every unit is where it belongs.
      for (const [at, sku] of skus.entries()) {
        const { reserved, kept, back } = unitsOf(held, at);
        const accepted = adjusted.filter((one, index) => one.sku === at && changes[index]?.status === 201);
        const expected = (stock[at] ?? 0) + accepted.reduce((total, { delta }) => total + delta, 0) - kept + back;
        expect(await stockRow(shop, sku)).toEqual({ on_hand: expected, reserved, sold: kept - back });
        expect(await recountStock(shop, sku)).toEqual({ on_hand: expected, sold: kept - back });
      }
      const { rows } = await shop.service.pool.query<{ in_stock: boolean; really: boolean }>({
        text: `select in_stock, exists (select from stock where product_id = p.id and on_hand > reserved) as really
          from product p where id = $1`,
        values: [body.id],
      });
      expect(rows[0]?.in_stock).toBe(rows[0]?.really);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
