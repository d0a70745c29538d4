import { type Db, sql, type Tx } from '@tradepost/postgres/db';

const save = sql(
  'settled-order.save',
  'insert into settled_order (order_id, settled_at) select unnest($1::uuid[]), $2 on conflict do nothing',
);
const read = sql('settled-order.read', 'select order_id from settled_order where order_id = any($1::uuid[])');
const withdraw = sql(
  'mail.withdraw-payment-needed',
  `update mail set status = 'withdrawn', finished_at = $2
    where order_id = any($1::uuid[]) and kind = 'payment_needed' and status in ('due', 'waiting_for_address')`,
);

/** Notes that orders need no payment any more, and withdraws mails that still ask for one. One that is being sent is left alone. */
export function settleOrders(tx: Tx, orderIds: readonly string[], now: Date): void {
  if (orderIds.length === 0) return;
  tx.queue(save([orderIds, now]));
  tx.queue(withdraw([orderIds, now]));
}

/** Which of these orders need no payment any more. */
export async function settledAmong(db: Db, orderIds: readonly string[]): Promise<Set<string>> {
  if (orderIds.length === 0) return new Set();
  const { rows } = await db.query<{ order_id: string }>(read([orderIds]));
  return new Set(rows.map((row) => row.order_id));
}

const remove = sql(
  'settled-order.remove',
  'delete from settled_order where order_id in (select order_id from settled_order where settled_at < $1 limit $2)',
);

/** Forgets orders that were settled before `before`, at most `limit`, and returns how many. */
export async function forgetSettledOrders(db: Db, before: Date, limit: number): Promise<number> {
  return (await db.query(remove([before, limit]))).rowCount;
}
