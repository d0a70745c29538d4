import type { Db } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { type OrderRow, orderColumns, toOrder } from './order-rows.ts';

/** An order, without its lines, whose payment is to be looked at. */
export type DuePayment = Omit<Order, 'lines'>;

/**
 * Leases: claims orders whose payment is due. `due_at` moves into the future (the lease), further with each attempt. When
 * the instance is killed before it has recorded the result, the lease ends and another instance claims the order. Rows that
 * another instance is claiming are skipped.
 */
export async function claimDuePayments(db: Db, limit: number): Promise<DuePayment[]> {
  const { rows } = await db.query<OrderRow>({
    name: 'order.claim-payments',
    text: `update orders o set payment_attempts = payment_attempts + 1,
        due_at = now() + least(interval '10 minutes', interval '15 seconds' * power(2, least(payment_attempts, 10)))
      where o.id in (select id from orders where due_at <= now() and status in ('reserved', 'awaiting_payment', 'authorized')
        order by due_at limit $1 for update skip locked)
      returning ${orderColumns}`,
    values: [limit],
  });
  return rows.map((row) => toOrder(row, []));
}

/** Makes a payment due again after `seconds`, unless the order has changed since it was claimed. */
export async function putOffPayment(db: Db, { id, version }: DuePayment, seconds: number): Promise<void> {
  await db.query({
    name: 'order.put-off-payment',
    text: `update orders set due_at = now() + make_interval(secs => $3)
      where id = $1 and version = $2 and due_at is not null`,
    values: [id, version, seconds],
  });
}

/** Leases pending orders without an answer about their stock; the lease grows with each claim. */
export async function claimUnanswered(db: Db, limit: number): Promise<{ orderId: string; createdAt: Date }[]> {
  const { rows } = await db.query<{ id: string; created_at: Date }>({
    name: 'order.claim-unanswered',
    text: `update orders o set nudges = nudges + 1,
        due_at = now() + least(interval '1 hour', interval '1 minute' * power(2, least(nudges, 10)))
      where o.id in (select id from orders where due_at <= now() and status = 'pending'
        order by due_at limit $1 for update skip locked)
      returning id, created_at`,
    values: [limit],
  });
  return rows.map((row) => ({ orderId: row.id, createdAt: row.created_at }));
}

/** When an order is looked at next, if it is, and how often its stock was asked for anew. */
export async function reservationRetriesOf(
  db: Db,
  orderId: string,
): Promise<{ dueAt: Date | null; nudges: number } | undefined> {
  const { rows } = await db.query<{ dueAt: Date | null; nudges: number }>({
    name: 'order.reservation-retries',
    text: 'select due_at as "dueAt", nudges from orders where id = $1',
    values: [orderId],
  });
  return rows[0];
}
