import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type OrderEvent, type Reservation, type StockLevel } from './reservation.ts';

const SKUS = ['A', 'B', 'C'];
const expiresAt = new Date('2026-01-01T00:15:00Z');
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const price = { amount: 100, currency: 'EUR' };

type Line = { sku: string; quantity: number };
type Told = { [T in OrderEvent['type']]: CloudEvent<T>['data'] };

function event<T extends OrderEvent['type']>(type: T, data: Told[T], second = 0): OrderEvent {
  const envelope = {
    specversion: '1.0',
    id: 'id',
    source: '/order',
    subject: data.orderId,
    datacontenttype: 'application/json',
  };
  return { ...envelope, type, time: at(second), data } as OrderEvent;
}
const placed = (orderId: string, lines: Line[], amount = 100) =>
  event('order.placed.v1', {
    ...{ orderId, customerId: 'c', placedAt: at(0), total: price },
    lines: lines.map((line) => ({ ...line, unitPrice: { ...price, amount }, priceVersion: 1 })),
  });
const confirmed = (orderId: string, second = 0) =>
  event('order.confirmed.v1', { orderId, customerId: 'c', total: price, lines: [] }, second);
const cancelled = (orderId: string, second = 0) =>
  event('order.cancelled.v1', { orderId, reason: 'x', lines: [] }, second);
const refunded = (orderId: string, refundId: string, restock: Line[]) =>
  event('order.refunded.v1', { orderId, customerId: 'c', refundId, amount: price, complete: false, restock });

type Stock = Map<string, StockLevel & { sold: number }>;
const stockOf = (...units: number[]): Stock =>
  new Map(
    units.map((onHand, n) => [
      SKUS[n] ?? '',
      { onHand, reserved: 0, sold: 0, forSale: true, suspendedSince: null, price },
    ]),
  );

/** Applies batches to a state, as the store would. */
function run(stock: Stock, reservations: Map<string, Reservation>, batch: readonly OrderEvent[]) {
  const decision = decide(batch, { reservations, stock, expiresAt });
  for (const [id, reservation] of decision.reservations) reservations.set(id, reservation);
  for (const [sku, delta] of decision.deltas) {
    const level = stock.get(sku);
    if (!level) throw new Error(`nobody has ${sku}`);
    level.onHand += delta.onHand;
    level.reserved += delta.reserved;
    level.sold += delta.sold;
  }
  return decision.answers.map(({ type }) => type);
}

const figures = (stock: Stock) => [...stock.values()].map(({ onHand, reserved, sold }) => [onHand, reserved, sold]);

describe('a batch', () => {
  it('is decided in order of arrival, each order whole or not at all', () => {
    const stock = stockOf(5, 5);
    const orders = [
      placed('1', [
        { sku: 'A', quantity: 3 },
        { sku: 'B', quantity: 1 },
      ]),
      placed('2', [
        { sku: 'A', quantity: 3 },
        { sku: 'B', quantity: 1 },
      ]),
      placed('3', [{ sku: 'A', quantity: 2 }]),
      cancelled('1'),
      placed('4', [{ sku: 'A', quantity: 3 }]),
    ];
    expect(run(stock, new Map(), orders)).toEqual([
      'stock.reserved.v1',
      'stock.rejected.v1',
      'stock.reserved.v1',
      'stock.released.v1',
      'stock.reserved.v1',
    ]);
    expect(figures(stock)).toEqual([
      [5, 5, 0],
      [5, 0, 0],
    ]);
  });

  it('counts a SKU that an order names twice together', () => {
    const stock = stockOf(5);
    expect(
      run(stock, new Map(), [
        placed('1', [
          { sku: 'A', quantity: 3 },
          { sku: 'A', quantity: 3 },
        ]),
      ]),
    ).toEqual(['stock.rejected.v1']);
    expect(
      run(stock, new Map(), [
        placed('2', [
          { sku: 'A', quantity: 2 },
          { sku: 'A', quantity: 3 },
        ]),
      ]),
    ).toEqual(['stock.reserved.v1']);
  });

  it('is refused for what no order of events explains', () => {
    const stock = stockOf(5);
    const lines = [{ sku: 'A', quantity: 1 }];
    expect(() => run(stock, new Map(), [confirmed('1')])).toThrow('never reserved');
    expect(() => run(stock, new Map(), [refunded('1', 'r', lines)])).toThrow('nothing was ever reserved');
    expect(() => run(stock, new Map(), [placed('1', lines, 99), confirmed('1')])).toThrow('rejected');
    expect(() => run(stock, new Map(), [placed('1', lines), cancelled('1', 5), confirmed('1', 6)])).toThrow('released');
    expect(run(stock, new Map(), [placed('1', lines), cancelled('1', 5), confirmed('1', 4)])).toEqual([
      'stock.reserved.v1',
      'stock.released.v1',
    ]);
  });
});

