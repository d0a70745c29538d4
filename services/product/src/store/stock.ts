import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { StockLevel } from '../domain/reservation.ts';
import type { StoredStatus } from './products.ts';

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
): Promise<(Stock & { productId: string; sellerId: string; status: StoredStatus }) | undefined> {
  const { rows } = await db.query<[string, number, number, string, string, StoredStatus]>({
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
  'select sku, product_id, on_hand, reserved from stock where sku = any($1::text[]) order by sku for update',
);

const offers = sql(
  'stock.offers-of-locked',
  `select v.sku, v.amount, p.currency, v.status = 'active' and p.status <> 'archived' as for_sale, x.suspended_since
    from variant v join product p on p.id = v.product_id
      left join seller_status x on x.seller_id = p.seller_id and x.suspended
    where v.sku = any($1::text[])`,
);

/** A SKU's figures and price, with the product that it belongs to. */
export type LockedStock = StockLevel & { productId: string };

/**
 * Locks the stock of these SKUs until the transaction ends, in the order of the SKUs, and reads it as it is under the lock. Prices and
 * whether a SKU is for sale are read by a second statement: the statement that waits for the locks would see other tables as they
 * were before it waited. SKUs that nobody has are left out.
 */
export async function lockStock(tx: Tx, skus: readonly string[]): Promise<Map<string, LockedStock>> {
  if (skus.length === 0) return new Map();
  const [{ rows }, offered] = await tx.queryTogether<
    [[string, string, number, number], [string, number, string, boolean, Date | null]]
  >({ ...lock([skus]), rowMode: 'array' }, { ...offers([skus]), rowMode: 'array' });
  const offerOf = new Map(
    offered.rows.map(([sku, amount, currency, forSale, suspendedSince]) => [
      sku,
      { price: { amount, currency }, forSale, suspendedSince },
    ]),
  );
  return new Map(
    rows.flatMap(([sku, productId, onHand, reserved]) => {
      const offer = offerOf.get(sku);
      return offer ? [[sku, { productId, onHand, reserved, ...offer }]] : [];
    }),
  );
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
