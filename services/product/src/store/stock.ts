import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Status } from '../domain/product.ts';
import type { OrderMovement, StockDelta, StockLevel } from '../domain/reservation.ts';

export type Stock = { sku: string; onHand: number; reserved: number };

const bySku = sql(
  'stock.by-sku',
  `select s.sku, s.on_hand, s.reserved, p.id, p.seller_id, p.status
    from stock s join product p on p.id = s.product_id where s.sku = $1`,
);

/** The stock of a SKU, with whose it is; undefined for one that nobody has. */
export async function stockOf(
  db: Db,
  sku: string,
): Promise<(Stock & { productId: string; sellerId: string; status: Status }) | undefined> {
  const { rows } = await db.query<[string, number, number, string, string, Status]>({
    ...bySku([sku]),
    rowMode: 'array',
  });
  const [row] = rows;
  if (!row) return undefined;
  const [name, onHand, reserved, productId, sellerId, status] = row;
  return { sku: name, onHand, reserved, productId, sellerId, status };
}

const insert = sql(
  'stock.insert',
  `insert into stock (sku, product_id, position, on_hand)
    select v.sku, v.product_id, v.position, n.units
    from unnest($1::text[], $2::int[]) as n(sku, units) join variant v using (sku) order by v.sku`,
);

/** Gives new variants their first stock. */
export async function insertStock(tx: Tx, added: readonly { sku: string; stock: number }[]): Promise<void> {
  if (added.length === 0) return;
  await tx.query(insert([added.map(({ sku }) => sku), added.map(({ stock }) => stock)]));
}

const lock = sql(
  'stock.lock',
  `select s.sku, s.product_id, s.on_hand, s.reserved, v.amount, p.currency,
      v.status = 'active' and p.status = 'active' as for_sale
    from stock s join variant v using (sku) join product p on p.id = s.product_id
    where s.sku = any($1::text[]) order by s.sku for update of s`,
);

/** A SKU's figures and price, with the product that it belongs to. */
export type LockedStock = StockLevel & { productId: string };

/**
 * Locks the stock of these SKUs until the transaction ends, in the order of the SKUs and in one go, and tells how it
 * stands then. SKUs that nobody has are left out.
 */
export async function lockStock(tx: Tx, skus: readonly string[]): Promise<Map<string, LockedStock>> {
  if (skus.length === 0) return new Map();
  const { rows } = await tx.query<[string, string, number, number, number, string, boolean]>({
    ...lock([skus]),
    rowMode: 'array',
  });
  return new Map(
    rows.map(([sku, productId, onHand, reserved, amount, currency, forSale]) => [
      sku,
      { productId, onHand, reserved, forSale, price: { amount, currency } },
    ]),
  );
}

const addDeltas = sql(
  'stock.add-deltas',
  `with moved as (
      insert into stock_movement (sku, id, order_id, delta, on_hand, at)
      select sku, id, order_id, delta, on_hand, $10
      from unnest($5::text[], $6::uuid[], $7::uuid[], $8::int[], $9::int[]) as m(sku, id, order_id, delta, on_hand))
    update stock s set on_hand = s.on_hand + d.on_hand, reserved = s.reserved + d.reserved, sold = s.sold + d.sold
    from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as d(sku, on_hand, reserved, sold)
    where s.sku = d.sku and s.reserved + d.reserved between 0 and s.on_hand + d.on_hand and s.sold + d.sold >= 0`,
);

/**
 * Adds to the figures of locked SKUs, and writes down what left and what came back. What would hold more than there is, or give back more than was taken, changes
 * nothing and throws: the decision was made from these very rows, so this says that it was wrong.
 */
export async function addToStock(
  tx: Tx,
  deltas: ReadonlyMap<string, StockDelta>,
  { movements, now }: { movements: readonly OrderMovement[]; now: Date },
): Promise<void> {
  if (deltas.size === 0 && movements.length === 0) return;
  const values = [...deltas.values()];
  const { rowCount } = await tx.query(
    addDeltas([
      [...deltas.keys()],
      values.map((delta) => delta.onHand),
      values.map((delta) => delta.reserved),
      values.map((delta) => delta.sold),
      movements.map(({ sku }) => sku),
      // Ids of one millisecond are in no order of their own.
      movements.map(() => uuidv7()).sort(),
      movements.map(({ orderId }) => orderId),
      movements.map(({ delta }) => delta),
      movements.map(({ onHand }) => onHand),
      now,
    ]),
  );
  if (rowCount !== deltas.size) throw new Error(`Stock would not add up for one of ${[...deltas.keys()].join(', ')}`);
}

const adjust = sql(
  'stock.adjust',
  `update stock set on_hand = on_hand + $2 where sku = $1 and on_hand + $2 between reserved and 1000000000
    returning sku, on_hand, reserved`,
);

/** Adds to what is on hand; undefined, and nothing is changed, if less would be left than is reserved, or too much. */
export async function adjustOnHand(tx: Tx, sku: string, delta: number): Promise<Stock | undefined> {
  const { rows } = await tx.query<{ sku: string; on_hand: number; reserved: number }>(adjust([sku, delta]));
  const [row] = rows;
  return row && { sku: row.sku, onHand: row.on_hand, reserved: row.reserved };
}
