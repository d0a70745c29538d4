import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql } from '@tradepost/postgres/db';
import type { Order, OrderLine } from '../domain/order.ts';
import { messagesOf, traceIdOf } from './timeline.ts';

/** What an order was made of: a request with its `Idempotency-Key`, or a cart at the version that was priced. */
export type OrderOrigin = { idempotencyKey: string } | { cartId: string; cartVersion: number };

export type NewOrder = {
  order: Order;
  origin: OrderOrigin;
  requestHash: Buffer;
  dueAt: Date;
  /** The event that announces it. */
  event: CloudEvent;
  /** Promotions that it uses and whose uses are limited. */
  limitedPromotions: readonly string[];
  /** Whether the shop issues an invoice for it. */
  isInvoiced: boolean;
};

const orderRows = columnArrays<NewOrder>({
  id: ['uuid', ({ order }) => order.id],
  number: ['int', ({ order }) => order.number],
  customer_id: ['uuid', ({ order }) => order.customerId],
  guest_email: ['text', ({ order }) => order.guestEmail],
  amount: ['bigint', ({ order }) => order.total.amount],
  currency: ['text', ({ order }) => order.total.currency],
  address: ['jsonb', ({ order }) => JSON.stringify(order.shippingAddress)],
  provider: ['text', ({ order }) => order.paymentProvider],
  token: ['text', ({ order }) => order.paymentToken],
  key: ['text', ({ origin }) => ('idempotencyKey' in origin ? origin.idempotencyKey : null)],
  cart_id: ['uuid', ({ origin }) => ('cartId' in origin ? origin.cartId : null)],
  units: ['int', ({ order }) => order.lines.reduce((sum, { quantity }) => sum + quantity, 0)],
  cart_version: ['int', ({ origin }) => ('cartId' in origin ? origin.cartVersion : null)],
  hash: ['bytea', ({ requestHash }) => requestHash],
  due_at: ['timestamptz', ({ dueAt }) => dueAt],
  at: ['timestamptz', ({ order }) => order.createdAt],
  traceparent: ['text', ({ order }) => order.traceparent],
  trace_id: ['text', ({ order }) => traceIdOf(order.traceparent)],
  messages: ['jsonb', ({ event }) => messagesOf(undefined, [event])],
  event: ['json', ({ event }) => JSON.stringify(event)],
  tax_included: ['boolean', ({ order }) => order.taxIncluded],
  shipping: ['jsonb', ({ order }) => order.shipping && JSON.stringify(order.shipping)],
  adjustments: ['jsonb', ({ order }) => JSON.stringify(order.adjustments)],
  details: ['jsonb', ({ order }) => JSON.stringify(order.details)],
  invoicing: ['text', ({ isInvoiced }) => (isInvoiced ? 'wanted' : null)],
});

type NewLine = { orderId: string; line: OrderLine; position: number };

const lineRows = columnArrays<NewLine>({
  order_id: ['uuid', ({ orderId }) => orderId],
  sku: ['text', ({ line }) => line.sku],
  position: ['smallint', ({ position }) => position],
  product_id: ['uuid', ({ line }) => line.productId],
  seller_id: ['uuid', ({ line }) => line.sellerId],
  title: ['text', ({ line }) => line.title],
  quantity: ['int', ({ line }) => line.quantity],
  amount: ['bigint', ({ line }) => line.unitPrice.amount],
  price_version: ['int', ({ line }) => line.priceVersion],
  discount: ['bigint', ({ line }) => line.discount],
  tax: ['bigint', ({ line }) => line.tax],
  tax_exemption: ['bigint', ({ line }) => line.taxExemption],
});

type NewUse = { orderId: string; promotionId: string };

const useRows = columnArrays<NewUse>({
  order_id: ['uuid', ({ orderId }) => orderId],
  promotion_id: ['uuid', ({ promotionId }) => promotionId],
});

/**
 * Writes orders with their lines, the first entry of their timelines and their events, and closes the carts that they are made of: one
 * statement, so one transaction. Tells of each what became of it: `refused` when its customer has used its key before, when its cart
 * has changed since it was priced (`cart.version`) or is closed, or when its number is taken; `over_limit` when its customer has as
 * much unsettled as one may have; `usedUp` with the promotions that have been used as often as they may be.
 */
export async function insertOrders(
  db: Db,
  wanted: readonly NewOrder[],
  limits: UnsettledLimits,
): Promise<InsertOutcome[]> {
  // In one order everywhere, so that two instances with the same keys wait for one another instead of deadlocking.
  const sorted = onePerCart(wanted).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = sorted.flatMap(({ order }) =>
    order.lines.map((line, position): NewLine => ({ orderId: order.id, line, position })),
  );
  const uses = sorted.flatMap(({ order, limitedPromotions }) =>
    limitedPromotions.map((promotionId): NewUse => ({ orderId: order.id, promotionId })),
  );
  const { rows } = await db.query<OutcomeRow>(
    insert([
      ...[...orderRows.values(sorted), ...lineRows.values(lines), ...useRows.values(uses)],
      ...[limits.orders, limits.units],
    ]),
  );
  const outcomes = new Map(rows.map((row) => [row.id, outcomeOf(row)]));
  return wanted.map(({ order }) => outcomes.get(order.id) ?? 'refused');
}

/** What an account may have unsettled at a time; 0 is any number. Its only unsettled order may have any number of units. */
export type UnsettledLimits = { orders: number; units: number };

export type InsertOutcome = 'written' | 'refused' | 'over_limit' | { usedUp: readonly string[] };

type OutcomeRow = { id: string; is_written: boolean; is_over: boolean; used_up: string[] | null };

