import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyTransitions } from '../src/actions/apply-transitions.ts';
import { enqueueReserved } from '../src/actions/claimed-payments.ts';
import { placeOrder } from '../src/actions/place-order.ts';
import type { PlacementContext } from '../src/actions/placement-context.ts';
import { processRefunds } from '../src/actions/process-refunds.ts';
import { addMissingEntries, type ReconciliationContext, reconcilePayments } from '../src/actions/reconcile-payments.ts';
import { refundOrder } from '../src/actions/refund-order.ts';
import { findImbalances, ledgerOfOrder } from '../src/store/ledger.ts';
import { openDifferences } from '../src/store/payment-differences.ts';
import { saveProducts } from '../src/store/sellable-variants.ts';
import { orderContext, pollPayments, sandboxOn } from './order-context.ts';
import { order as newOrder, product } from './shop.ts';

let database: TestDatabase;
let ctx: PlacementContext & ReconciliationContext;
let isAway = false;
const admin = { accountId: uuidv7(), role: 'admin', isOperator: true } as const;
const never = new AbortController().signal;

beforeAll(async () => {
  database = await testDatabase(new URL('../migrations/', import.meta.url));
  const sandbox = sandboxOn(database.pool);
  const provider: typeof sandbox = {
    ...sandbox,
    async readTotals(payment, signal) {
      if (isAway) throw new Error('not reached');
      return (await sandbox.readTotals?.(payment, signal)) ?? { captured: 0, refunded: 0, fee: 0 };
    },
  };
  const base = orderContext(database.pool, [provider]);
  ctx = { ...base, quietMs: 0, changed: (orders) => enqueueReserved(base.claimed, orders) };
  await saveProducts(database.pool, [product([{ sku: 'MUG', amount: 1250 }])]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  isAway = false;
  ctx.quietMs = 0;
  await query('truncate orders, outbox, sandbox_charge, payment_difference cascade');
  await query('update reconciliation set ledger_id = (select coalesce(max(id), 0) from ledger_entry)');
});

const query = (text: string, values: unknown[] = []) => database.pool.query({ text, values });

async function paid(): Promise<string> {
  const { shippingAddress, payment } = newOrder([]);
  const request = { lines: [{ sku: 'MUG', quantity: 2 }], shippingAddress, payment };
  const { order } = await placeOrder(ctx, { customerId: uuidv7(), guestEmail: null }, uuidv7(), request);
  const input = { type: 'stock_reserved' } as const;
  await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId: order.id, input }]));
  await pollPayments(ctx);
  return order.id;
}

const fees = async (id: string) =>
  (await ledgerOfOrder(ctx.pool, id)).filter(({ type }) => type === 'fee').map(({ amount }) => amount);
const differences = () => openDifferences(ctx.pool, 10);

