import { type Db, sql } from '@tradepost/postgres/db';

// No tokens of payment: of a payment the export has the provider, the amount and the provider's reference.
const orders = sql(
  'account-export.orders',
  `select json_build_object('id', o.id, 'number', o.number, 'status', o.status, 'createdAt', o.created_at, 'updatedAt', o.updated_at,
      'email', o.guest_email, 'total', json_build_object('amount', o.amount, 'currency', o.currency), 'reason', o.reason,
      'shippingAddress', o.shipping_address, 'details', o.details, 'shipping', o.shipping, 'adjustments', o.adjustments,
      'personalData', o.personal_data,
      'payment', json_build_object('provider', o.payment_provider, 'reference', o.payment_reference, 'captured', o.captured,
        'refunded', o.refunded),
      'lines', (select json_agg(json_build_object('sku', l.sku, 'title', l.title, 'quantity', l.quantity, 'unitPrice', l.amount,
          'discount', l.discount, 'tax', l.tax) order by l.position) from order_line l where l.order_id = o.id),
      'parcels', (select coalesce(json_agg(json_build_object('sentAt', f.created_at, 'carrier', f.carrier,
          'trackingNumber', f.tracking_number, 'lines', f.lines) order by f.id), '[]') from fulfilment f where f.order_id = o.id),
      'refunds', (select coalesce(json_agg(json_build_object('amount', r.amount, 'reason', r.reason, 'createdAt', r.created_at,
          'status', r.status) order by r.id), '[]') from refund r where r.order_id = o.id),
      'returns', (select coalesce(json_agg(json_build_object('lines', g.lines, 'restocked', g.restock, 'reason', g.reason,
          'createdAt', g.created_at) order by g.id), '[]') from goods_return g where g.order_id = o.id),
      'invoices', (select coalesce(json_agg(i.content order by i.issued_at, i.number), '[]') from invoice i where i.order_id = o.id),
      'timeline', (select json_agg(json_build_object('type', e.type, 'status', e.status, 'at', e.at, 'data', e.data) order by e.version)
        from order_event e where e.order_id = o.id)) as item, o.id
    from orders o where o.customer_id = $1 and ($2::uuid is null or o.id < $2) order by o.id desc limit $3`,
);
const others = sql(
  'account-export.others',
  `select
    (select coalesce(json_agg(json_build_object('id', a.id, 'address', a.address, 'isDefault', a.is_default, 'createdAt', a.created_at)
        order by a.created_at), '[]') from saved_address a where a.customer_id = $1) as "savedAddresses",
    (select coalesce(json_agg(json_build_object('id', c.id, 'orderId', c.order_id, 'createdAt', c.created_at, 'updatedAt', c.updated_at,
        'lines', (select json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity, 'addedAt', l.added_at) order by l.added_at)
          from cart_line l where l.cart_id = c.id)) order by c.id), '[]')
      from cart c where c.customer_id = $1) as carts,
    (select coalesce(json_agg(json_build_object('promotionId', u.promotion_id, 'orderId', u.order_id)), '[]')
      from promotion_use u join orders o on o.id = u.order_id where o.customer_id = $1) as "promotionUses"`,
);

const PAGE = 200;

/** All that `order` holds of an account: every order, read in pages so that no statement runs long. */
export async function readCustomerData(db: Db, customerId: string): Promise<Record<string, unknown>> {
  const items: unknown[] = [];
  let page: { item: unknown; id: string }[] = [];
  do {
    page = (await db.query<{ item: unknown; id: string }>(orders([customerId, page.at(-1)?.id ?? null, PAGE]))).rows;
    items.push(...page.map(({ item }) => item));
  } while (page.length === PAGE);
  const { rows } = await db.query<Record<string, unknown>>(others([customerId]));
  return { orders: items, ...rows[0] };
}
