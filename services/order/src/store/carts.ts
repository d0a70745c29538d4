import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';
import type { SellableVariant, WantedLine } from '../domain/pricing.ts';
import { type CartChange, setLines } from './cart-lines.ts';
import { toVariants, type VariantRow, variantsOfCarts } from './sellable-variants.ts';

export type Cart = {
  id: string;
  customerId: string | null;
  orderId: string | null;
  /** The account's cart that took over its lines. */
  mergedInto: string | null;
  /** Rises with each change of its lines. */
  version: number;
  lines: WantedLine[];
  createdAt: Date;
  updatedAt: Date;
};

type Row = {
  id: string;
  customer_id: string | null;
  order_id: string | null;
  merged_into: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  lines: [string, number][] | null;
};

const columns = `c.id, c.customer_id, c.order_id, c.merged_into, c.version, c.created_at, c.updated_at,
  (select json_agg(json_build_array(l.sku, l.quantity) order by l.added_at, l.sku)
    from cart_line l where l.cart_id = c.id) as lines`;

const toCart = (row: Row): Cart => ({
  id: row.id,
  customerId: row.customer_id,
  orderId: row.order_id,
  mergedInto: row.merged_into,
  version: row.version,
  lines: (row.lines ?? []).map(([sku, quantity]) => ({ sku, quantity })),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export type NewCart = { id: string; customerId: string | null; createdAt: Date };

const newCarts = columnArrays<NewCart>({
  id: ['uuid', (cart) => cart.id],
  customer_id: ['uuid', (cart) => cart.customerId],
  at: ['timestamptz', (cart) => cart.createdAt],
});

const insert = sql(
  'cart.insert',
  `insert into cart (id, customer_id, created_at, updated_at) select id, customer_id, at, at from ${newCarts.unnest('t')}`,
  { genericPlan: true },
);

export async function insertCarts(db: Db, carts: readonly NewCart[]): Promise<void> {
  await db.query(insert(newCarts.values(carts)));
}

const byIds = sql('cart.by-ids', `select ${columns} from cart c where c.id = any($1::uuid[])`, {
  genericPlan: true,
});

const toCarts = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id, toCart(row)]));

/** Carts, and what is known of the variants of their lines and of these SKUs; both statements go to the server together. */
export async function cartsWithVariants(
  pool: Pool,
  ids: readonly string[],
  skus: readonly string[],
): Promise<{ carts: Map<string, Cart>; variants: Map<string, SellableVariant> }> {
  const [carts, variants] = await pool.queryTogether<[Row, VariantRow]>(byIds([ids]), variantsOfCarts([skus, ids]));
  return { carts: toCarts(carts.rows), variants: toVariants(variants.rows) };
}

/** Makes changes, and reads the carts as they are then: both statements go to the server together. The same errors as `setLines`. */
export async function setLinesAndRead(
  pool: Pool,
  changes: readonly CartChange[],
): Promise<{ isSet: boolean; cart: Cart | undefined }[]> {
  const ids = changes.map(({ cartId }) => cartId);
  const [set, read] = await pool.queryTogether<[{ id: string }, Row]>(setLines(changes), byIds([ids]));
  const open = new Set(set.rows.map(({ id }) => id));
  const carts = toCarts(read.rows);
  return ids.map((id) => ({ isSet: open.has(id), cart: carts.get(id) }));
}

const openOf = sql(
  'cart.open-of-customer',
  `select ${columns} from cart c
    where c.customer_id = $1 and c.order_id is null and c.merged_into is null order by c.id desc limit $2`,
);

/** The open carts of an account, the newest first. */
export async function openCartsOf(db: Db, customerId: string, limit: number): Promise<Cart[]> {
  const { rows } = await db.query<Row>(openOf([customerId, limit]));
  return rows.map(toCart);
}

const lock = sql('cart.lock', 'select id from cart where id = any($1::uuid[]) order by id for update');

/** Locks carts in ascending order of their ids, and reads them by a second statement, so as they are under the lock. */
export async function lockCarts(tx: Tx, ids: readonly string[]): Promise<Map<string, Cart>> {
  const [, { rows }] = await tx.queryTogether<[unknown, Row]>(lock([ids]), byIds([ids]));
  return toCarts(rows);
}

export type ReopenedCart = { cartId: string; orderId: string; at: Date };

const reopenedRows = columnArrays<ReopenedCart>({
  cart_id: ['uuid', ({ cartId }) => cartId],
  order_id: ['uuid', ({ orderId }) => orderId],
  at: ['timestamptz', ({ at }) => at],
});

const reopen = sql(
  'cart.reopen',
  `with t as (select * from ${reopenedRows.unnest('t')}),
    locked as (select id from cart where id in (select cart_id from t) order by id for update)
    update cart c set order_id = null, version = c.version + 1, updated_at = t.at
      from t join locked on id = t.cart_id where c.id = locked.id and c.order_id = t.order_id`,
);

/** Opens carts again whose orders ended unpaid. */
export async function reopenCarts(tx: Tx, carts: readonly ReopenedCart[]): Promise<void> {
  await tx.query(reopen(reopenedRows.values(carts)));
}

const merge = sql(
  'cart.merge',
  `with source as (
      update cart set merged_into = $2, customer_id = $3, version = version + 1, updated_at = $4 where id = $1),
    target as (update cart set version = version + 1, updated_at = $4 where id = $2),
    moved as (delete from cart_line where cart_id = $1)
    insert into cart_line (cart_id, sku, quantity, added_at)
      select $2, sku, quantity, $4 from unnest($5::text[], $6::int[]) as t(sku, quantity)
      on conflict (cart_id, sku) do update set quantity = excluded.quantity`,
);

/** Closes one cart in favour of another, which gets these lines. Both were locked by this transaction. */
export async function mergeInto(
  tx: Tx,
  {
    from,
    into,
    customerId,
    lines,
    at,
  }: { from: string; into: string; customerId: string; lines: WantedLine[]; at: Date },
): Promise<void> {
  const skus = lines.map(({ sku }) => sku);
  const quantities = lines.map(({ quantity }) => quantity);
  await tx.query(merge([from, into, customerId, at, skus, quantities]));
}

/** Removes carts that nobody has touched for `days` and that became no order; returns how many. */
export async function removeIdleCarts(db: Db, days: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'cart.remove-idle',
    text: `delete from cart where id in (select id from cart
      where order_id is null and created_at < now() - make_interval(days => $1) and updated_at < now() - make_interval(days => $1)
      limit $2)`,
    values: [days, limit],
  });
  return rowCount;
}
