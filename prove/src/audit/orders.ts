import {
  type Expectations,
  type Problem,
  problems,
  rowsOf,
  type SystemUnderAudit,
  type WantedOrder,
} from './system-under-audit.ts';

/** An order was asked for under a key, or is made of a cart. */
type OrderRow = { id: string; status: string; key: string | null; cartId: string | null };

const isOpen = (status: string | undefined): boolean =>
  status === 'pending' || status === 'reserved' || status === 'awaiting_payment';

/** Every order that was accepted is there, and decided; and no other is still to be decided. */
export async function settledOrders(system: SystemUnderAudit, { accepted }: Expectations): Promise<Problem[]> {
  const orders = await readOrders(system);
  const status = new Map(orders.map((order) => [order.id, order.status]));
  const missing = [...accepted].filter((id) => !status.has(id));
  const open = orders.filter((order) => isOpen(order.status));
  return [
    ...problems('lost', missing, (id) => [id, `order ${id} was accepted and is not there`]),
    ...problems('lost', open, ({ id, status: now }) => [id, `order ${id} is still ${now}`]),
  ];
}

/** One key of one customer, one order, also where a guest is known by an address alone; and no order that nobody asked for. */
export async function oneOrderPerKey(system: SystemUnderAudit, expectations: Expectations): Promise<Problem[]> {
  const { wanted, carts = [] } = expectations;
  const twice = await rowsOf<{ key: string; n: number }>(
    system.order,
    `select idempotency_key as key, count(*)::int as n from orders
      where idempotency_key is not null group by coalesce(guest_email, customer_id::text), idempotency_key having count(*) > 1`,
  );
  const doubled = problems('doubled', twice, ({ key, n }) => [key, `the key ${key} made ${n} orders`]);
  if (!wanted) return doubled;
  const keys = new Set(wanted.flatMap(({ key, outcome }) => (outcome === 'refused' ? [] : key)));
  const ofCarts = new Set(carts.map(({ id }) => id));
  const isWanted = ({ key, cartId }: OrderRow) => (cartId === null ? keys.has(key ?? '') : ofCarts.has(cartId));
  const strangers = (await readOrders(system)).filter((order) => !isWanted(order));
  return [
    ...doubled,
    ...problems('doubled', strangers, ({ id }) => [id, `nobody asked for order ${id}, or it was refused`]),
  ];
}

type OrderWithDetails = OrderRow & {
  total: number;
  guestEmail: string | null;
  shippingMethod: string | null;
  coupons: string[];
  lines: { sku: string; quantity: number }[];
};

/** What was answered under a key is the order of that key, as it was wanted. */
export async function ordersAsWanted(system: SystemUnderAudit, { wanted = [] }: Expectations): Promise<Problem[]> {
  const rows = await rowsOf<OrderWithDetails>(
    system.order,
    `select o.id, o.status, o.idempotency_key as key, o.amount as total, o.guest_email as "guestEmail",
        o.shipping->>'methodId' as "shippingMethod",
        array(select distinct p.code from jsonb_to_recordset(o.adjustments) as a("sourceId" text)
            join promotion p on p.id::text = a."sourceId"
          where p.code is not null) as coupons,
        json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity)) as lines
      from orders o join order_line l on l.order_id = o.id group by o.id`,
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const found = wanted.flatMap((one): [string, string][] => {
    const row = byKey.get(one.key);
    if (!row) return [];
    const isAnother = one.orderId !== undefined && row.id !== one.orderId;
    return [
      ...(isAnother
        ? [[row.id, `the key ${one.key} was answered ${one.orderId}, and made ${row.id}`] as [string, string]]
        : []),
      ...differences(row, one).map((what): [string, string] => [row.id, `order ${row.id} ${what}`]),
    ];
  });
  return problems('mismatched', found, (one) => one);
}

/** What an order has otherwise than it was wanted; what was not logged is not compared. */
function differences(row: OrderWithDetails, wanted: WantedOrder): string[] {
  const { guestEmail, couponCodes, shippingMethod, expectedTotal } = wanted;
  const compared: [what: string, is: string | number | null, meant: string | number | null | undefined][] = [
    ['holds', inWords(row.lines), inWords(wanted.lines)],
    ['is of the guest', row.guestEmail, guestEmail],
    ['has the coupons', row.coupons.toSorted().join(' '), couponCodes?.toSorted().join(' ')],
    ['is sent by', row.shippingMethod, shippingMethod],
    ['costs', row.total, expectedTotal],
  ];
  return compared.flatMap(([what, is, meant]) =>
    meant === undefined || is === meant ? [] : [`${what} ${is}, and ${meant} was wanted`],
  );
}

const inWords = (lines: readonly { sku: string; quantity: number }[]): string =>
  lines
    .map(({ sku, quantity }) => `${quantity}×${sku}`)
    .sort()
    .join(' ');

/** What the API tells an operator of all orders is what the databases say. */
export async function apiTellsTheSame(system: SystemUnderAudit): Promise<Problem[]> {
  const left = new Map((await readOrders(system)).map((order) => [order.id, order.status]));
  const found: [string, string][] = [];
  for (let cursor = ''; ; ) {
    // as: what the API's own document says of a page; what is not so shows as a mismatch.
    const page = (await system.get(`/api/v1/orders?view=all&limit=100${cursor}`)) as {
      items: { id: string; status: string }[];
      nextCursor: string | null;
    };
    for (const { id, status } of page.items) {
      const inDatabase = left.get(id);
      if (inDatabase !== status)
        found.push([id, `the API says that order ${id} is ${status}, and the database ${inDatabase}`]);
      left.delete(id);
    }
    if (!page.nextCursor) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  return [
    ...problems('mismatched', found, (one) => one),
    ...problems('lost', [...left.keys()], (id) => [id, `the API does not know order ${id}`]),
  ];
}

const readOrders = (system: SystemUnderAudit): Promise<OrderRow[]> =>
  rowsOf(system.order, 'select id, status, idempotency_key as key, cart_id as "cartId" from orders');