describe('any sequence of events', () => {
  const lines = fc.uniqueArray(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 4 }) }), {
    selector: ({ sku }) => sku,
    minLength: 1,
    maxLength: 3,
  });
  const order = fc.constantFrom('1', '2', '3', '4', '5');
  const orders = fc.array(lines, { minLength: 5, maxLength: 5 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('placed' as const), order }),
    fc.record({ kind: fc.constant('confirmed' as const), order, second: fc.nat({ max: 3 }) }),
    fc.record({ kind: fc.constant('cancelled' as const), order, second: fc.nat({ max: 3 }) }),
    fc.record({
      kind: fc.constant('refunded' as const),
      order,
      refund: fc.constantFrom('r', 's'),
      quantity: fc.integer({ min: 1, max: 5 }),
    }),
  );

  // Long: one table of cases
  it('holds no more than there is, keeps every unit, and ends the same in batches of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
        orders,
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (units, wanted, steps, size) => {
          const events = steps.map((one): OrderEvent => {
            const its = wanted[Number(one.order) - 1] ?? [];
            if (one.kind === 'placed') return placed(one.order, its);
            if (one.kind === 'confirmed') return confirmed(one.order, one.second);
            if (one.kind === 'cancelled') return cancelled(one.order, one.second);
            return refunded(
              one.order,
              one.refund,
              its.map(({ sku }) => ({ sku, quantity: one.quantity })),
            );
          });
          const stock = stockOf(...units);
          const reservations = new Map<string, Reservation>();
          const accepted: OrderEvent[] = [];
          for (const one of events) {
            try {
              run(stock, reservations, [one]);
              accepted.push(one);
            } catch {
              // Parked: it must have changed nothing, which the sums show.
            }
            for (const [n, { onHand, reserved, sold }] of [...stock.values()].entries()) {
              expect(reserved).toBeGreaterThanOrEqual(0);
              expect(reserved).toBeLessThanOrEqual(onHand);
              expect(sold).toBeGreaterThanOrEqual(0);
              expect(onHand + sold).toBe(units[n]);
            }
          }
          for (const [sku, level] of stock) {
            const its = [...reservations.values()].flatMap(({ status, lines: all }) =>
              all.filter((line) => line.sku === sku).map((line) => ({ ...line, status })),
            );
            const sum = (status: string, count: (line: (typeof its)[number]) => number) =>
              its.filter((line) => line.status === status).reduce((total, line) => total + count(line), 0);
            expect(level.reserved).toBe(sum('held', ({ quantity }) => quantity));
            expect(level.sold).toBe(sum('sold', ({ quantity, returned }) => quantity - returned));
          }
          const inBatches = stockOf(...units);
          const known = new Map<string, Reservation>();
          for (let from = 0; from < accepted.length; from += size)
            run(inBatches, known, accepted.slice(from, from + size));
          expect(figures(inBatches)).toEqual(figures(stock));
          expect(known).toEqual(reservations);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('changes nothing when it is heard again', () => {
    fc.assert(
      fc.property(orders, fc.array(step, { maxLength: 20 }), (wanted, steps) => {
        const stock = stockOf(9, 9, 9);
        const reservations = new Map<string, Reservation>();
        const heard: OrderEvent[] = [];
        for (const one of steps) {
          if (one.kind !== 'placed' && one.kind !== 'cancelled') continue;
          const its =
            one.kind === 'placed'
              ? placed(one.order, wanted[Number(one.order) - 1] ?? [])
              : cancelled(one.order, one.second);
          run(stock, reservations, [its]);
          heard.push(its);
        }
        const before = figures(stock);
        run(stock, reservations, heard.toReversed());
        const repeated = figures(stock);
        run(stock, reservations, heard);
        expect(figures(stock)).toEqual(repeated);
        // Cancelled is cancelled: hearing all of it again can only release, never hold.
        for (const [n, [, reserved]] of repeated.entries()) expect(reserved).toBeLessThanOrEqual(before[n]?.[1] ?? 0);
      }),
    );
  });
});
