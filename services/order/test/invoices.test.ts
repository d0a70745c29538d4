import { until } from '@tradepost/testing/until';
import { describe, expect, it } from 'vitest';
import { applyTransitions } from '../src/actions/apply-transitions.ts';
import { cancelOrder } from '../src/actions/cancel-order.ts';
import { captureOrder } from '../src/actions/capture-order.ts';
import { noShopSettings } from '../src/domain/shop-settings.ts';
import {
  admin,
  allNumbers,
  cancel,
  ctx,
  documents,
  due,
  invoiceNumbers,
  issue,
  named,
  numbersOf,
  onInvoice,
  place,
  poolWith,
  query,
  refund,
  setShop,
  sold,
  useInvoicing,
} from './invoicing.ts';
import { pollPayments } from './order-context.ts';

useInvoicing();

describe('an invoice', () => {
  it('is issued once for an order that is paid, and says what the order cost', async () => {
    const id = await sold();
    expect(await issue()).toBe(1);
    expect(await issue()).toBe(0);
    expect(await documents(id)).toMatchObject([
      {
        ...{ number: 'INV-2026-000001', issuedOn: '2026-11-30', type: 'invoice', gross: 2500, paidOn: '2026-11-30' },
        ...{ seller: { name: 'Tradepost GmbH' }, customer: { name: 'Ada' }, suppliedOn: null },
        lines: [{ sku: 'MUG', quantity: 2, unitPrice: 1250, gross: 2500 }],
      },
    ]);
  });

  it('is due before the payment where the goods are sent first, and never while an order waits', async () => {
    await place();
    const id = await sold(onInvoice);
    expect(await issue()).toBe(1);
    expect(await documents(id)).toMatchObject([{ paidOn: null, gross: 2500 }]);
    await captureOrder(ctx, admin, id);
    await pollPayments(ctx);
    expect(await issue(), 'paid later').toBe(0);
  });

  it('is of no order that was placed before the shop had a legal name, and waits while it has none', async () => {
    await setShop(noShopSettings);
    const before = await sold();
    await setShop(named);
    const after = await sold();
    await setShop(noShopSettings);
    expect(await issue()).toBe(0);
    await setShop(named);
    await refund(before, 100);
    expect(await issue()).toBe(1);
    expect([await numbersOf(before), await numbersOf(after)]).toEqual([[], ['INV-2026-000001']]);
  });

  it('begins at 1 in each year, and no clock that is late dates it before the last one', async () => {
    const [first, second, third] = [await sold(), await sold(), await sold()];
    await query(`update orders set invoicing = null where id <> $1`, [first]);
    await issue();
    ctx.now = () => new Date('2027-01-01T00:00:00Z');
    await query(`update orders set invoicing = 'wanted' where id = $1`, [second]);
    await issue();
    ctx.now = () => new Date('2026-12-31T23:59:59Z');
    await query(`update orders set invoicing = 'wanted' where id = $1`, [third]);
    await issue();
    expect(await allNumbers()).toEqual(['INV-2026-000001', 'INV-2027-000001', 'INV-2027-000002']);
    expect(await documents(third)).toMatchObject([{ issuedOn: '2027-01-01' }]);
  });

  it('is never changed, and kept for ten years after the year of its issue', async () => {
    const id = await sold();
    await issue();
    const refused = { code: '23001' };
    await expect(query('update invoice set gross = gross')).rejects.toMatchObject(refused);
    await expect(query('delete from invoice')).rejects.toMatchObject(refused);
    const { rows } = await query(`select invoice_kept_until('2026-11-30T10:00:00Z') as until`);
    expect(rows).toEqual([{ until: new Date('2037-01-01T12:00:00Z') }]);
    const early = await query(`select invoice_kept_until('2026-12-31T11:00:00Z') as until`);
    expect(early.rows, 'where it is 2027 in Auckland').toEqual([{ until: new Date('2038-01-01T12:00:00Z') }]);
    expect(await numbersOf(id)).toEqual(['INV-2026-000001']);
  });
});

