import type { OrderStatus } from '@tradepost/contracts/order-status';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { type LineRow, lineColumns, linesAsJson, type OrderRow, orderColumns, toOrder } from './order-rows.ts';

type OrderWithLines = OrderRow & { lines: LineRow[] };

const columns = `${orderColumns}, ${linesAsJson}`;

/** The order that a customer placed with this key, whoever it belongs to now, with the hash of the request that made it. */
export async function orderByKey(
  db: Db,
  customerId: string,
  key: string,
): Promise<{ order: Order; requestHash: Buffer } | null> {
  const { rows } = await db.query<OrderWithLines & { request_hash: Buffer }>({
    name: 'order.by-key',
    text: `select ${columns}, o.request_hash from orders o
      where coalesce(o.placed_by, o.customer_id) = $1 and o.idempotency_key = $2`,
    values: [customerId, key],
    genericPlan: true,
  });
  const [row] = rows;
  return row ? { order: toOrder(row, row.lines), requestHash: row.request_hash } : null;
}

export async function orderById(db: Db, id: string): Promise<Order | null> {
  const { rows } = await db.query<OrderWithLines>({
    name: 'order.by-id',
    text: `select ${columns} from orders o where o.id = $1`,
    values: [id],
    genericPlan: true,
  });
  return rows[0] ? toOrder(rows[0], rows[0].lines) : null;
}

/** The order with this number, as in `T-10023456`. */
export async function orderByNumber(db: Db, number: number): Promise<Order | null> {
  const { rows } = await db.query<OrderWithLines>({
    name: 'order.by-number',
    text: `select ${columns} from orders o where o.number = $1`,
    values: [number],
    genericPlan: true,
  });
  return rows[0] ? toOrder(rows[0], rows[0].lines) : null;
}

/**
 * Locks orders for a change and reads them as they are under the lock. Ids are locked in ascending order, so that two batches
 * cannot deadlock. The lines need a statement of their own, which goes out together with the lock and runs after it: PostgreSQL
 * evaluates a statement that waited for a row lock on the snapshot from before the wait (except for the locked rows), so it would
 * miss what the previous holder wrote to `order_line`.
 * Source: https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
 */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, Order>> {
  const [{ rows }, lines] = await tx.queryTogether<[OrderRow, LineRow & { order_id: string }]>(
    lock([ids]),
    linesOfLocked([ids]),
  );
  const linesOf = Map.groupBy(lines.rows, (line) => line.order_id);
  return new Map(rows.map((row) => [row.id, toOrder(row, linesOf.get(row.id) ?? [])]));
}

const lock = sql(
  'order.lock',
  `select ${orderColumns} from orders o where o.id = any($1::uuid[]) order by o.id for update`,
);

const linesOfLocked = sql(
  'order-line.of-locked',
  `select l.order_id, ${lineColumns} from order_line l where l.order_id = any($1::uuid[]) order by l.order_id, l.position`,
);

export type OrderFilter = {
  customerId?: string | undefined;
  sellerId?: string | undefined;
  status?: OrderStatus | undefined;
  /**
   * True: only orders with units still to send that may be sent; false: only orders of which units were sent and none are left to
   * send. With `sellerId`, only the units of that seller's lines count.
   */
  unsent?: boolean | undefined;
  /** Orders older than this one. */
  before?: string | undefined;
  limit: number;
};

/** Newest first: ids are UUIDv7, so they sort by the time of placing. */
export async function listOrders(db: Db, filter: OrderFilter): Promise<Order[]> {
  const { rows } = await db.query<OrderWithLines>({
    ...(filter.sellerId ? listOfSeller : filter.customerId ? listOfCustomer : listAll),
    values: [
      filter.sellerId ?? filter.customerId ?? null,
      filter.status ?? null,
      filter.before ?? null,
      filter.limit,
      filter.unsent ?? null,
    ],
  });
  return rows.map((row) => toOrder(row, row.lines));
}

/** `whose` narrows the lines that count, with the alias `u`. */
function sendingState(whose: string): string {
  const lines = `select from order_line u where u.order_id = o.id${whose}`;
  const hasUnsent = `exists (${lines} and u.fulfilled + u.withdrawn < u.quantity)`;
  return `($5::boolean is null or ($5 and o.status in ('confirmed', 'authorized') and ${hasUnsent})
    or (not $5 and o.status in ('authorized', 'confirmed', 'fulfilled') and exists (${lines} and u.fulfilled > 0) and not ${hasUnsent}))`;
}
const page = `($2::text is null or o.status = $2) and ($3::uuid is null or o.id < $3) order by o.id desc limit $4`;
const listAll = {
  name: 'order.list',
  text: `select ${columns} from orders o where $1::uuid is null and ${sendingState('')} and ${page}`,
};
const listOfCustomer = {
  name: 'order.list-of-customer',
  text: `select ${columns} from orders o where o.customer_id = $1 and ${sendingState('')} and ${page}`,
};
const listOfSeller = {
  name: 'order.list-of-seller',
  text: `select ${columns} from orders o
    where exists (select from order_line l where l.order_id = o.id and l.seller_id = $1)
      and ${sendingState(' and u.seller_id = $1')} and ${page}`,
};

/** How many orders are still to be decided, and how old the oldest is; it reads the small index of what is due, never the whole table. */
export async function unsettledOrdersOf(
  db: Db,
): Promise<{ status: OrderStatus; count: number; oldestSeconds: number }[]> {
  const { rows } = await db.query<{ status: OrderStatus; count: number; oldest: number }>({
    name: 'order.count-unsettled',
    text: `select status, count(*)::int as count, extract(epoch from now() - min(created_at))::float8 as oldest
      from orders where due_at is not null group by status`,
  });
  return rows.map(({ status, count, oldest }) => ({ status, count, oldestSeconds: oldest }));
}
