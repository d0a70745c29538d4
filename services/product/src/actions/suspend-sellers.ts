import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Tx } from '@tradepost/postgres/db';
import { addToCategories } from '../store/categories.ts';
import {
  type AccountStatus,
  claimStatusChange,
  endOverdueBans,
  markProducts,
  saveSellerStatus,
  saveStatusChange,
} from '../store/seller-status.ts';
import type { Context } from './context.ts';

/**
 * Takes the goods of sellers off sale who were banned, or are sellers no longer, and puts them back when they may sell again.
 *
 * What is decided (stock is reserved, products are written) reads `seller_status`, so it is right from the moment that the event was
 * handled. What is shown has two parts, since a seller may have 100,000 products: a task marks the rows of `product`, some in each
 * transaction, which takes them out of the indexes of lists and searches and out of the counts of categories. Until it is done,
 * reads leave out the sellers of `HiddenSellers`. So nobody's lists cost more for good because a seller was banned.
 */
export async function changeSellerStatus(
  tx: Tx,
  ctx: Context,
  events: readonly CloudEvent<'account.status-changed.v1'>[],
): Promise<void> {
  const latest = new Map<string, AccountStatus>();
  for (const { data, time } of events) {
    const known = latest.get(data.accountId);
    if (!known || known.version < data.version) latest.set(data.accountId, { ...data, at: new Date(time) });
  }
  await saveSellerStatus(tx, [...latest.values()]);
  tx.onCommit(() => ctx.sellerStatusChanged());
}

/** Products of one transaction, and bans that end in one. */
const BATCH = 200;

/** Marks the next products of a seller whose status has changed, and returns how much was done. */
export function applySellerStatus(ctx: Context): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const ended = await endOverdueBans(tx, ctx.now(), BATCH);
    const change = await claimStatusChange(tx);
    if (!change) return ended;
    const marked = await markProducts(tx, change, BATCH);
    const counts = new Map<string, number>();
    for (const slug of marked.flatMap(({ categories }) => categories)) {
      counts.set(slug, (counts.get(slug) ?? 0) + (change.suspended ? -1 : 1));
    }
    const ids = marked.map(({ id }) => id).sort();
    await saveStatusChange(tx, change, marked.length < BATCH ? null : (ids.at(-1) ?? null));
    await addToCategories(tx, counts);
    tx.onCommit(() => ctx.cache.forget(ids));
    return 1;
  });
}
