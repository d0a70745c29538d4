import type { Db, Tx } from '@tradepost/postgres/db';

/** What the ids of guests and the tokens of their orders are made with. */
export async function readGuestSecret(db: Db): Promise<Buffer> {
  const { rows } = await db.query<{ secret: Buffer }>({
    name: 'guest-secret.read',
    text: 'select secret from guest_secret',
  });
  const [row] = rows;
  if (!row) throw new Error('The table guest_secret has no row');
  return row.secret;
}

/**
 * Makes a guest's order one of an account; this transaction has locked the order. The key that it was placed with stays the guest's, and the
 * uses of promotions become the account's.
 */
export async function assignOrder(tx: Tx, orderId: string, accountId: string): Promise<void> {
  await tx.query({
    name: 'order.assign',
    text: `with uses as (update promotion_use set customer_id = $2 where order_id = $1)
      update orders set customer_id = $2, placed_by = coalesce(placed_by, customer_id) where id = $1`,
    values: [orderId, accountId],
  });
}
