import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Db } from '@tradepost/postgres/db';
import { uuidv7Floor } from '@tradepost/postgres/uuid';

/** Orders of one step of time, by the time of placing. */
export type PlacedInStep = { step: number; status: OrderStatus; currency: string; orders: number; taken: number };

/**
 * Counts the orders that were placed since `from`, by step, status and currency, with what was taken for them and not
 * given back. Ids are in the order of time, so only the orders of that time are read, along the primary key.
 */
export async function countPlaced(db: Db, from: Date, stepSeconds: number): Promise<PlacedInStep[]> {
  const { rows } = await db.query<PlacedInStep>({
    name: 'order.count-placed',
    text: `select floor(extract(epoch from created_at - $2) / $3)::int as step, status, currency,
        count(*)::int as orders, sum(captured - refunded)::bigint as taken
      from orders where id >= $1 and created_at >= $2 group by 1, 2, 3`,
    values: [uuidv7Floor(from), from, stepSeconds],
  });
  return rows;
}
