import type { Db, Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { type OrderRow, orderColumns, toOrder } from './order-rows.ts';

export type Refund = {
  id: string;
  orderId: string;
  amount: number;
  status: 'pending' | 'done';
  reason: string;
  lines: WantedLine[];
  createdAt: Date;
};

export type NewRefund = Refund & { createdBy: string | null; idempotencyKey: string; requestHash: Buffer };

type Row = {
  id: string;
  order_id: string;
  amount: number;
  status: 'pending' | 'done';
  reason: string;
  lines: WantedLine[];
  created_at: Date;
  request_hash: Buffer;
};

const columns = 'id, order_id, amount, status, reason, lines, created_at, request_hash';

const toRefund = (row: Row): Refund => ({
  id: row.id,
  orderId: row.order_id,
  amount: row.amount,
  status: row.status,
  reason: row.reason,
  lines: row.lines,
  createdAt: row.created_at,
});

/** Books refunds; one of no money is done at once, since no provider is to be asked. */
export async function insertRefunds(tx: Tx, refunds: readonly NewRefund[]): Promise<void> {
  await tx.query({
    name: 'refund.insert',
    text: `insert into refund (id, order_id, amount, status, reason, lines, created_by, created_at, due_at,
        idempotency_key, request_hash)
      select id, order_id, amount, case when amount = 0 then 'done' else 'pending' end, reason, lines, created_by, created_at,
        case when amount > 0 then created_at end, key, hash
      from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::jsonb[], $6::uuid[], $7::timestamptz[],
        $8::text[], $9::bytea[]) as t(id, order_id, amount, reason, lines, created_by, created_at, key, hash)`,
    values: [
      refunds.map((refund) => refund.id),
      refunds.map((refund) => refund.orderId),
      refunds.map((refund) => refund.amount),
      refunds.map((refund) => refund.reason),
      refunds.map((refund) => JSON.stringify(refund.lines)),
      refunds.map((refund) => refund.createdBy),
      refunds.map((refund) => refund.createdAt),
      refunds.map((refund) => refund.idempotencyKey),
      refunds.map((refund) => refund.requestHash),
    ],
  });
}

/** What an account refunded of an order with this key, if anything. */
export async function refundByKey(
  db: Db,
  { orderId, accountId, key }: { orderId: string; accountId: string; key: string },
): Promise<{ refund: Refund; requestHash: Buffer } | null> {
  const { rows } = await db.query<Row>({
    name: 'refund.by-key',
    text: `select ${columns} from refund
      where order_id = $1 and created_by = $2 and idempotency_key = $3`,
    values: [orderId, accountId, key],
  });
  return rows[0] ? { refund: toRefund(rows[0]), requestHash: rows[0].request_hash } : null;
}

export async function refundsOf(db: Db, orderId: string): Promise<Refund[]> {
  const { rows } = await db.query<Row>({
    name: 'refund.of-order',
    text: `select ${columns} from refund where order_id = $1 order by id`,
    values: [orderId],
  });
  return rows.map(toRefund);
}

/** The refunds of several orders, by order, oldest first. */
export async function refundsOfOrders(db: Db, orderIds: readonly string[]): Promise<Map<string, Refund[]>> {
  const { rows } = await db.query<Row>({
    name: 'refund.of-orders',
    text: `select ${columns} from refund where order_id = any($1::uuid[]) order by id`,
    values: [orderIds],
  });
  return Map.groupBy(rows.map(toRefund), ({ orderId }) => orderId);
}

export type DueRefund = { id: string; amount: number; order: Omit<Order, 'lines'> };

/** Takes refunds that the provider has not confirmed yet, each put off by a growing lease, as payments are. */
export async function claimDueRefunds(db: Db, limit: number): Promise<DueRefund[]> {
  const { rows } = await db.query<OrderRow & { refund_id: string; refund_amount: number }>({
    name: 'refund.claim',
    text: `update refund r set attempts = attempts + 1,
        due_at = now() + least(interval '10 minutes', interval '15 seconds' * power(2, least(attempts, 10)))
      from orders o
      where o.id = r.order_id and r.id in (select id from refund where due_at <= now()
        order by due_at limit $1 for update skip locked)
      returning r.id as refund_id, r.amount as refund_amount, ${orderColumns}`,
    values: [limit],
  });
  return rows.map((row) => ({ id: row.refund_id, amount: row.refund_amount, order: toOrder(row, []) }));
}

/** Makes a refund due again after `seconds`. */
export async function putOffRefund(db: Db, id: string, seconds: number): Promise<void> {
  await db.query({
    name: 'refund.put-off',
    text: `update refund set due_at = now() + make_interval(secs => $2) where id = $1 and status = 'pending'`,
    values: [id, seconds],
  });
}

/** The provider has given the money back: it says so once, and so does the ledger. */
export async function markRefundDone(db: Db, id: string, at: Date): Promise<void> {
  await db.query({
    name: 'refund.done',
    text: `with done as (
        update refund r set status = 'done', due_at = null from orders o
          where r.id = $1 and r.status = 'pending' and o.id = r.order_id
          returning r.id, r.order_id, r.amount, o.currency)
      insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
        select order_id, 'refund_made', 'refunds_payable', 'provider_balance', amount, currency, 'refund ' || id, $2 from done`,
    values: [id, at],
  });
}
