import { type Db, sql } from '@tradepost/postgres/db';
import type { WantedLine } from '../domain/pricing.ts';

export type Cart = {
  id: string;
  customerId: string | null;
  orderId: string | null;
  lines: WantedLine[];
  createdAt: Date;
  updatedAt: Date;
};

type Row = {
  id: string;
  customer_id: string | null;
  order_id: string | null;
  created_at: Date;
  updated_at: Date;
  lines: [string, number][] | null;
};

const columns = `c.id, c.customer_id, c.order_id, c.created_at, c.updated_at,
  (select json_agg(json_build_array(l.sku, l.quantity) order by l.added_at, l.sku)
    from cart_line l where l.cart_id = c.id) as lines`;

const toCart = (row: Row): Cart => ({
  id: row.id,
  customerId: row.customer_id,
  orderId: row.order_id,
  lines: (row.lines ?? []).map(([sku, quantity]) => ({ sku, quantity })),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export async function insertCart(db: Db, id: string, customerId: string | null, now: Date): Promise<void> {
  await db.query({
    name: 'cart.insert',
    text: 'insert into cart (id, customer_id, created_at, updated_at) values ($1, $2, $3, $3)',
    values: [id, customerId, now],
  });
}

export async function cartById(db: Db, id: string): Promise<Cart | null> {
  const { rows } = await db.query<Row>({
    name: 'cart.by-id',
    text: `select ${columns} from cart c where c.id = $1`,
    values: [id],
  });
  return rows[0] ? toCart(rows[0]) : null;
}

const setLine = sql(
  'cart-line.set',
  `with open as (update cart set updated_at = $4 where id = $1 and order_id is null returning id),
    gone as (delete from cart_line l using open where l.cart_id = open.id and l.sku = $2 and $3 = 0),
    kept as (
      insert into cart_line (cart_id, sku, quantity, added_at) select id, $2, $3, $4 from open where $3 > 0
      on conflict (cart_id, sku) do update set quantity = excluded.quantity)
    select id from open`,
);

/** Sets a line's quantity; 0 removes it. False, and nothing is changed, when the cart has become an order. */
export async function setCartLine(db: Db, cartId: string, line: WantedLine, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(setLine([cartId, line.sku, line.quantity, now]));
  return rowCount === 1;
}

/** Ties a cart to the order that was made of it; the cart can then no longer change. */
export async function closeCart(db: Db, cartId: string, orderId: string, customerId: string): Promise<void> {
  await db.query({
    name: 'cart.close',
    text: 'update cart set order_id = $2, customer_id = $3, updated_at = now() where id = $1 and order_id is null',
    values: [cartId, orderId, customerId],
  });
}

/** Removes carts that nobody has touched for `days` and that became no order; returns how many. */
export async function removeIdleCarts(db: Db, days: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'cart.remove-idle',
    text: `delete from cart where id in (select id from cart
      where order_id is null and updated_at < now() - make_interval(days => $1) limit $2)`,
    values: [days, limit],
  });
  return rowCount;
}