describe('the comparison with the books of the provider', () => {
  it('books the fee that no message has reported, once, and reports nothing where all agrees', async () => {
    const id = await paid();
    expect(await reconcilePayments(ctx, never)).toBe(1);
    expect(await fees(id)).toEqual([63]);
    await reconcilePayments(ctx, never);
    expect(await reconcilePayments(ctx, never), 'nothing is left').toBe(0);
    expect(await fees(id)).toEqual([63]);
    expect(await differences()).toEqual([]);
    expect(await findImbalances(ctx.pool, 10)).toEqual([]);
  });

  it.each([
    ['took another amount', 'update sandbox_charge set amount = 2499', { captured: 2499 }],
    ['took nothing', `update sandbox_charge set status = 'voided'`, { captured: 0 }],
  ])('reports a provider that %s', async (_, text, said) => {
    const id = await paid();
    await query(text);
    await reconcilePayments(ctx, never);
    expect(await differences()).toMatchObject([{ orderId: id, ledger: { captured: 2500 }, provider: said }]);
  });

  it('reports a refund that only the provider knows, and agrees with one that both know', async () => {
    const id = await paid();
    await refundOrder(ctx, admin, id, uuidv7(), { amount: 500, reason: 'scratched' });
    await processRefunds(ctx, never);
    await reconcilePayments(ctx, never);
    expect(await differences()).toEqual([]);
    await query('insert into sandbox_refund (key, charge_key, amount) values ($1, $2, 100)', [uuidv7(), id]);
    await refundOrder(ctx, admin, id, uuidv7(), { amount: 300, reason: 'dented' });
    await processRefunds(ctx, never);
    await reconcilePayments(ctx, never);
    expect(await differences()).toMatchObject([{ ledger: { refunded: 800 }, provider: { refunded: 900 } }]);
  });

  it('waits until a movement is some time ago, and until the provider answers', async () => {
    await paid();
    ctx.quietMs = 60_000;
    expect(await reconcilePayments(ctx, never)).toBe(0);
    ctx.quietMs = 0;
    isAway = true;
    await expect(reconcilePayments(ctx, never)).rejects.toThrow('not reached');
    expect(await differences()).toEqual([]);
    isAway = false;
    expect(await reconcilePayments(ctx, never)).toBe(1);
  });

  it('asks an unavailable provider again, with anything else to compare, and reports it after a day', async () => {
    const id = await paid();
    await query(
      `insert into orders (id, customer_id, status, amount, currency, shipping_address, payment_provider, captured,
        request_hash, idempotency_key, created_at, updated_at)
      values ($1, $1, 'confirmed', 100, 'EUR', '{}', 'manual', 100, '', '1', now(), now())`,
      [uuidv7()],
    );
    await query(`insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
      select id, 'capture', 'provider_balance', 'customer_payments', 100, 'EUR', 'try 1', now() from orders
        where payment_provider = 'manual'`);
    isAway = true;
    await expect(reconcilePayments(ctx, never)).rejects.toThrow('not reached');
    await query(`update ledger_entry set at = now() - interval '25 hours'`);
    expect(await reconcilePayments(ctx, never)).toBe(2);
    expect(await differences()).toMatchObject([
      { orderId: id, description: 'sandbox could not be asked: not reached' },
    ]);
  });

  it('leaves out no entry that is younger than those after it', async () => {
    const [first, second] = [await paid(), await paid()];
    await query(`update ledger_entry set at = now() - interval '2 minutes' where order_id = $1`, [second]);
    ctx.quietMs = 60_000;
    expect(await reconcilePayments(ctx, never)).toBe(0);
    await query(`update ledger_entry set at = now() - interval '2 minutes' where order_id = $1`, [first]);
    expect(await reconcilePayments(ctx, never)).toBe(2);
    expect(await fees(first)).toEqual([63]);
  });

  it('books a fee once when two instances compare at once', async () => {
    const id = await paid();
    await Promise.all([1, 2, 3].map(() => reconcilePayments(ctx, never)));
    expect(await fees(id)).toEqual([63]);
  });
});

describe('what a version without a ledger has booked', () => {
  it('is added once, by however many instances', async () => {
    const id = await paid();
    await refundOrder(ctx, admin, id, uuidv7(), { amount: 500, reason: 'scratched' });
    await processRefunds(ctx, never);
    const before = await ledgerOfOrder(ctx.pool, id);
    await query('delete from ledger_entry');
    expect(await findImbalances(ctx.pool, 10)).not.toEqual([]);
    await Promise.all([1, 2, 3].map(() => addMissingEntries(ctx)));
    const after = await ledgerOfOrder(ctx.pool, id);
    const parts = (entries: typeof after) =>
      entries.map(({ type, amount, source }) => `${type} ${amount} ${source}`).sort();
    expect(parts(after)).toEqual(parts(before));
    expect(await findImbalances(ctx.pool, 10)).toEqual([]);
  });
});

it('the proof finds an order whose ledger says something else', async () => {
  const id = await paid();
  await query(`update ledger_entry set amount = amount - 1 where type = 'capture'`);
  expect(await findImbalances(ctx.pool, 10)).toEqual([
    { orderId: id, account: 'customer_payments', ledger: 2499, order: 2500 },
  ]);
});
