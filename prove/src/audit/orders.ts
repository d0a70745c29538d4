import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** An order was asked for under a key, or is made of a cart. */
type OrderRow = { id: string; status: string; key: string | null; cartId: string | null };

const isOpen = (status: string | undefined): boolean => status === 'pending' || status === 'reserved';

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

/** One key, one order; and no order that nobody asked for. */
export async function oneOrderPerKey(system: SystemUnderAudit, expectations: Expectations): Promise<Problem[]> {
  const { wanted, carts = [] } = expectations;
  const twice = await rowsOf<{ key: string; n: number }>(
    system.order,
    `select idempotency_key as key, count(*)::int as n from orders
      where idempotency_key is not null group by customer_id, idempotency_key having count(*) > 1`,
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

/** What was answered under a key is the order of that key, with the lines that were wanted and a total that is their sum. */
export async function ordersAsWanted(system: SystemUnderAudit, { wanted = [] }: Expectations): Promise<Problem[]> {
  const rows = await rowsOf<OrderRow & { total: number; sum: number; lines: { sku: string; quantity: number }[] }>(
    system.order,
    `select o.id, o.status, o.idempotency_key as key, o.amount as total, sum(l.amount * l.quantity)::bigint as sum,
        json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity)) as lines
      from orders o join order_line l on l.order_id = o.id group by o.id`,
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const found: [string, string][] = rows
    .filter(({ total, sum }) => total !== sum)
    .map(({ id, total, sum }) => [id, `order ${id} comes to ${total}, and its lines to ${sum}`]);
  for (const { key, lines, orderId } of wanted) {
    const row = byKey.get(key);
    if (!row) continue;
    if (orderId !== undefined && row.id !== orderId)
      found.push([orderId, `the key ${key} was answered ${orderId}, and made ${row.id}`]);
    const [held, meant] = [row.lines, lines].map(inWords);
    if (held !== meant) found.push([row.id, `order ${row.id} holds ${held}, and ${meant} was wanted`]);
  }
  return problems('mismatched', found, (one) => one);
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
