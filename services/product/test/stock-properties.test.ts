import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { claim } from '@tradepost/postgres/inbox';
import { coalesce } from '@tradepost/postgres/single-flight';
import { uuidv7 } from '@tradepost/postgres/uuid';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyOrderEvents } from '../src/actions/apply-order-events.ts';
import { createHiddenSellers } from '../src/actions/hidden-sellers.ts';
import type { ListAnswer } from '../src/actions/list-page.ts';
import { createProductReads } from '../src/actions/product-reads.ts';
import { createSearchQueries } from '../src/actions/search-queries.ts';
import type { OrderEvent } from '../src/domain/reservation.ts';
import { cancelled, confirmed, mug, newSku, noProductCache, openShop, placed, refunded, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ DATABASE_POOL_MAX: 8 });
});
afterAll(() => shop.service.stop());

/** What becomes of an order after it was placed; as `order` would, it is confirmed only when it was reserved. */
const fates = ['nothing', 'cancelled', 'confirmed', 'confirmed, cancelled', 'confirmed, refunded', 'expired'] as const;

const plan = fc.record({
  stock: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }),
  orders: fc.array(
    fc.record({
      quantities: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
      fate: fc.constantFrom(...fates),
      /** Of each of its events: how often it is delivered, and how early or late. */
      copies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
      delays: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }),
      /** The cancellation overtakes the order. */
      overtaken: fc.boolean(),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  adjustments: fc.array(fc.record({ sku: fc.integer({ min: 0, max: 2 }), delta: fc.integer({ min: -5, max: 5 }) }), {
    maxLength: 4,
  }),
  republished: fc.boolean(),
});

type Planned = { event: OrderEvent; at: number; copies: number };

/** Delivers in order of `at`, all of one moment concurrently: some as one packet, some as separate deliveries. */
async function deliver(planned: readonly Planned[], republished: boolean): Promise<void> {
  const deliveries = planned.flatMap(({ event, at, copies }) =>
    Array.from({ length: copies }, (_, copy) => ({
      at: at + copy,
      // A copy has the same id when it is delivered again, and another when it is published again.
      event: copy === 2 && republished ? { ...event, id: uuidv7() } : event,
    })),
  );
  const moments = [...Map.groupBy(deliveries, ({ at }) => at)].sort(([a], [b]) => a - b);
  for (const [at, same] of moments) {
    const events = same.map(({ event }) => event);
    if (at % 2 === 0) await shop.publish(...events);
    else await Promise.all(events.map((event) => shop.publish(event)));
  }
}

