import type { Db, Tx } from '@tradepost/postgres/db';
import type { WantedLine } from '../domain/pricing.ts';

export type Fulfilment = {
  id: string;
  orderId: string;
  lines: WantedLine[];
  carrier: string | null;
  trackingNumber: string | null;
  createdAt: Date;
};

export type NewFulfilment = Fulfilment & { createdBy: string; idempotencyKey: string; requestHash: Buffer };

type Row = {
  id: string;
  order_id: string;
  lines: WantedLine[];
  carrier: string | null;
  tracking_number: string | null;
  created_at: Date;
  request_hash: Buffer;
};

const columns = 'id, order_id, lines, carrier, tracking_number, created_at, request_hash';

const toFulfilment = (row: Row): Fulfilment => ({
  id: row.id,
  orderId: row.order_id,
  lines: row.lines,
  carrier: row.carrier,
  trackingNumber: row.tracking_number,
  createdAt: row.created_at,
});

export async function insertFulfilment(tx: Tx, fulfilment: NewFulfilment): Promise<void> {
  await tx.query({
    name: 'fulfilment.insert',
    text: `insert into fulfilment (id, order_id, lines, carrier, tracking_number, created_by, created_at,
        idempotency_key, request_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      fulfilment.id,
      fulfilment.orderId,
      JSON.stringify(fulfilment.lines),
      fulfilment.carrier,
      fulfilment.trackingNumber,
      fulfilment.createdBy,
      fulfilment.createdAt,
      fulfilment.idempotencyKey,
      fulfilment.requestHash,
    ],
  });
}

/** What an account recorded as sent of an order with this key, if anything. */
export async function fulfilmentByKey(
  db: Db,
  { orderId, accountId, key }: { orderId: string; accountId: string; key: string },
): Promise<{ fulfilment: Fulfilment; requestHash: Buffer } | null> {
  const { rows } = await db.query<Row>({
    name: 'fulfilment.by-key',
    text: `select ${columns} from fulfilment
      where order_id = $1 and created_by = $2 and idempotency_key = $3`,
    values: [orderId, accountId, key],
  });
  return rows[0] ? { fulfilment: toFulfilment(rows[0]), requestHash: rows[0].request_hash } : null;
}

export async function fulfilmentsOf(db: Db, orderId: string): Promise<Fulfilment[]> {
  const { rows } = await db.query<Row>({
    name: 'fulfilment.of-order',
    text: `select ${columns} from fulfilment where order_id = $1 order by id`,
    values: [orderId],
  });
  return rows.map(toFulfilment);
}
