import type { Pool } from '@tradepost/postgres/pool';
import type { Answer } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { expect } from 'vitest';

/** What was promised: the orders that were answered 201 (or 200 again), and the units that were there before. */
export type Promised = {
  accepted: readonly Answer[];
  /** Units on hand before the first order, by SKU. */
  stock: ReadonlyMap<string, number>;
};

export type Books = {
  order: Pool;
  /** All four databases, for their outboxes and dead letters. */
  all: readonly Pool[];
  /** Asks the API for the stock of a SKU. */
  stockOf(sku: string): Promise<{ onHand: number; reserved: number; available: number }>;
};

/** Waits until every order is settled and every message has been handled, with the timeout that outages may need. */
export async function settled(books: Books, timeoutMs = 90_000): Promise<void> {
  await until(
    async () => {
      const open = await count(books.order, `select count(*) as n from orders where status in ('pending', 'reserved')`);
      const refunds = await count(books.order, `select count(*) as n from refund where status = 'pending'`);
      const waiting = await Promise.all(books.all.map((pool) => count(pool, 'select count(*) as n from outbox')));
      return open === 0 && refunds === 0 && waiting.every((n) => n === 0);
    },
    { timeoutMs, what: 'every order to settle and every outbox to empty' },
  );
}

/** Compares the books with what was promised: nothing lost, doubled or oversold, and the money right to the cent. */
export async function audit(books: Books, promised: Promised): Promise<void> {
  await everyOrderOnce(books.order, promised.accepted);
  await moneyAddsUp(books.order);
  await stockAddsUp(books, promised.stock);
  for (const pool of books.all) {
    const { rows } = await pool.query<{ type: string; error: string }>({ text: 'select type, error from dead_letter' });
    expect(rows).toEqual([]);
  }
}

async function everyOrderOnce(orders: Pool, accepted: readonly Answer[]): Promise<void> {
  const ids = new Set(accepted.map((answer) => String(answer.body.id)));
  const { rows } = await orders.query<{ id: string; status: string }>({ text: 'select id, status from orders' });
  const known = new Map(rows.map((row) => [row.id, row.status]));
  for (const id of ids) expect(known.get(id), `order ${id}, which was accepted`).toBeDefined();
  for (const [id, status] of known) expect(['pending', 'reserved'], `order ${id}`).not.toContain(status);
  const doubled = await count(
    orders,
    `select count(*) as n from (select 1 from orders group by customer_id, idempotency_key having count(*) > 1) d`,
  );
  expect(doubled).toBe(0);
}

async function moneyAddsUp(orders: Pool): Promise<void> {
  const sum = (text: string) => count(orders, text);
  const charged = await sum(`select coalesce(sum(amount), 0) as n from sandbox_charge where status = 'captured'`);
  const given = await sum('select coalesce(sum(amount), 0) as n from sandbox_refund');
  expect(await sum('select coalesce(sum(captured), 0) as n from orders')).toBe(charged);
  expect(await sum('select coalesce(sum(refunded), 0) as n from orders')).toBe(given);
  const kept = await sum(
    `select coalesce(sum(amount), 0) as n from orders where status in ('confirmed', 'fulfilled', 'delivered')`,
  );
  const partly = await sum(
    `select coalesce(sum(refunded), 0) as n from orders where status in ('confirmed', 'fulfilled', 'delivered')`,
  );
  expect(charged - given).toBe(kept - partly);
}

async function stockAddsUp(books: Books, before: ReadonlyMap<string, number>): Promise<void> {
  for (const [sku, units] of before) {
    const { rows } = await books.order.query<{ n: number }>({
      text: `select coalesce(sum(l.quantity - l.withdrawn), 0)::int as n from order_line l join orders o on o.id = l.order_id
        where l.sku = $1 and o.status in ('confirmed', 'fulfilled', 'delivered')`,
      values: [sku],
    });
    const sold = rows[0]?.n ?? 0;
    await until(async () => (await books.stockOf(sku)).reserved === 0, { what: `nothing of ${sku} to be held` });
    expect(await books.stockOf(sku), `stock of ${sku}`).toMatchObject({
      onHand: units - sold,
      reserved: 0,
      available: units - sold,
    });
  }
}

async function count(pool: Pool, text: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>({ text });
  return Number(rows[0]?.n ?? 0);
}
