import type { Db } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';

/** What a provider's books say otherwise than the ledger. Amounts in minor units. */
export type PaymentDifference = {
  id: string;
  orderId: string;
  orderNumber: number;
  foundAt: Date;
  description: string;
  ledger: Record<string, unknown>;
  provider: Record<string, unknown>;
  resolvedAt: Date | null;
};

export type NewDifference = Omit<PaymentDifference, 'id' | 'orderNumber' | 'resolvedAt'>;

/** Reports a difference; an order has one that is open at a time, the newest. */
export async function insertDifference(db: Db, difference: NewDifference): Promise<void> {
  const { orderId, foundAt, description, ledger, provider } = difference;
  await db.query({
    name: 'payment-difference.insert',
    text: `insert into payment_difference (id, order_id, found_at, description, ledger, provider) values ($1, $2, $3, $4, $5, $6)
      on conflict (order_id) where resolved_at is null
        do update set description = excluded.description, ledger = excluded.ledger, provider = excluded.provider`,
    values: [uuidv7(), orderId, foundAt, description, JSON.stringify(ledger), JSON.stringify(provider)],
  });
}

/** Differences that nobody has resolved, oldest first. */
export async function openDifferences(db: Db, limit: number): Promise<PaymentDifference[]> {
  const { rows } = await db.query<PaymentDifference>({
    name: 'payment-difference.open',
    text: `select d.id, d.order_id as "orderId", o.number as "orderNumber", d.found_at as "foundAt", d.description, d.ledger, d.provider,
        d.resolved_at as "resolvedAt"
      from payment_difference d join orders o on o.id = d.order_id where d.resolved_at is null order by d.id limit $1`,
    values: [limit],
  });
  return rows;
}

/** Marks a difference as resolved by an account; false where there is none. Doing so again changes nothing. */
export async function resolveDifference(db: Db, id: string, accountId: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'payment-difference.resolve',
    text: `update payment_difference set resolved_at = coalesce(resolved_at, $3), resolved_by = coalesce(resolved_by, $2) where id = $1`,
    values: [id, accountId, at],
  });
  return rowCount > 0;
}

export async function countOpenDifferences(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'payment-difference.count',
    text: 'select count(*)::int as count from payment_difference where resolved_at is null',
  });
  return rows[0]?.count ?? 0;
}
