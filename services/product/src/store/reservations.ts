import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Reservation } from '../domain/reservation.ts';

type Row = {
  order_id: string;
  status: Reservation['status'];
  lines: Reservation['lines'];
  rejection: Reservation['rejection'];
  refunds: string[];
  expires_at: Date | null;
  cancelled_at: Date | null;
};

const lock = sql(
  'reservation.lock',
  `select order_id, status, lines, rejection, refunds, expires_at, cancelled_at from reservation
    where order_id = any($1::uuid[]) order by order_id for update`,
);

/** The reservations of these orders, as far as there are any, locked until the transaction ends in order of their ids. */
export async function lockReservations(tx: Tx, orderIds: readonly string[]): Promise<Map<string, Reservation>> {
  const { rows } = await tx.query<Row>(lock([orderIds]));
  return new Map(
    rows.map((row) => [
      row.order_id,
      {
        orderId: row.order_id,
        status: row.status,
        lines: row.lines,
        rejection: row.rejection,
        refunds: row.refunds,
        expiresAt: row.expires_at,
        cancelledAt: row.cancelled_at,
      },
    ]),
  );
}

const remind = sql(
  'reservation.remind',
  `update reservation r set reminders = r.reminders + 1,
      remind_at = $1::timestamptz + least(interval '1 hour', interval '1 minute' * power(2, least(r.reminders, 10)))
    from (select order_id from reservation where status = 'held' and remind_at <= $1
          order by remind_at limit $2 for update skip locked) as due
    where r.order_id = due.order_id
    returning r.order_id, r.expires_at`,
);

/**
 * Takes held reservations that are past their time and due for a question, and puts the next question off: by one
 * minute, then two, up to an hour. Skips those that are being handled at this moment.
 */
export async function claimExpiredReservations(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ orderId: string; expiresAt: Date }[]> {
  const { rows } = await tx.query<{ order_id: string; expires_at: Date }>(remind([now, limit]));
  return rows.map((row) => ({ orderId: row.order_id, expiresAt: row.expires_at }));
}

const overdue = sql(
  'reservation.count-overdue',
  `select count(*) as count from reservation where status = 'held' and expires_at < $1`,
);

/** How many reservations are past their time and still unanswered. */
export async function countOverdue(db: Db, now: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(overdue([now]));
  return rows[0]?.count ?? 0;
}

export type ActiveReservation = { orderId: string; quantity: number; since: Date; expiresAt: Date };

// What is held at this moment is little: orders that are not paid yet. Their partial index is all that is read.
const holds = sql(
  'reservation.holds-of-sku',
  `select r.order_id as "orderId", (line ->> 'quantity')::int as quantity, r.created_at as since,
      r.expires_at as "expiresAt"
    from reservation r, jsonb_array_elements(r.lines) as line
    where r.status = 'held' and line ->> 'sku' = $1 order by r.order_id limit $2`,
);

/** The orders that hold units of a SKU at this moment, the oldest first. */
export async function holdsOf(db: Db, sku: string, limit: number): Promise<ActiveReservation[]> {
  const { rows } = await db.query<ActiveReservation>(holds([sku, limit]));
  return rows;
}

const ofOrder = sql(
  'reservation.of-order',
  `select order_id as "orderId", status, lines, rejection, expires_at as "expiresAt", reminders,
      created_at as "createdAt", updated_at as "updatedAt" from reservation where order_id = $1`,
);

export type ReservationRecord = {
  orderId: string;
  status: 'held' | 'sold' | 'released' | 'rejected';
  lines: { sku: string; quantity: number; returned: number }[];
  rejection: { sku: string; reason: string; requested: number; available: number }[] | null;
  expiresAt: Date | null;
  /** How often `order` was asked what became of it. */
  reminders: number;
  createdAt: Date;
  updatedAt: Date;
};

/** What became of the stock that an order asked for. */
export async function reservationOf(db: Db, orderId: string): Promise<ReservationRecord | undefined> {
  const { rows } = await db.query<ReservationRecord>(ofOrder([orderId]));
  return rows[0];
}
