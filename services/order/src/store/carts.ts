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

const insert = sql(
  'cart.insert',
  `insert into cart (id, customer_id, created_at, updated_at)
    select id, customer_id, at, at from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as t(id, customer_id, at)`,
);

export type NewCart = { id: string; customerId: string | null; createdAt: Date };

export async function insertCarts(db: Db, carts: readonly NewCart[]): Promise<void> {
  await db.query(
    insert([
      carts.map(({ id }) => id),
      carts.map(({ customerId }) => customerId),
      carts.map(({ createdAt }) => createdAt),
    ]),
  );
}

const byIds = sql('cart.by-ids', `select ${columns} from cart c where c.id = any($1::uuid[])`);

export async function cartsById(db: Db, ids: readonly string[]): Promise<Map<string, Cart>> {
  const { rows } = await db.query<Row>(byIds([ids]));
  return new Map(rows.map((row) => [row.id, toCart(row)]));
}

// Carts are locked in the order of their ids, so that two batches never wait for each other in a ring.
const setLines = sql(
  'cart-line.set',
  `with t as (
      select * from unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[]) as t(cart_id, sku, quantity, at)),
    locked as (
      select id from cart where id in (select cart_id from t) and order_id is null order by id for update),
    touched as (update cart c set updated_at = t.at from t join locked on id = t.cart_id where c.id = locked.id),
    gone as (
      delete from cart_line l using t join locked on id = t.cart_id
      where l.cart_id = t.cart_id and l.sku = t.sku and t.quantity = 0),
    kept as (
      insert into cart_line (cart_id, sku, quantity, added_at)
        select t.cart_id, t.sku, t.quantity, t.at from t join locked on id = t.cart_id where t.quantity > 0
        on conflict (cart_id, sku) do update set quantity = excluded.quantity)
    select id from locked`,
);

export type CartChange = { cartId: string; line: WantedLine; at: Date };

/**
 * Sets quantities of lines; 0 removes one. Tells for each whether it was made; it is not when the cart has become an order. Refuses two
 * changes of one line.
 */
export async function setCartLines(db: Db, changes: readonly CartChange[]): Promise<boolean[]> {
  const lines = new Set(changes.map(({ cartId, line }) => `${cartId} ${line.sku}`));
  if (lines.size < changes.length) throw new RangeError('One statement cannot change a line twice');
  const { rows } = await db.query<{ id: string }>(
    setLines([
      changes.map(({ cartId }) => cartId),
      changes.map(({ line }) => line.sku),
      changes.map(({ line }) => line.quantity),
      changes.map(({ at }) => at),
    ]),
  );
  const open = new Set(rows.map(({ id }) => id));
  return changes.map(({ cartId }) => open.has(cartId));
}

const close = sql(
  'cart.close',
  `with t as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as t(cart_id, order_id, customer_id)),
    locked as (
      select id from cart where id in (select cart_id from t) and order_id is null order by id for update)
    update cart c set order_id = t.order_id, customer_id = t.customer_id, updated_at = now()
      from t join locked on id = t.cart_id where c.id = locked.id`,
);

export type ClosedCart = { cartId: string; orderId: string; customerId: string };

/** Ties carts to the orders that were made of them; such a cart can no longer change. */
export async function closeCarts(db: Db, carts: readonly ClosedCart[]): Promise<void> {
  await db.query(
    close([
      carts.map(({ cartId }) => cartId),
      carts.map(({ orderId }) => orderId),
      carts.map(({ customerId }) => customerId),
    ]),
  );
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
