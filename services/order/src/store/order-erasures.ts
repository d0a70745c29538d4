import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** `books`: contact data goes, the invoice address stays. `none`: nothing of the person stays. Amounts are never changed. */
export type ErasureTarget = 'books' | 'none';

export type DueErasure = { orderId: string; customerId: string; target: ErasureTarget };

const addOfCustomers = sql(
  'order-erasure.add-of-customers',
  `insert into order_erasure (order_id, target, due_at)
    select id, 'books', $2 from orders where customer_id = any($1::uuid[]) and personal_data = 'full' order by id
    on conflict (order_id) do nothing`,
);

/** Makes the orders of these customers due, those that hold more than books need; returns how many are new. */
export async function addErasuresOf(tx: Tx, customerIds: readonly string[], now: Date): Promise<number> {
  return (await tx.query(addOfCustomers([customerIds, now]))).rowCount;
}

const due = sql(
  'order-erasure.due',
  `select e.order_id as "orderId", e.target, o.customer_id as "customerId" from order_erasure e join orders o on o.id = e.order_id
    where e.due_at <= $1 order by e.due_at limit $2 for update of e skip locked`,
);

export async function claimDueErasures(tx: Tx, now: Date, limit: number): Promise<DueErasure[]> {
  return (await tx.query<DueErasure>(due([now, limit]))).rows;
}

/** Whether an order `o` may still need what it knows of its customer: to be paid, sent, given back, or found by the carrier. */
const isOpen = `(o.status in ('pending', 'reserved', 'awaiting_payment', 'authorized', 'confirmed')
  or o.status = 'fulfilled' and o.updated_at > $2::timestamptz - interval '30 days'
  or exists (select from refund r where r.order_id = o.id and r.status = 'pending'))`;

const closed = sql(
  'order-erasure.closed',
  `select o.id, o.guest_email as "guestEmail", o.shipping_address->>'name' as name from orders o
    where o.id = any($1::uuid[]) and not ${isOpen}`,
);

/** Those of the orders that are closed, with the address of a guest. This transaction has locked the orders before. */
export async function closedAmong(
  tx: Tx,
  orderIds: readonly string[],
  now: Date,
): Promise<{ id: string; guestEmail: string | null; name: string }[]> {
  return (await tx.query<{ id: string; guestEmail: string | null; name: string }>(closed([orderIds, now]))).rows;
}

const noAddress = `jsonb_build_object('name', '–', 'line1', '–', 'city', '–', 'country', o.shipping_address->'country')`;

// What people have typed into a request is removed with the contact data: notes, reasons of refunds and returns, keys that a client has chosen.
const typedTexts = `carts as (delete from cart where order_id = any($1::uuid[])),
    refund_reasons as (update refund set reason = '' where order_id = any($1::uuid[])),
    return_reasons as (update goods_return set reason = '' where order_id = any($1::uuid[])),
    event_reasons as (
      update order_event set data = data - 'refundReason' - 'returnReason'
        where order_id = any($1::uuid[]) and data ?| array['refundReason', 'returnReason'])`;
// With a space in front, as `internalKey` has it: a client may have sent the id of one order as the key of another.
const keyOfOrder = `case when o.idempotency_key is null then null else ' ' || o.id end`;

const toBooks = sql(
  'order-erasure.to-books',
  `with ${typedTexts}
    update orders o set personal_data = 'books', guest_email = null, placed_by = null, payment_token = null,
      payment_action = null, idempotency_key = ${keyOfOrder},
      shipping_address = case when o.details ? 'billingAddress' then ${noAddress} else o.shipping_address - 'phone' end,
      details = case when o.details ? 'billingAddress'
        then jsonb_set(o.details - 'note' - 'giftNote', '{billingAddress}', (o.details->'billingAddress') - 'phone')
        else o.details - 'note' - 'giftNote' end
    where o.id = any($1::uuid[]) and o.personal_data = 'full'`,
);

// A statement changes a row once, so carrier and reason of an entry go together. The id of the order stands for its customer from now on, so
// that nobody sees which orders are of one person.
const toNone = sql(
  'order-erasure.to-none',
  `with carts as (delete from cart where order_id = any($1::uuid[])),
    refund_reasons as (update refund set reason = '' where order_id = any($1::uuid[])),
    return_reasons as (update goods_return set reason = '' where order_id = any($1::uuid[])),
    event_texts as (
      update order_event set data = data - 'refundReason' - 'returnReason' - 'carrier' - 'trackingNumber'
        where order_id = any($1::uuid[]) and data ?| array['refundReason', 'returnReason', 'carrier', 'trackingNumber']),
    parcels as (update fulfilment set carrier = null, tracking_number = null where order_id = any($1::uuid[])),
    uses as (update promotion_use set customer_id = order_id where order_id = any($1::uuid[]))
    update orders o set personal_data = 'none', customer_id = o.id, guest_email = null, placed_by = null, payment_token = null,
      payment_action = null, payment_reference = null, traceparent = null, request_hash = '', details = '{}', shipping_address = ${noAddress},
      idempotency_key = ${keyOfOrder}
    where o.id = any($1::uuid[])`,
);

/** Removes personal data from orders, which this transaction has locked. */
export async function reducePersonalData(tx: Tx, orderIds: readonly string[], target: ErasureTarget): Promise<void> {
  if (orderIds.length > 0) await tx.query((target === 'books' ? toBooks : toNone)([orderIds]));
}

const remove = sql('order-erasure.remove', 'delete from order_erasure where order_id = any($1::uuid[])');
const postpone = sql('order-erasure.postpone', 'update order_erasure set due_at = $2 where order_id = any($1::uuid[])');

/** Ends the erasure of those that are done, and looks at the others again at `nextAt`. */
export async function finishErasures(
  tx: Tx,
  o: { done: readonly string[]; open: readonly string[]; nextAt: Date },
): Promise<void> {
  if (o.done.length > 0) await tx.query(remove([o.done]));
  if (o.open.length > 0) await tx.query(postpone([o.open, o.nextAt]));
}

const lockProgress = sql('order-retention.lock', 'select after from order_retention for update');
const nextOrders = sql('order-retention.next', 'select id from orders where id > $1 and id < $2 order by id limit $3');
const addExpired = sql(
  'order-erasure.add-expired',
  `insert into order_erasure (order_id, target, due_at) select id, 'none', $2 from unnest($1::uuid[]) as id
    on conflict (order_id) do update set target = 'none', due_at = least(order_erasure.due_at, excluded.due_at)`,
);
const saveProgress = sql('order-retention.save', 'update order_retention set after = $1');

/** Makes the next orders with an id below `before` due to lose all personal data, at most `limit`; returns how many. */
export async function addExpiredOrders(tx: Tx, before: string, now: Date, limit: number): Promise<number> {
  const { rows } = await tx.query<{ after: string }>(lockProgress());
  const found = await tx.query<{ id: string }>(nextOrders([rows[0]?.after, before, limit]));
  const ids = found.rows.map(({ id }) => id);
  const last = ids.at(-1);
  if (last === undefined) return 0;
  await tx.query(addExpired([ids, now]));
  await tx.query(saveProgress([last]));
  return ids.length;
}

const openOfCustomer = sql(
  'order-erasure.open-of-customer',
  `select count(*)::int as count from orders o where o.customer_id = $1 and o.personal_data = 'full' and ${isOpen}`,
);

/** How many orders of a customer are not closed yet. */
export async function countOpenOrders(db: Db, customerId: string, now: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(openOfCustomer([customerId, now]));
  return rows[0]?.count ?? 0;
}
