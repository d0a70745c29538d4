import { describe, expect, it } from 'vitest';
import {
  applyBatch,
  cancelled,
  confirmed,
  figures,
  placed,
  refunded,
  returned,
  stockOf,
} from '../../test/reservation-model.ts';

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
    expect(applyBatch(stock, new Map(), orders)).toEqual([
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
      applyBatch(stock, new Map(), [
        placed('1', [
          { sku: 'A', quantity: 3 },
          { sku: 'A', quantity: 3 },
        ]),
      ]),
    ).toEqual(['stock.rejected.v1']);
    expect(
      applyBatch(stock, new Map(), [
        placed('2', [
          { sku: 'A', quantity: 2 },
          { sku: 'A', quantity: 3 },
        ]),
      ]),
    ).toEqual(['stock.reserved.v1']);
  });

  it('puts goods that came back on sale once for each return, and never more than were sold', () => {
    const stock = stockOf(5);
    const lines = [{ sku: 'A', quantity: 4 }];
    const one = [{ sku: 'A', quantity: 1 }];
    const reservations = new Map();
    // The return is ahead of order.confirmed, which it implies.
    applyBatch(stock, reservations, [placed('1', lines), returned('1', 'r', one), confirmed('1')]);
    expect(figures(stock)).toEqual([[2, 0, 3]]);
    applyBatch(stock, reservations, [returned('1', 'r', one), returned('1', 'unsaleable', one, false)]);
    expect(figures(stock)).toEqual([[2, 0, 3]]);
    applyBatch(stock, reservations, [refunded('1', 'f', one), returned('1', 's', lines)]);
    expect(figures(stock)).toEqual([[5, 0, 0]]);
  });

  it('is refused for what no order of events explains', () => {
    const stock = stockOf(5);
    const lines = [{ sku: 'A', quantity: 1 }];
    expect(() => applyBatch(stock, new Map(), [confirmed('1')])).toThrow('never reserved');
    expect(() => applyBatch(stock, new Map(), [refunded('1', 'r', lines)])).toThrow('nothing was ever reserved');
    expect(() => applyBatch(stock, new Map(), [placed('1', lines, 99), confirmed('1')])).toThrow('rejected');
    expect(() => applyBatch(stock, new Map(), [placed('1', lines), cancelled('1', 5), confirmed('1', 6)])).toThrow(
      'released',
    );
    expect(applyBatch(stock, new Map(), [placed('1', lines), cancelled('1', 5), confirmed('1', 4)])).toEqual([
      'stock.reserved.v1',
      'stock.released.v1',
    ]);
  });
});