// Long: one model: each command changes the model and the database
it('neither oversells nor loses nor doubles, whatever is repeated, reordered or concurrent', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ stock, orders, adjustments, republished }) => {
      const seller = shop.as('seller');
      const skus = stock.map(() => newSku());
      const price = { amount: 1999, currency: 'EUR' };
      const variants = skus.map((sku, at) => ({ sku, price, stock: stock[at] ?? 0 }));
      const { body } = await seller.call('POST', '/api/v1/products', mug('', { variants }));

      const made = orders.flatMap((order) => {
        const lines = skus
          .map((sku, at) => ({ sku, quantity: order.quantities[at] ?? 0 }))
          .filter(({ quantity }) => quantity > 0);
        return lines.length === 0 ? [] : [{ ...order, lines, placed: placed(lines) }];
      });

      // First: orders, some of them overtaken by their cancellation, while the seller adjusts.
      const first = made.flatMap(({ placed: event, copies, delays, overtaken }): Planned[] => {
        const order: Planned = { event, at: delays[0] ?? 0, copies: copies[0] ?? 1 };
        return overtaken ? [order, { event: cancelled(event), at: delays[1] ?? 0, copies: copies[1] ?? 1 }] : [order];
      });
      const adjusted = adjustments.filter(({ delta }) => delta !== 0);
      const [changes] = await Promise.all([
        Promise.all(
          adjusted.map(({ sku, delta }) =>
            seller.call('POST', `/api/v1/stock/${skus[sku]}/adjustments`, { delta, reason: 'count' }),
          ),
        ),
        deliver(first, republished),
      ]);

      // Then what `order` says to the answers it got; two orders' events overtake each other.
      await shop.settled();
      const held = made.filter(({ placed: event, overtaken }) => {
        const types = shop.service.events.filter(({ subject }) => subject === event.subject).map(({ type }) => type);
        if (!overtaken)
          expect(types.filter((type) => /^stock.(reserved|rejected)/.test(type)).length).toBeGreaterThan(0);
        // Never two minds about one order.
        expect(types.includes('stock.reserved.v1') && types.includes('stock.rejected.v1')).toBe(false);
        return !overtaken && types.includes('stock.reserved.v1');
      });
      const second = held.flatMap(({ placed: event, fate, lines, copies, delays }): Planned[] => {
        const restock = lines.map(({ sku }) => ({ sku, quantity: 1 }));
        const told = {
          nothing: [],
          expired: [],
          cancelled: [cancelled(event)],
          confirmed: [confirmed(event)],
          'confirmed, cancelled': [confirmed(event), later(cancelled(event))],
          'confirmed, refunded': [confirmed(event), refunded(event, restock)],
        }[fate];
        return told.map((one, at) => ({ event: one, at: delays[at + 1] ?? 0, copies: copies[at + 1] ?? 1 }));
      });
      await deliver(second, republished);

      // Every unit is where it belongs.
      for (const [at, sku] of skus.entries()) {
        const reserved = sum(held, at, ({ fate }) => fate === 'nothing' || fate === 'expired');
        const kept = sum(held, at, ({ fate }) => fate.startsWith('confirmed') && fate !== 'confirmed, cancelled');
        const back = held.filter(
          ({ fate, quantities }) => fate === 'confirmed, refunded' && (quantities[at] ?? 0) > 0,
        ).length;
        const accepted = adjusted.filter((one, index) => one.sku === at && changes[index]?.status === 201);
        const expected = (stock[at] ?? 0) + accepted.reduce((total, { delta }) => total + delta, 0) - kept + back;
        expect(await rowOf(sku)).toEqual({ on_hand: expected, reserved, sold: kept - back });
        expect(await recountOf(sku)).toEqual({ on_hand: expected, sold: kept - back });
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

type Ordered = { fate: (typeof fates)[number]; quantities: number[] };

const sum = (orders: readonly Ordered[], at: number, which: (order: Ordered) => boolean): number =>
  orders.filter(which).reduce((total, { quantities }) => total + (quantities[at] ?? 0), 0);

/** What `order` decides later has a later time, in whichever order it arrives. */
const later = <E extends CloudEvent>(event: E): E => ({ ...event, time: new Date(Date.now() + 60_000).toISOString() });

async function rowOf(sku: string) {
  const { rows } = await shop.service.pool.query({
    text: 'select on_hand, reserved, sold from stock where sku = $1',
    values: [sku],
  });
  return rows[0];
}

/** The same figures, added up from what is written down of every change. */
async function recountOf(sku: string) {
  const { rows } = await shop.service.pool.query({
    text: `select (a.units + m.units)::int as on_hand, -m.units::int as sold
      from (select coalesce(sum(delta), 0) as units from stock_adjustment where sku = $1) as a,
        (select coalesce(sum(delta), 0) as units from stock_movement where sku = $1) as m`,
    values: [sku],
  });
  return rows[0];
}

it('holds when several instances work side by side, none waiting for another in a ring', async () => {
  const skus = Array.from({ length: 4 }, newSku);
  const price = { amount: 1999, currency: 'EUR' };
  const variants = skus.map((sku) => ({ sku, price, stock: 100 }));
  await shop.as('seller').call('POST', '/api/v1/products', mug('', { variants }));
  // Each names three of the four SKUs, in an order of its own.
  const orders = Array.from({ length: 180 }, (_, at) => {
    const lines = [at, at + 1, at + 2].map((n) => ({ sku: skus[n % 4] ?? '', quantity: 1 + (n % 2) }));
    return placed(at % 2 === 0 ? lines : lines.reverse());
  });
  const cache = noProductCache();
  const ctx = {
    pool: shop.service.pool,
    now: () => new Date(),
    reservationTtlMs: 60_000,
    cache,
    reads: createProductReads(shop.service.pool),
    searchQuery: createSearchQueries(shop.service.pool),
    hiddenSellers: createHiddenSellers(shop.service.pool),
    sellerStatusChanged: () => undefined,
    firstPages: coalesce<ListAnswer>(),
  };
  const handle = (events: OrderEvent[]) =>
    ctx.pool.transaction(async (tx) => applyOrderEvents(tx, ctx, await claim(tx, events)));
  const work = async (events: OrderEvent[], size: number) => {
    for (let from = 0; from < events.length; from += size) await handle(events.slice(from, from + size));
  };
  await Promise.all([0, 1, 2].map((part) => work(orders.slice(part * 60, part * 60 + 60), 3 + part)));
  const figures = async () => Promise.all(skus.map(rowOf));
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
