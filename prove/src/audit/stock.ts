import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** Orders in these have their goods: they were sent, or will be. */
const SOLD = `('authorized', 'confirmed', 'fulfilled', 'delivered', 'refunded')`;

/** By order and SKU, the units that came back and are on sale again. */
const restocked = `(select g.order_id, l.sku, sum(l.quantity)::int as units
    from goods_return g, jsonb_to_recordset(g.lines) as l(sku text, quantity int) where g.restock group by 1, 2)`;

/** Units on hand are those there were, less those sold that did not come back on sale; nothing is held any more; and nothing was sold that there was not. */
export async function stockAddsUp(system: SystemUnderAudit, { stock }: Expectations): Promise<Problem[]> {
  const sold = await soldUnits(system);
  const rows = await rowsOf<{ sku: string; on_hand: number; reserved: number; sold: number }>(
    system.product,
    'select sku, on_hand, reserved, sold from stock where sku = any($1::text[])',
    [[...stock.keys()]],
  );
  return rows.flatMap((row): Problem[] => {
    const before = stock.get(row.sku) ?? 0;
    const gone = sold.get(row.sku) ?? 0;
    const figures = `${row.sku}: ${before} units before, ${gone} sold; on hand ${row.on_hand}, held ${row.reserved}`;
    if (gone > before || row.on_hand < 0) return [{ kind: 'oversold', subject: row.sku, what: figures }];
    const isRight = row.on_hand === before - gone && row.reserved === 0 && row.sold === gone;
    const what = `${figures}, counted as sold ${row.sold}`;
    return isRight ? [] : [{ kind: 'mismatched', subject: row.sku, what }];
  });
}

/** The API tells of stock what follows from the orders. */
export async function apiTellsStock(system: SystemUnderAudit, { stock }: Expectations): Promise<Problem[]> {
  const sold = await soldUnits(system);
  const found: [string, string][] = [];
  for (const [sku, before] of stock) {
    const left = before - (sold.get(sku) ?? 0);
    const answer = JSON.stringify(await system.get(`/api/v1/stock/${sku}`));
    if (answer !== JSON.stringify({ sku, onHand: left, reserved: 0, available: left })) {
      found.push([sku, `${sku}: ${left} are left by the orders, and the API says ${answer}`]);
    }
  }
  return problems('mismatched', found, (one) => one);
}

async function soldUnits(system: SystemUnderAudit): Promise<Map<string, number>> {
  const rows = await rowsOf<{ sku: string; n: number }>(
    system.order,
    `select l.sku, sum(l.quantity - l.withdrawn - coalesce(b.units, 0))::int as n from order_line l join orders o on o.id = l.order_id
      left join ${restocked} b on b.order_id = l.order_id and b.sku = l.sku
      where o.status in ${SOLD} group by l.sku`,
  );
  return new Map(rows.map(({ sku, n }) => [sku, n]));
}

type Line = { sku: string; quantity: number };
type Reservation = { order_id: string; status: string; lines: (Line & { returned: number })[] };

/** What `product` holds, has sold or has let go for an order is what became of that order. */
export async function reservationsFollow(system: SystemUnderAudit): Promise<Problem[]> {
  const orders = await rowsOf<{ id: string; status: string; lines: (Line & { back: number })[] }>(
    system.order,
    `select o.id, o.status, json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity, 'back', l.withdrawn + coalesce(b.units, 0))) as lines
      from orders o join order_line l on l.order_id = o.id
        left join ${restocked} b on b.order_id = l.order_id and b.sku = l.sku group by o.id`,
  );
  const all = await rowsOf<Reservation>(system.product, 'select order_id, status, lines from reservation');
  const reservations = new Map(all.map((one) => [one.order_id, one]));
  const found: [string, string][] = [];
  for (const order of orders) {
    const reservation = reservations.get(order.id);
    reservations.delete(order.id);
    const status = reservation?.status ?? 'none';
    if (!expectedReservation(order.status).includes(status)) {
      found.push([order.id, `order ${order.id} is ${order.status}, and its reservation ${status}`]);
    } else if (status === 'sold') {
      const ofOrder = order.lines.map((line) => `${line.sku} ${line.quantity} -${line.back}`).sort();
      const ofStock = (reservation?.lines ?? []).map((line) => `${line.sku} ${line.quantity} -${line.returned}`).sort();
      const what = `order ${order.id} holds ${ofOrder}, and ${ofStock} was sold`;
      if (ofOrder.join() !== ofStock.join()) found.push([order.id, what]);
    }
  }
  for (const id of reservations.keys()) found.push([id, `stock is kept for ${id}, which is no order`]);
  return problems('mismatched', found, (one) => one);
}

function expectedReservation(status: string): readonly string[] {
  switch (status) {
    case 'rejected':
      return ['rejected'];
    case 'cancelled':
      return ['released', 'rejected'];
    case 'pending':
      return ['none', 'held'];
    case 'reserved':
    case 'awaiting_payment':
      return ['held'];
    default:
      return ['sold'];
  }
}
