import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { OrderStatus } from '@tradepost/contracts/order-status';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { type LineRow, lineColumns, linesAsJson, type OrderRow, orderColumns, toOrder } from './order-rows.ts';
import { messagesOf, traceIdOf } from './timeline.ts';

type OrderWithLines = OrderRow & { lines: LineRow[] };

const columns = `${orderColumns}, ${linesAsJson}`;

export type NewOrder = {
  order: Order;
  idempotencyKey: string;
  requestHash: Buffer;
  dueAt: Date;
  /** The event that tells of it. */
  event: CloudEvent;
};

/**
 * Writes orders with their lines, the first entry of their timelines and their events, in one statement and so in one transaction.
 * Tells for each whether it is there now; it is not, nor anything of it, when its customer has used its key before.
 */
export async function insertOrders(db: Db, wanted: readonly NewOrder[]): Promise<boolean[]> {
  // In one order everywhere, so that two instances with the same keys wait for one another instead of deadlocking.
  const sorted = wanted.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const orders = sorted.map(({ order }) => order);
  const lines = orders.flatMap((order) => order.lines.map((line, position) => ({ orderId: order.id, line, position })));
  const { rows } = await db.query<{ id: string }>(
    insert([
      orders.map(({ id }) => id),
      orders.map(({ customerId }) => customerId),
      orders.map(({ total }) => total.amount),
      orders.map(({ total }) => total.currency),
      orders.map(({ shippingAddress }) => JSON.stringify(shippingAddress)),
      orders.map(({ paymentProvider }) => paymentProvider),
      orders.map(({ paymentToken }) => paymentToken),
      sorted.map(({ idempotencyKey }) => idempotencyKey),
      sorted.map(({ requestHash }) => requestHash),
      sorted.map(({ dueAt }) => dueAt),
      orders.map(({ createdAt }) => createdAt),
      orders.map(({ traceparent }) => traceparent),
      orders.map(({ traceparent }) => traceIdOf(traceparent)),
      sorted.map(({ event }) => messagesOf(undefined, [event])),
      sorted.map(({ event }) => JSON.stringify(event)),
      lines.map(({ orderId }) => orderId),
      lines.map(({ line }) => line.sku),
      lines.map(({ position }) => position),
      lines.map(({ line }) => line.productId),
      lines.map(({ line }) => line.sellerId),
      lines.map(({ line }) => line.title),
      lines.map(({ line }) => line.quantity),
      lines.map(({ line }) => line.unitPrice.amount),
      lines.map(({ line }) => line.priceVersion),
    ]),
  );
  const inserted = new Set(rows.map(({ id }) => id));
  return wanted.map(({ order }) => inserted.has(order.id));
}

const keyOf = ({ order, idempotencyKey }: NewOrder): string => `${order.customerId} ${idempotencyKey}`;

const insert = sql(
  'order.insert',
  `with t as (
      select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::jsonb[], $6::text[], $7::text[],
        $8::text[], $9::bytea[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[], $14::jsonb[], $15::json[])
        as t(id, customer_id, amount, currency, address, provider, token, key, hash, due_at, at, traceparent, trace_id,
          messages, event)),
    o as (
      insert into orders (id, customer_id, status, amount, currency, shipping_address, payment_provider, payment_token,
          idempotency_key, request_hash, due_at, created_at, updated_at, traceparent)
        select id, customer_id, 'pending', amount, currency, address, provider, token, key, hash, due_at, at, at, traceparent
        from t
        on conflict (customer_id, idempotency_key) do nothing
        returning id),
    l as (
      insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version)
        select l.* from unnest($16::uuid[], $17::text[], $18::smallint[], $19::uuid[], $20::uuid[], $21::text[], $22::int[],
          $23::bigint[], $24::int[]) as l(order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version)
        join o on o.id = l.order_id),
    e as (
      insert into order_event (order_id, version, type, status, at, trace_id, messages)
        select id, 1, 'placed', 'pending', t.at, t.trace_id, t.messages from t join o using (id)),
    x as (insert into outbox (event) select t.event from t join o using (id))
    select id from o`,
);

/** The order that a customer placed with this key, if any, with the hash of the request that made it. */
export async function orderByKey(
  db: Db,
  customerId: string,
  key: string,
): Promise<{ order: Order; requestHash: Buffer } | null> {
  const { rows } = await db.query<OrderWithLines & { request_hash: Buffer }>({
    name: 'order.by-key',
    text: `select ${columns}, o.request_hash from orders o where o.customer_id = $1 and o.idempotency_key = $2`,
    values: [customerId, key],
  });
  const [row] = rows;
  return row ? { order: toOrder(row, row.lines), requestHash: row.request_hash } : null;
}

export async function orderById(db: Db, id: string): Promise<Order | null> {
  const { rows } = await db.query<OrderWithLines>({
    name: 'order.by-id',
    text: `select ${columns} from orders o where o.id = $1`,
    values: [id],
  });
  return rows[0] ? toOrder(rows[0], rows[0].lines) : null;
}

/**
 * Locks orders for a change and reads them as they are under the lock. Ids are locked in ascending order, so that two batches
 * cannot deadlock. The lines need a statement of their own: PostgreSQL evaluates a statement that waited for a row lock on the
 * snapshot from before the wait (except for the locked rows), so it would miss what the previous holder wrote to `order_line`.
 * Source: https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
 */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, Order>> {
  const { rows } = await tx.query<OrderRow>(lock([ids]));
  if (rows.length === 0) return new Map();
  const lines = await tx.query<LineRow & { order_id: string }>(linesOfLocked([rows.map(({ id }) => id)]));
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
  /** Only confirmed orders with units still to send; with `sellerId`, units of that seller's lines. */
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
      filter.unsent ?? false,
    ],
  });
  return rows.map((row) => toOrder(row, row.lines));
}

const hasUnsent = (whose: string) => `(not $5::boolean or o.status = 'confirmed' and exists (select from order_line u
    where u.order_id = o.id and u.fulfilled + u.withdrawn < u.quantity${whose}))`;
const page = `($2::text is null or o.status = $2) and ($3::uuid is null or o.id < $3) order by o.id desc limit $4`;
const listAll = {
  name: 'order.list',
  text: `select ${columns} from orders o where $1::uuid is null and ${hasUnsent('')} and ${page}`,
};
const listOfCustomer = {
  name: 'order.list-of-customer',
  text: `select ${columns} from orders o where o.customer_id = $1 and ${hasUnsent('')} and ${page}`,
};
const listOfSeller = {
  name: 'order.list-of-seller',
  text: `select ${columns} from orders o
    where exists (select from order_line l where l.order_id = o.id and l.seller_id = $1)
      and ${hasUnsent(' and u.seller_id = $1')} and ${page}`,
};

/** How many orders are still to be decided, and how old the oldest is; it reads the small index of what is due, never the whole table. */
export async function unsettled(db: Db): Promise<{ status: OrderStatus; count: number; oldestSeconds: number }[]> {
  const { rows } = await db.query<{ status: OrderStatus; count: number; oldest: number }>({
    name: 'order.count-unsettled',
    text: `select status, count(*)::int as count, extract(epoch from now() - min(created_at))::float8 as oldest
      from orders where due_at is not null group by status`,
  });
  return rows.map(({ status, count, oldest }) => ({ status, count, oldestSeconds: oldest }));
}
