import type { Locale } from '@tradepost/contracts/locales';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { applyTransitions } from '../src/actions/apply-transitions.ts';
import { cancelOrder } from '../src/actions/cancel-order.ts';
import { enqueueReserved } from '../src/actions/claimed-payments.ts';
import { issueInvoices } from '../src/actions/issue-invoices.ts';
import type { PayContext } from '../src/actions/pay-order.ts';
import { placeOrder } from '../src/actions/place-order.ts';
import type { PlacementContext } from '../src/actions/placement-context.ts';
import { refundOrder } from '../src/actions/refund-order.ts';
import { noShopSettings } from '../src/domain/shop-settings.ts';
import { manualProvider } from '../src/payments/manual.ts';
import { invoicesOfOrders } from '../src/store/invoices.ts';
import { replaceShopSettings } from '../src/store/rules/shop-settings.ts';
import { saveProducts } from '../src/store/sellable-variants.ts';
import { orderContext, pollPayments, sandboxOn } from './order-context.ts';
import { order as newOrder, product } from './shop.ts';

export let database: TestDatabase;
export let ctx: PlacementContext & PayContext;
export const admin = { accountId: uuidv7(), role: 'admin', isOperator: true } as const;
export const never = new AbortController().signal;
export const card = { provider: 'sandbox', token: 'ok' };
export const onInvoice = { provider: 'manual', token: 'invoice' };
export const named = { ...noShopSettings, legalName: 'Tradepost GmbH', addressLines: ['Quay 1', '20457 Hamburg'] };

/** A database with one product, emptied before each test, whose shop issues invoices. The timers of `order` are turned by hand. */
export function useInvoicing(): void {
  beforeAll(async () => {
    database = await testDatabase(new URL('../migrations/', import.meta.url));
    const { pool } = database;
    const manual = manualProvider({ deadlineMs: 86_400_000, instructions: 'IBAN' });
    const base = orderContext(pool, [sandboxOn(pool), manual]);
    ctx = { ...base, changed: (orders) => enqueueReserved(base.claimed, orders) };
    await saveProducts(pool, [product([{ sku: 'MUG', amount: 1250 }])]);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    ctx.now = () => new Date('2026-11-30T10:00:00Z');
    await query('truncate orders, outbox, sandbox_charge, invoice, invoice_counter cascade');
    await setShop(named);
  });
}

export const query = (text: string, values: unknown[] = []) => database.pool.query({ text, values });
export const setShop = (settings: typeof noShopSettings) =>
  database.pool.transaction((tx) => replaceShopSettings(tx, settings));
export const issue = (pool: Pool = ctx.pool) => issueInvoices({ ...ctx, pool }, never);

export async function place(payment = card, locale?: Locale): Promise<string> {
  const request = { lines: [{ sku: 'MUG', quantity: 2 }], shippingAddress: newOrder([]).shippingAddress, payment };
  const { order } = await placeOrder(
    ctx,
    { customerId: uuidv7(), guestEmail: null, ...(locale && { locale }) },
    uuidv7(),
    request,
  );
  return order.id;
}

export async function sold(payment = card, locale?: Locale): Promise<string> {
  const orderId = await place(payment, locale);
  await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId, input: { type: 'stock_reserved' } }]));
  await pollPayments(ctx);
  return orderId;
}

/** The pool, with something that happens between the last statement of a transaction and its commit. */
export const poolWith = (beforeCommit: () => Promise<void>): Pool =>
  Object.assign(Object.create(ctx.pool), {
    transaction: (work: Parameters<Pool['transaction']>[0]) =>
      ctx.pool.transaction(async (tx) => {
        const result = await work(tx);
        await beforeCommit();
        return result;
      }),
  });

/** Cancels an order, and has its provider asked at once. */
export async function cancel(id: string): Promise<void> {
  await cancelOrder(ctx, admin, id);
  await query('update orders set due_at = now() where id = $1', [id]);
  ctx.claimed.nextPollAt = 0;
  await pollPayments(ctx);
}

export const refund = (id: string, amount: number) =>
  refundOrder(ctx, admin, id, uuidv7(), { amount, reason: 'scratched' });
export const documents = async (id: string) =>
  ((await invoicesOfOrders(ctx.pool, [id])).get(id) ?? []).map(({ content }) => content);
export const numbersOf = async (id: string) => (await documents(id)).map(({ number }) => number);
export const allNumbers = async () => {
  const { rows } = await database.pool.query<{ number: string }>({
    text: 'select number from invoice order by number',
  });
  return rows.map(({ number }) => number);
};
export const invoiceNumbers = (count: number) =>
  Array.from({ length: count }, (_, i) => `INV-2026-${String(i + 1).padStart(6, '0')}`);
export const due = async () => {
  const { rows } = await query(`select id from orders
    where invoicing = 'wanted' and captured > 0 or invoicing = 'issued' and refunded > credited`);
  return rows.length;
};
