import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool } from '@tradepost/postgres/pool';
import type { BetterAuthOptions } from 'better-auth';
import { type CustomAdapter, createAdapterFactory, type DBAdapter } from 'better-auth/adapters';
import type { PublishEvents } from './account-events.ts';
import { type Columns, createQueries } from './better-auth-queries.ts';
import type { Store } from './better-auth-writes.ts';
import { withHashedTokens } from './hashed-tokens.ts';
import { type LazyTransaction, lazyTransaction } from './lazy-transaction.ts';

/**
 * How better-auth reaches the database: over our pool, in prepared statements, and with what it does not do by itself.
 * Session tokens are stored as hashes; nobody who is banned gets a session; accounts and sessions that come, change or end
 * are announced in the very transaction.
 * Source: https://better-auth.com/docs/guides/create-a-db-adapter
 */
export function betterAuthAdapter(o: {
  pool: Pool;
  announce: PublishEvents;
}): (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions> {
  // What runs inside of better-auth's transactions is found again by this, as better-auth itself does.
  const current = new AsyncLocalStorage<LazyTransaction>();
  const store: Store = {
    reader: () => current.getStore()?.reader() ?? o.pool,
    writer: async () => (await current.getStore()?.begin()) ?? o.pool,
    write: async (work) => {
      const lazy = current.getStore();
      return lazy ? work(await lazy.begin()) : o.pool.transaction(work);
    },
    announce: o.announce,
  };
  return (options) => {
    const adapter: DBAdapter<BetterAuthOptions> = createAdapterFactory({
      config: {
        adapterId: 'tradepost',
        adapterName: 'Tradepost',
        supportsJSON: true,
        supportsNumericIds: false,
        transaction: (work) => lazyTransaction(o.pool, (lazy) => current.run(lazy, () => work(adapter))),
      },
      adapter: ({ schema }) => {
        const columns: Columns = (modelKey) => {
          const fields = Object.entries(schema[modelKey]?.fields ?? {}).filter(([key]) => key !== 'id');
          return ['id', ...fields.map(([key, field]) => field.fieldName ?? key)];
        };
        // as: better-auth lets its caller name the type of a row; they all are objects of the columns of its own schema.
        return withHashedTokens(createQueries(store, columns)) as CustomAdapter;
      },
    })(options);
    return adapter;
  };
}
