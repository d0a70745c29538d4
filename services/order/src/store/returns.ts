import type { Db, Tx } from '@tradepost/postgres/db';
import type { WantedLine } from '../domain/pricing.ts';

/** Goods that came back. */
export type GoodsReturn = {
  id: string;
  orderId: string;
  lines: WantedLine[];
  /** Whether they are on sale again. */
  restock: boolean;
  reason: string;
  /** The refund that was booked with it; null where none was. */
  refundId: string | null;
  createdAt: Date;
};

export type NewReturn = GoodsReturn & { createdBy: string; idempotencyKey: string; requestHash: Buffer };

type Row = {
  id: string;
  order_id: string;
  lines: WantedLine[];
  restock: boolean;
  reason: string;
  refund_id: string | null;
  created_at: Date;
  request_hash: Buffer;
};

const columns = 'id, order_id, lines, restock, reason, refund_id, created_at, request_hash';

const toReturn = (row: Row): GoodsReturn => ({
  id: row.id,
  orderId: row.order_id,
  lines: row.lines,
  restock: row.restock,
  reason: row.reason,
  refundId: row.refund_id,
  createdAt: row.created_at,
});

/** Writes a return of an order that this transaction has locked; its refund is written before. */
export async function insertReturn(tx: Tx, made: NewReturn): Promise<void> {
  await tx.query({
    name: 'goods-return.insert',
    text: `insert into goods_return (id, order_id, lines, restock, reason, refund_id, created_by, created_at,
        idempotency_key, request_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      made.id,
      made.orderId,
      JSON.stringify(made.lines),
      made.restock,
      made.reason,
      made.refundId,
      made.createdBy,
      made.createdAt,
      made.idempotencyKey,
      made.requestHash,
    ],
  });
}

/** What an account recorded as returned of an order with this key, if anything. */
export async function returnByKey(
  db: Db,
  { orderId, accountId, key }: { orderId: string; accountId: string; key: string },
): Promise<{ made: GoodsReturn; requestHash: Buffer } | null> {
  const { rows } = await db.query<Row>({
    name: 'goods-return.by-key',
    text: `select ${columns} from goods_return
      where order_id = $1 and created_by = $2 and idempotency_key = $3`,
    values: [orderId, accountId, key],
  });
  return rows[0] ? { made: toReturn(rows[0]), requestHash: rows[0].request_hash } : null;
}

/** The returns of an order, oldest first. */
export async function returnsOf(db: Db, orderId: string): Promise<GoodsReturn[]> {
  const { rows } = await db.query<Row>({
    name: 'goods-return.of-order',
    text: `select ${columns} from goods_return where order_id = $1 order by id`,
    values: [orderId],
  });
  return rows.map(toReturn);
}
