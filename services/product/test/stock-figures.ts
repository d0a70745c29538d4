import type { Shop } from './shop.ts';

/** The figures of a SKU as they are stored. */
export async function stockRow(shop: Shop, sku: string) {
  const { rows } = await shop.service.pool.query({
    text: 'select on_hand, reserved, sold from stock where sku = $1',
    values: [sku],
  });
  return rows[0];
}

/** The same figures, added up from what is written down of every change. */
export async function recountStock(shop: Shop, sku: string) {
  const { rows } = await shop.service.pool.query({
    text: `select (a.units + m.units)::int as on_hand, -m.units::int as sold
      from (select coalesce(sum(delta), 0) as units from stock_adjustment where sku = $1) as a,
        (select coalesce(sum(delta), 0) as units from stock_movement where sku = $1) as m`,
    values: [sku],
  });
  return rows[0];
}
