import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyBatch,
  cancelled,
  confirmed,
  figures,
  type Line,
  placed,
  refunded,
  SKUS,
  type Stock,
  stockOf,
} from '../../test/reservation-model.ts';
import type { OrderEvent, Reservation } from './reservation.ts';

type Step =
  | { kind: 'placed'; order: string }
  | { kind: 'confirmed'; order: string; second: number }
  | { kind: 'cancelled'; order: string; second: number }
  | { kind: 'refunded'; order: string; refund: string; quantity: number };

/** The event of a step; `wanted` has the lines of each order. */
function eventOf(step: Step, wanted: readonly Line[][]): OrderEvent {
  const lines = wanted[Number(step.order) - 1] ?? [];
  if (step.kind === 'placed') return placed(step.order, lines);
  if (step.kind === 'confirmed') return confirmed(step.order, step.second);
  if (step.kind === 'cancelled') return cancelled(step.order, step.second);
  const restock = lines.map(({ sku }) => ({ sku, quantity: step.quantity }));
  return refunded(step.order, step.refund, restock);
}

/** No more is held than there is, and every unit is on hand or sold. */
function expectConserved(stock: Stock, units: readonly number[]): void {
  for (const [n, { onHand, reserved, sold }] of [...stock.values()].entries()) {
    expect(reserved).toBeGreaterThanOrEqual(0);
    expect(reserved).toBeLessThanOrEqual(onHand);
    expect(sold).toBeGreaterThanOrEqual(0);
    expect(onHand + sold).toBe(units[n]);
  }
}

/** The figures are the sums of what the reservations hold and have sold. */
function expectSumsOf(reservations: ReadonlyMap<string, Reservation>, stock: Stock): void {
  for (const [sku, level] of stock) {
    const its = [...reservations.values()].flatMap(({ status, lines: all }) =>
      all.filter((line) => line.sku === sku).map((line) => ({ ...line, status })),
    );
    const sum = (status: string, count: (line: (typeof its)[number]) => number) =>
      its.filter((line) => line.status === status).reduce((total, line) => total + count(line), 0);
    expect(level.reserved).toBe(sum('held', ({ quantity }) => quantity));
    expect(level.sold).toBe(sum('sold', ({ quantity, returned }) => quantity - returned));
  }
}

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

  it('holds no more than there is, keeps every unit, and ends the same in batches of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
        orders,
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (units, wanted, steps, size) => {
          const stock = stockOf(...units);
          const reservations = new Map<string, Reservation>();
          const accepted: OrderEvent[] = [];
          for (const event of steps.map((one) => eventOf(one, wanted))) {
            try {
              applyBatch(stock, reservations, [event]);
              accepted.push(event);
            } catch {
              // Parked: it must have changed nothing, which the sums show.
            }
            expectConserved(stock, units);
          }
          expectSumsOf(reservations, stock);
          const inBatches = stockOf(...units);
          const known = new Map<string, Reservation>();
          for (let from = 0; from < accepted.length; from += size)
            applyBatch(inBatches, known, accepted.slice(from, from + size));
          expect(figures(inBatches)).toEqual(figures(stock));
          expect(known).toEqual(reservations);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('changes nothing when it is delivered again', () => {
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
          applyBatch(stock, reservations, [its]);
          heard.push(its);
        }
        const before = figures(stock);
        applyBatch(stock, reservations, heard.toReversed());
        const repeated = figures(stock);
        applyBatch(stock, reservations, heard);
        expect(figures(stock)).toEqual(repeated);
        // Cancelled is cancelled: hearing all of it again can only release, never hold.
        for (const [n, [, reserved]] of repeated.entries()) expect(reserved).toBeLessThanOrEqual(before[n]?.[1] ?? 0);
      }),
    );
  });
});
