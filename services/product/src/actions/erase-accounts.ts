import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { eraseAccountData, sellersAmong } from '../store/erased-accounts.ts';

/**
 * The handler of `account.erased.v1`. `product` knows accounts by their ids alone: as sellers of products, which stay and are off sale by
 * `account.status-changed.v1`, as those who counted stock, and by the keys of their requests, which are removed. So nothing that comes late
 * can bring a name or an address back, and no note is kept.
 */
export async function eraseAccounts(tx: Tx, events: readonly CloudEvent<'account.erased.v1'>[]): Promise<void> {
  const ids = events.map(({ data }) => data.accountId);
  await eraseAccountData(tx, ids);
  const sellers = await sellersAmong(tx, ids);
  await outbox.add(
    tx,
    events.map(({ data: { erasureId, accountId }, traceparent }) =>
      newEvent({
        ...{ source: 'product', type: 'account.erasure-confirmed.v1', subject: accountId, traceparent },
        data: {
          erasureId,
          accountId,
          service: 'product',
          kept: sellers.has(accountId) ? ['products'] : [],
          version: 1,
        },
      }),
    ),
  );
}