describe('a credit note', () => {
  it('is issued for each refund, also for those that were booked before the invoice', async () => {
    const id = await sold();
    await refund(id, 500);
    await issue();
    await refund(id, 2000);
    await issue();
    expect(
      (await documents(id)).map(({ number, gross, invoiceNumber, reason }) => ({
        number,
        gross,
        invoiceNumber,
        reason,
      })),
    ).toEqual([
      { number: 'INV-2026-000001', gross: 2500, invoiceNumber: null, reason: null },
      { number: 'CN-2026-000001', gross: 500, invoiceNumber: 'INV-2026-000001', reason: 'scratched' },
      { number: 'CN-2026-000002', gross: 2000, invoiceNumber: 'INV-2026-000001', reason: 'scratched' },
    ]);
    expect(await issue()).toBe(0);
  });

  it('is issued for an order that is cancelled after it was paid', async () => {
    const id = await sold();
    await cancelOrder(ctx, admin, id);
    await issue();
    const expected = { type: 'credit_note', gross: 2500, reason: 'The order was cancelled', lines: [{ sku: 'MUG' }] };
    expect((await documents(id)).slice(1)).toMatchObject([expected]);
  });

  it('takes back the invoice of an order that is cancelled unpaid, once', async () => {
    const id = await sold(onInvoice);
    await issue();
    await cancel(id);
    await issue();
    await issue();
    expect((await documents(id)).map(({ type, gross, reason }) => [type, gross, reason])).toEqual([
      ['invoice', 2500, null],
      ['credit_note', 2500, 'The order was cancelled'],
    ]);
  });

  it('is not needed where an order is cancelled before its invoice is issued', async () => {
    const unpaid = await sold(onInvoice);
    await cancel(unpaid);
    expect([await issue(), await numbersOf(unpaid)]).toEqual([0, []]);
  });
});

describe('numbers', () => {
  it('have no gap, and each cause one document, when several tasks run at once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push(await sold());
    await Promise.all(ids.slice(4).map((id) => refund(id, 700)));
    await Promise.all([issue(), issue(), issue(), refund(ids[0] ?? '', 300), issue()]);
    await issue();
    const notes = Array.from({ length: 5 }, (_, i) => `CN-2026-00000${i + 1}`);
    expect(await allNumbers()).toEqual([...notes, ...invoiceNumbers(8)]);
    expect(await due()).toBe(0);
  });

  it('that were given in a transaction that never ended are given again', async () => {
    const id = await sold();
    const killed = poolWith(() => Promise.reject(new Error('killed')));
    await expect(issue(killed)).rejects.toThrow('killed');
    expect(await numbersOf(id)).toEqual([]);
    await issue();
    expect(await allNumbers()).toEqual(invoiceNumbers(1));
  });

  it('wait for those of another task that has not committed yet', async () => {
    await sold();
    await issue();
    const [written, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = poolWith(async () => {
      written.resolve();
      await released.promise;
    });
    await sold();
    const one = issue(slow);
    await written.promise;
    await sold();
    const other = issue();
    await until(async () => (await query('select from pg_locks where not granted')).rows.length > 0);
    released.resolve();
    expect(await Promise.all([one, other])).toEqual([1, 1]);
    expect(await allNumbers()).toEqual(invoiceNumbers(3));
  });

  it('are given in turn: an order that is locked is left for the next round', async () => {
    const [first, second] = [await sold(), await sold()];
    await ctx.pool.transaction(async (tx) => {
      await tx.query({ text: 'select from orders where id = $1 for update', values: [first] });
      expect(await issue()).toBe(1);
    });
    await issue();
    expect([await numbersOf(second), await numbersOf(first)]).toEqual([['INV-2026-000001'], ['INV-2026-000002']]);
  });
});

it('the step to reserved of an order that will get an invoice writes to no index', async () => {
  const orderId = await place();
  const [before, after] = await ctx.pool.transaction(async (tx) => {
    const text = `select pg_stat_get_xact_tuples_updated('orders'::regclass)::int as updated,
      pg_stat_get_xact_tuples_hot_updated('orders'::regclass)::int as hot`;
    const counts = async () => (await tx.query<{ updated: number; hot: number }>({ text })).rows[0];
    const first = await counts();
    await applyTransitions(tx, ctx, [{ orderId, input: { type: 'stock_reserved' } }]);
    return [first, await counts()];
  });
  expect(after).toEqual({ updated: (before?.updated ?? 0) + 1, hot: (before?.hot ?? 0) + 1 });
});
