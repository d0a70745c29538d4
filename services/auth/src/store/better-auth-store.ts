import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool } from '@tradepost/postgres/pool';
import type { AccountMails } from './account-mails.ts';
import type { Store } from './better-auth-writes.ts';
import { type LazyTransaction, lazyTransaction } from './lazy-transaction.ts';

/** The database as better-auth's functions see it, and the transactions around them. */
export type BetterAuthStore = Store & {
  /**
   * Runs better-auth's functions in one transaction with what else is written by `write`. It begins with the first write. A transaction
   * that better-auth asks for inside is part of it.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
};

export function createBetterAuthStore(o: { pool: Pool; mails: AccountMails }): BetterAuthStore {
  // What runs inside of a transaction is found again by this, as better-auth itself does.
  const current = new AsyncLocalStorage<LazyTransaction>();
  return {
    reader: () => current.getStore()?.reader() ?? o.pool,
    writer: async () => (await current.getStore()?.begin()) ?? o.pool,
    write: async (work) => {
      const lazy = current.getStore();
      return lazy ? work(await lazy.begin()) : o.pool.transaction(work);
    },
    transaction: (work) => (current.getStore() ? work() : lazyTransaction(o.pool, (lazy) => current.run(lazy, work))),
    mails: o.mails,
  };
}
