import { type Db, sql, type Tx } from '@tradepost/postgres/db';

export type Adjustment = {
  id: string;
  sku: string;
  delta: number;
  reason: string;
  adjustedBy: string;
  /** What it came to. */
  onHand: number;
  createdAt: Date;
};

type Row = {
  id: string;
  sku: string;
  delta: number;
  reason: string;
  adjusted_by: string;
  on_hand: number;
  created_at: Date;
};

const insert = sql(
  'stock-adjustment.insert',
  `insert into stock_adjustment (id, sku, delta, reason, adjusted_by, on_hand, created_at)
    select * from json_to_recordset($1::json) as r(id uuid, sku text, delta int, reason text, adjusted_by uuid,
      on_hand int, created_at timestamptz)`,
);

export async function insertAdjustments(tx: Tx, adjustments: readonly Adjustment[]): Promise<void> {
  if (adjustments.length === 0) return;
  const rows = adjustments.map((one) => ({
    id: one.id,
    sku: one.sku,
    delta: one.delta,
    reason: one.reason,
    adjusted_by: one.adjustedBy,
    on_hand: one.onHand,
    created_at: one.createdAt,
  }));
  await tx.query(insert([JSON.stringify(rows)]));
}

const columns = 'id, sku, delta, reason, adjusted_by, on_hand, created_at';
const byId = sql('stock-adjustment.by-id', `select ${columns} from stock_adjustment where id = $1`);
const page = sql(
  'stock-adjustment.page',
  `select ${columns} from stock_adjustment
    where sku = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3`,
);

export async function adjustmentById(db: Db, id: string): Promise<Adjustment | undefined> {
  const { rows } = await db.query<Row>(byId([id]));
  return rows[0] && toAdjustment(rows[0]);
}

/** The adjustments of a SKU, the latest first, from before the one with id `before`. */
export async function adjustmentsOf(
  db: Db,
  sku: string,
  o: { before: string | null; limit: number },
): Promise<Adjustment[]> {
  const { rows } = await db.query<Row>(page([sku, o.before, o.limit]));
  return rows.map(toAdjustment);
}

const toAdjustment = (row: Row): Adjustment => ({
  id: row.id,
  sku: row.sku,
  delta: row.delta,
  reason: row.reason,
  adjustedBy: row.adjusted_by,
  onHand: row.on_hand,
  createdAt: row.created_at,
});
