import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

type LineRow = {
  id: string;
  sku: string;
  status: string;
  quantity: number;
  fulfilled: number;
  refunded: number;
  withdrawn: number;
  /** Units that came back, by the line. */
  returned: number;
  /** Units in all parcels, in all refunds that name lines, and in all returns. */
  sent: number;
  inRefunds: number;
  inReturns: number;
};

const unitsOf = (table: 'fulfilment' | 'refund' | 'goods_return') => `(
  select t.order_id, l.sku, sum(l.quantity)::int as units from ${table} t, jsonb_to_recordset(t.lines) as l(sku text, quantity int)
    group by 1, 2)`;

/** Lines whose figures contradict each other, the parcels, the refunds or the returns. */
const wrongLines = `select l.order_id as id, l.sku, o.status, l.quantity, l.fulfilled, l.refunded, l.withdrawn, l.returned,
    coalesce(f.units, 0) as sent, coalesce(r.units, 0) as "inRefunds", coalesce(g.units, 0) as "inReturns"
  from order_line l join orders o on o.id = l.order_id
    left join ${unitsOf('fulfilment')} f on f.order_id = l.order_id and f.sku = l.sku
    left join ${unitsOf('refund')} r on r.order_id = l.order_id and r.sku = l.sku
    left join ${unitsOf('goods_return')} g on g.order_id = l.order_id and g.sku = l.sku
  where l.fulfilled + l.withdrawn > l.quantity or l.refunded > l.quantity or l.withdrawn > l.refunded
    or coalesce(f.units, 0) <> l.fulfilled or coalesce(r.units, 0) <> l.refunded
    or coalesce(f.units, 0) + l.withdrawn > l.quantity
    or coalesce(g.units, 0) <> l.returned or l.returned > l.fulfilled
    or (o.status in ('pending', 'reserved', 'awaiting_payment', 'authorized', 'rejected', 'cancelled') and coalesce(f.units, 0) > 0)`;

/**
 * Units sent and units withdrawn (refunded before they were sent) are never more than were ordered, by the lines and by the parcels;
 * no more units came back than were sent; lines, parcels, refunds and returns tell the same; and nothing was sent of an order that was cancelled or never paid.
 */
export async function linesAddUp(system: SystemUnderAudit): Promise<Problem[]> {
  const rows = await rowsOf<LineRow>(system.order, wrongLines);
  return rows.map((row) => {
    const { id, sku, status, quantity, fulfilled, refunded, withdrawn, returned, sent, inRefunds, inReturns } = row;
    const isSentWrongly = sent + withdrawn > quantity || (sent > 0 && status === 'cancelled') || sent !== fulfilled;
    const figures = `${quantity} ordered, ${fulfilled} sent, ${returned} returned, ${refunded} refunded, ${withdrawn} unsent`;
    const what = `order ${id} (${status}), ${sku}: ${figures}; ${sent} in parcels, ${inRefunds} in refunds, ${inReturns} in returns`;
    return { kind: isSentWrongly ? 'wronglySent' : 'mismatched', subject: id, what };
  });
}

type OrderRow = { id: string; status: string; captured: number; refunded: number; unsent: number; sent: number };

/** The status of a paid order follows from its lines and its money, in whatever order things were done. */
export async function statusFollowsLines(system: SystemUnderAudit): Promise<Problem[]> {
  const rows = await rowsOf<OrderRow>(
    system.order,
    `select o.id, o.status, o.captured, o.refunded, sum(l.quantity - l.fulfilled - l.withdrawn)::int as unsent,
        sum(l.fulfilled)::int as sent
      from orders o join order_line l on l.order_id = o.id
      where o.status in ('confirmed', 'fulfilled', 'delivered', 'refunded') group by o.id`,
  );
  const wrong = rows.filter((row) => !statusesOf(row).includes(row.status));
  return problems('mismatched', wrong, ({ id, status, captured, refunded, unsent, sent }) => [
    id,
    `order ${id} is ${status}: ${unsent} units are left to send, ${sent} were sent, ${refunded} of ${captured} went back`,
  ]);
}

function statusesOf({ captured, refunded, unsent, sent }: OrderRow): string[] {
  if (unsent > 0) return captured > 0 && refunded === captured ? [] : ['confirmed'];
  if (sent === 0 || (captured > 0 && refunded === captured)) return ['refunded'];
  return ['fulfilled', 'delivered'];
}

/** Where an order may stand in the end after this was acknowledged. */
const endStatuses = { cancel: ['cancelled', 'rejected'], deliver: ['delivered', 'refunded'] } as const;

/** What was acknowledged took effect, once, and is not undone; what was refused did not. */
export async function actionsTookEffect(
  system: SystemUnderAudit,
  { orderActions = [] }: Expectations,
): Promise<Problem[]> {
  const found: [string, string][] = [];
  const orders = await rowsOf<{ id: string; status: string }>(system.order, 'select id, status from orders');
  const status = new Map(orders.map((order) => [order.id, order.status]));
  for (const { orderId, kind, outcome } of orderActions) {
    if ((kind !== 'cancel' && kind !== 'deliver') || outcome !== 'acknowledged') continue;
    const now = status.get(orderId) ?? 'gone';
    const allowed: readonly string[] = endStatuses[kind];
    if (!allowed.includes(now)) found.push([orderId, `order ${orderId} is ${now} after an acknowledged ${kind}`]);
  }
  for (const [kind, table, condition = ''] of [
    ['fulfil', 'fulfilment'],
    // Not those that a return has made.
    ['refund', 'refund r', 'and not exists (select from goods_return g where g.refund_id = r.id)'],
    ['return', 'goods_return'],
  ] as const) {
    const rows = await rowsOf<{ id: string; orderId: string }>(
      system.order,
      `select id, order_id as "orderId" from ${table} where created_by is not null ${condition}`,
    );
    const own = orderActions.filter((action) => action.kind === kind);
    found.push(...compareMade(rows, own, kind));
  }
  return problems('mismatched', found, (one) => one);
}

type StoredOperation = { id: string; orderId: string };
type LoggedOperation = { orderId: string; outcome: string; madeId?: string | undefined };

/** Every acknowledged parcel (or refund, or return) is there, and no more than were asked for. */
function compareMade(
  rows: readonly StoredOperation[],
  asked: readonly LoggedOperation[],
  kind: string,
): [string, string][] {
  const there = new Set(rows.map(({ id }) => id));
  const found = asked.flatMap(({ orderId, outcome, madeId }): [string, string][] =>
    outcome === 'acknowledged' && madeId !== undefined && !there.has(madeId)
      ? [[orderId, `order ${orderId}: the acknowledged ${kind} ${madeId} is not there`]]
      : [],
  );
  const made = Map.groupBy(rows, ({ orderId }) => orderId);
  const possible = Map.groupBy(
    asked.filter(({ outcome }) => outcome !== 'refused'),
    ({ orderId }) => orderId,
  );
  for (const [orderId, { length }] of made) {
    const most = possible.get(orderId)?.length ?? 0;
    // Orders that nobody kept a log of are not compared.
    if (asked.length > 0 && length > most)
      found.push([orderId, `order ${orderId}: ${length} times ${kind}, of ${most} that were asked for`]);
  }
  return found;
}
