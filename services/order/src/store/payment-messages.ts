import type { Tx } from '@tradepost/postgres/db';

/**
 * Records messages of a provider as handled by this transaction, and answers those that were not handled before. Waits for another
 * transaction that is handling one of the same messages.
 */
export async function claimPaymentMessages<
  M extends { id: string; key: string | null; reference?: string; content: { status: string } },
>(tx: Tx, provider: string, messages: readonly M[]): Promise<M[]> {
  // One order, so that two requests with the same messages wait for one another instead of deadlocking.
  const sorted = messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await tx.query<{ id: string }>({
    name: 'payment-message.claim',
    text: `insert into payment_message (provider, id, key, type)
      select $1, id, key, type from unnest($2::text[], $3::text[], $4::text[]) as t(id, key, type)
      on conflict do nothing returning id`,
    values: [
      provider,
      sorted.map(({ id }) => id),
      sorted.map(({ key, reference }) => key ?? reference ?? ''),
      sorted.map(({ content }) => content.status),
    ],
  });
  const fresh = new Set(rows.map(({ id }) => id));
  return messages.filter(({ id }) => fresh.delete(id));
}

/** The orders whose last try to pay a provider calls by these names. */
export async function ordersByReference(
  tx: Tx,
  provider: string,
  references: readonly string[],
): Promise<Map<string, { orderId: string; paymentTry: number }>> {
  const { rows } = await tx.query<{ reference: string; order_id: string; payment_try: number }>({
    name: 'payment-message.orders',
    text: `select payment_reference as reference, id as order_id, payment_try from orders
      where payment_reference = any($2::text[]) and payment_provider = $1`,
    values: [provider, references],
  });
  return new Map(rows.map((row) => [row.reference, { orderId: row.order_id, paymentTry: row.payment_try }]));
}

/** Forgets messages that no provider sends again any more; returns how many. */
export async function prunePaymentMessages(db: Pick<Tx, 'query'>, days: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'payment-message.prune',
    text: `delete from payment_message where (provider, id) in (
      select provider, id from payment_message where received_at < now() - make_interval(days => $1) limit $2)`,
    values: [days, limit],
  });
  return rowCount;
}
