import { type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** Sums of the adjustments of each order, by the line that they are about (null for shipping) and what they are. */
const adjustmentSums = `(
  select o.id, a.sku,
      coalesce(sum(a.amount) filter (where not a.included), 0)::bigint as added,
      coalesce(-sum(a.amount) filter (where a.type = 'promotion'), 0)::bigint as discount,
      coalesce(sum(a.amount) filter (where a.type = 'tax'), 0)::bigint as tax,
      coalesce(-sum(a.amount) filter (where a.type = 'tax_exemption'), 0)::bigint as exemption
    from orders o, jsonb_to_recordset(o.adjustments) as a(type text, sku text, amount bigint, included boolean)
    group by 1, 2)`;

type OrderRow = { id: string; amount: number; prices: number; added: number; shipping: number; charged: number };

/** Every order costs the prices of its lines and its adjustments, to the cent; and its lines and its shipping tell the same. */
export async function pricesAddUp({ order }: SystemUnderAudit): Promise<Problem[]> {
  const orders = await rowsOf<OrderRow>(
    order,
    `with a as materialized ${adjustmentSums}
      select o.id, o.amount, l.prices, coalesce(a.added, 0)::bigint as added, coalesce(a.shipping, 0)::bigint as shipping,
          coalesce((o.shipping->>'amount')::bigint, 0) as charged
        from orders o join (
            select order_id, sum(amount * quantity)::bigint as prices from order_line group by 1) l on l.order_id = o.id
          left join (select id, sum(added) as added, sum(added) filter (where sku is null) as shipping from a group by 1) a
            on a.id = o.id
        where o.amount <> l.prices + coalesce(a.added, 0)
          or coalesce((o.shipping->>'amount')::bigint, 0) <> coalesce(a.shipping, 0)`,
  );
  const lines = await rowsOf<{ id: string; sku: string; ofLine: string; ofAll: string }>(
    order,
    `with a as materialized ${adjustmentSums}
      select l.order_id as id, l.sku, concat_ws(', ', l.discount, l.tax, l.tax_exemption) as "ofLine",
          concat_ws(', ', coalesce(a.discount, 0), coalesce(a.tax, 0), coalesce(a.exemption, 0)) as "ofAll"
        from order_line l left join a on a.id = l.order_id and a.sku = l.sku
        where l.discount <> coalesce(a.discount, 0) or l.tax <> coalesce(a.tax, 0)
          or l.tax_exemption <> coalesce(a.exemption, 0)`,
  );
  return [
    ...problems('mismatched', orders, (o) => [
      o.id,
      `order ${o.id} costs ${o.amount}, its lines ${o.prices} and its adjustments ${o.added}; for shipping ${o.charged}, and ${o.shipping} by its adjustments`,
    ]),
    ...problems('mismatched', lines, ({ id, sku, ofLine, ofAll }) => [
      id,
      `order ${id}, ${sku}: discount, tax and exemption are ${ofLine}, by the adjustments ${ofAll}`,
    ]),
  ];
}