function outcomeOf({ is_written: isWritten, is_over: isOver, used_up: usedUp }: OutcomeRow): InsertOutcome {
  if (isWritten) return 'written';
  if (usedUp) return { usedUp };
  return isOver ? 'over_limit' : 'refused';
}

const keyOf = ({ order, origin }: NewOrder): string =>
  'idempotencyKey' in origin ? `${order.customerId} ${origin.idempotencyKey}` : origin.cartId;

/** Of several orders for one cart the first is tried. */
function onePerCart(wanted: readonly NewOrder[]): NewOrder[] {
  const carts = new Set<string>();
  return wanted.filter(({ origin }) => {
    if (!('cartId' in origin)) return true;
    const isFirst = !carts.has(origin.cartId);
    carts.add(origin.cartId);
    return isFirst;
  });
}

const firstUse = orderRows.count + lineRows.count + 1;
const firstLimit = firstUse + useRows.count;
const maxOrders = `$${firstLimit}::int`;
const maxUnits = `$${firstLimit + 1}::int`;

// What an account has unsettled is counted under a lock (`lock_unsettled`), so that orders placed at once are counted too, and those of
// this statement one after the other. Orders that are refused for another reason count as well: such a request may be repeated.
// Promotions whose uses are limited are locked after customers and before carts, as `giveBackUses` and `reopenCarts` do; then their uses are counted, those
// of this statement one after the other, without those of orders that are there already.
// A cart that a guest checks out stays one that needs no account, since it opens again when the order ends unpaid.
// One that was deleted meanwhile counts as used up.
// `open_cart` waits for whoever changes such a cart, and then compares the version of the row as it was left.
const insert = sql(
  'order.insert',
  `with t as (select * from ${orderRows.unnest('t')}),
    unsettled as materialized (
      select * from lock_unsettled(
        case when ${maxOrders} > 0 or ${maxUnits} > 0 then array(select distinct customer_id from t) else '{}' end)),
    room as (
      select n.id, ${maxOrders} > 0 and coalesce(u.orders, 0) + n.earlier_orders >= ${maxOrders}
          or ${maxUnits} > 0 and coalesce(u.orders, 0) + n.earlier_orders > 0
            and coalesce(u.units, 0) + n.units_with_earlier > ${maxUnits} as is_over
        from (
          select id, customer_id, row_number() over w - 1 as earlier_orders, sum(units) over w as units_with_earlier from t
            window w as (partition by customer_id order by id rows unbounded preceding)) as n
          left join unsettled u using (customer_id)),
    wanted_use as materialized (
      select u.order_id, u.promotion_id, t.customer_id,
          row_number() over (partition by u.promotion_id order by t.id) as in_all,
          row_number() over (partition by u.promotion_id, t.customer_id order by t.id) as by_customer
        from ${useRows.unnest('u', firstUse)} join t on t.id = u.order_id
        where t.id not in (select id from room where is_over) and (t.key is null or not exists (
          select from orders p where coalesce(p.placed_by, p.customer_id) = t.customer_id and p.idempotency_key = t.key))),
    used_up as materialized (
      select w.order_id as id, array_agg(w.promotion_id) as promotions
        from wanted_use w left join lock_promotions(
            array(select distinct promotion_id from wanted_use), array(select distinct customer_id from wanted_use)) p
          using (promotion_id, customer_id)
        where p.used is null or p.used + w.in_all > p.limit_total or p.used_by_customer + w.by_customer > p.limit_per_customer
        group by w.order_id),
    open_cart as (
      select c.id from cart c join t on t.cart_id = c.id
      where c.order_id is null and c.merged_into is null and c.version = t.cart_version
        and t.id not in (select id from used_up)
      order by c.id for update of c),
    o as (
      insert into orders (id, number, customer_id, status, amount, currency, shipping_address, payment_provider, payment_token,
          idempotency_key, cart_id, request_hash, due_at, created_at, updated_at, traceparent, tax_included, shipping, adjustments,
          guest_email, details, invoicing)
        select id, number, customer_id, 'pending', amount, currency, address, provider, token, key, cart_id, hash, due_at, at, at,
          traceparent, tax_included, shipping, adjustments, guest_email, details, invoicing
        from t where (cart_id is null or cart_id in (select id from open_cart)) and id not in (select id from room where is_over)
          and id not in (select id from used_up)
        on conflict do nothing
        returning id),
    closed as (
      update cart c set order_id = o.id, updated_at = t.at,
          customer_id = case when t.guest_email is null then t.customer_id else c.customer_id end
        from t join o using (id) where c.id = t.cart_id),
    l as (
      insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version, discount, tax,
          tax_exemption)
        select l.order_id, l.sku, l.position, l.product_id, l.seller_id, l.title, l.quantity, l.amount, l.price_version, l.discount, l.tax,
          l.tax_exemption
        from ${lineRows.unnest('l', orderRows.count + 1)} join o on o.id = l.order_id),
    e as (
      insert into order_event (order_id, version, type, status, at, trace_id, messages)
        select id, 1, 'placed', 'pending', t.at, t.trace_id, t.messages from t join o using (id)),
    x as (insert into outbox (event) select t.event from t join o using (id)),
    used as (
      insert into promotion_use (promotion_id, customer_id, order_id)
        select w.promotion_id, w.customer_id, w.order_id from wanted_use w join o on o.id = w.order_id
        returning promotion_id),
    counted as (
      update promotion p set used = p.used + n.uses
        from (select promotion_id, count(*)::int as uses from used group by promotion_id) n where p.id = n.promotion_id)
    select room.id, o.id is not null as is_written, room.is_over, used_up.promotions as used_up
      from room left join o using (id) left join used_up using (id)`,
  { genericPlan: true },
);
