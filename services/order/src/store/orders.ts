import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Db, Tx } from '@tradepost/postgres/db';
import type { Address, Order, OrderLine } from '../domain/order.ts';
import { messagesOf, traceIdOf } from './timeline.ts';

type OrderRow = {
  id: string;
  customer_id: string;
  status: OrderStatus;
  version: number;
  amount: number;
  currency: string;
  shipping_address: Address;
  reason: string | null;
  cancel_requested: boolean;
  payment_provider: string;
  payment_attempts: number;
  reserved_at: Date | null;
  captured: number;
  refunded: number;
  created_at: Date;
  updated_at: Date;
  traceparent: string | null;
  lines: LineRow[];
};

/** [sku, product, seller, title, quantity, amount, price version, fulfilled, refunded, withdrawn] */
type LineRow = [string, string, string, string, number, number, number, number, number, number];

const columns = `o.id, o.customer_id, o.status, o.version, o.amount, o.currency, o.shipping_address, o.reason,
  o.cancel_requested, o.payment_provider, o.payment_attempts, o.reserved_at, o.captured, o.refunded,
  o.created_at, o.updated_at, o.traceparent,
  (select json_agg(json_build_array(l.sku, l.product_id, l.seller_id, l.title, l.quantity, l.amount, l.price_version,
     l.fulfilled, l.refunded, l.withdrawn) order by l.position) from order_line l where l.order_id = o.id) as lines`;

function toOrder(row: OrderRow): Order {
  const { currency } = row;
  return {
    id: row.id,
    customerId: row.customer_id,
    status: row.status,
    version: row.version,
    total: { amount: row.amount, currency },
    captured: row.captured,
    refunded: row.refunded,
    cancelRequested: row.cancel_requested,
    reason: row.reason,
    paymentProvider: row.payment_provider,
    paymentAttempts: row.payment_attempts,
    shippingAddress: row.shipping_address,
    reservedAt: row.reserved_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    traceparent: row.traceparent,
    lines: row.lines.map((line) => toLine(line, currency)),
  };
}

function toLine(row: LineRow, currency: string): OrderLine {
  const [sku, productId, sellerId, title, quantity, amount, priceVersion, fulfilled, refunded, withdrawn] = row;
  return {
    sku,
    productId,
    sellerId,
    title,
    quantity,
    unitPrice: { amount, currency },
    priceVersion,
    fulfilled,
    refunded,
    withdrawn,
  };
}

export type NewOrder = { order: Order; paymentToken: string; idempotencyKey: string; requestHash: Buffer; dueAt: Date };

/**
 * Writes an order with its lines, the first entry of its timeline and its event, in one statement and so in one
 * transaction. False, and nothing is written, when the customer has used the key before.
 */
export async function insertOrder(db: Db, input: NewOrder, event: CloudEvent): Promise<boolean> {
  const { order } = input;
  const { lines } = order;
  const { rowCount } = await db.query({
    name: 'order.insert',
    text: `with o as (
        insert into orders (id, customer_id, status, amount, currency, shipping_address, payment_provider, payment_token,
          idempotency_key, request_hash, due_at, created_at, updated_at, traceparent)
        values ($1, $2, 'pending', $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $21)
        on conflict (customer_id, idempotency_key) do nothing
        returning id),
      l as (
        insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version)
        select o.id, t.* from o, unnest($12::text[], $13::smallint[], $14::uuid[], $15::uuid[], $16::text[], $17::int[],
          $18::bigint[], $19::int[]) t),
      e as (
        insert into order_event (order_id, version, type, status, at, trace_id, messages)
        select id, 1, 'placed', 'pending', $11, $22, $23 from o),
      x as (insert into outbox (event) select $20::json from o)
      select id from o`,
    values: [
      order.id,
      order.customerId,
      order.total.amount,
      order.total.currency,
      order.shippingAddress,
      order.paymentProvider,
      input.paymentToken,
      input.idempotencyKey,
      input.requestHash,
      input.dueAt,
      order.createdAt,
      lines.map((line) => line.sku),
      lines.map((_, index) => index),
      lines.map((line) => line.productId),
      lines.map((line) => line.sellerId),
      lines.map((line) => line.title),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPrice.amount),
      lines.map((line) => line.priceVersion),
      event,
      order.traceparent,
      traceIdOf(order.traceparent),
      messagesOf(undefined, [event]),
    ],
  });
  return rowCount === 1;
}

/** The order that a customer placed with this key, if any, with the hash of the request that made it. */
export async function orderByKey(
  db: Db,
  customerId: string,
  key: string,
): Promise<{ order: Order; requestHash: Buffer } | null> {
  const { rows } = await db.query<OrderRow & { request_hash: Buffer }>({
    name: 'order.by-key',
    text: `select ${columns}, o.request_hash from orders o where o.customer_id = $1 and o.idempotency_key = $2`,
    values: [customerId, key],
  });
  const [row] = rows;
  return row ? { order: toOrder(row), requestHash: row.request_hash } : null;
}

export async function orderById(db: Db, id: string): Promise<Order | null> {
  const { rows } = await db.query<OrderRow>({
    name: 'order.by-id',
    text: `select ${columns} from orders o where o.id = $1`,
    values: [id],
  });
  return rows[0] ? toOrder(rows[0]) : null;
}

/** Locks orders for a change, always in the order of their ids, so that two batches never wait for each other in a ring. */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, Order>> {
  const { rows } = await tx.query<OrderRow>({
    name: 'order.lock',
    text: `select ${columns} from orders o where o.id = any($1::uuid[]) order by o.id for update of o`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, toOrder(row)]));
}

export type OrderFilter = {
  customerId?: string | undefined;
  sellerId?: string | undefined;
  status?: OrderStatus | undefined;
  /** Orders older than this one. */
  before?: string | undefined;
  limit: number;
};

/** Newest first: ids are UUIDv7, so they sort by the time of placing. */
export async function listOrders(db: Db, filter: OrderFilter): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>({
    ...(filter.sellerId ? listOfSeller : filter.customerId ? listOfCustomer : listAll),
    values: [filter.sellerId ?? filter.customerId ?? null, filter.status ?? null, filter.before ?? null, filter.limit],
  });
  return rows.map(toOrder);
}

const page = `($2::text is null or o.status = $2) and ($3::uuid is null or o.id < $3) order by o.id desc limit $4`;
const listAll = {
  name: 'order.list',
  text: `select ${columns} from orders o where $1::uuid is null and ${page}`,
};
const listOfCustomer = {
  name: 'order.list-of-customer',
  text: `select ${columns} from orders o where o.customer_id = $1 and ${page}`,
};
const listOfSeller = {
  name: 'order.list-of-seller',
  text: `select ${columns} from orders o
    where exists (select from order_line l where l.order_id = o.id and l.seller_id = $1) and ${page}`,
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
