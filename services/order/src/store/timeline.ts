import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Db, Tx } from '@tradepost/postgres/db';

/** One entry of an order's timeline; `version` is the order's version after it. */
export type TimelineEntry = {
  orderId: string;
  version: number;
  type: string;
  status: OrderStatus;
  at: Date;
  data: Record<string, unknown>;
};

export async function addToTimeline(tx: Tx, entries: readonly TimelineEntry[]): Promise<void> {
  await tx.query({
    name: 'timeline.add',
    text: `insert into order_event (order_id, version, type, status, at, data)
      select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[])`,
    values: [
      entries.map((entry) => entry.orderId),
      entries.map((entry) => entry.version),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.at),
      entries.map((entry) => JSON.stringify(entry.data)),
    ],
  });
}

/** What happened to an order after `version`, oldest first; an order has few entries, so there is no paging. */
export async function timelineAfter(db: Db, orderId: string, version: number): Promise<TimelineEntry[]> {
  const { rows } = await db.query<Omit<TimelineEntry, 'orderId'>>({
    name: 'timeline.after',
    text: `select version, type, status, at, data from order_event
      where order_id = $1 and version > $2 order by version`,
    values: [orderId, version],
  });
  return rows.map((row) => ({ orderId, ...row }));
}

/** The present version of each of the orders, for those who watch them. */
export async function versionsOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; version: number }>({
    name: 'order.versions',
    text: 'select id, version from orders where id = any($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row.version]));
}
