import type { BetterAuthOptions } from 'better-auth';
import { type CustomAdapter, createAdapterFactory, type DBAdapter } from 'better-auth/adapters';
import { type Columns, createQueries } from './better-auth-queries.ts';
import type { BetterAuthStore } from './better-auth-store.ts';
import { withHashedTokens } from './hashed-tokens.ts';

/**
 * How better-auth reaches the database: over our pool, in prepared statements, and with what it does not do by itself.
 * Session tokens are stored as hashes; nobody who is banned gets a session; accounts and sessions that come, change or end
 * are announced in the very transaction.
 * Source: https://better-auth.com/docs/guides/create-a-db-adapter
 */
export function betterAuthAdapter(
  store: BetterAuthStore,
): (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions> {
  return (options) => {
    const adapter: DBAdapter<BetterAuthOptions> = createAdapterFactory({
      config: {
        adapterId: 'tradepost',
        adapterName: 'Tradepost',
        supportsJSON: true,
        supportsNumericIds: false,
        transaction: (work) => store.transaction(() => work(adapter)),
      },
      adapter: ({ schema, getFieldName }) => {
        const columns: Columns = (modelKey) => {
          const fields = Object.entries(schema[modelKey]?.fields ?? {}).filter(([key]) => key !== 'id');
          return ['id', ...fields.map(([key, field]) => field.fieldName ?? key)];
        };
        // Of a list's order it gives its own name of the field, of conditions the column.
        const sortColumn = (model: string, field: string) => getFieldName({ model, field });
        // as: better-auth lets its caller name the type of a row; they all are objects of the columns of its own schema.
        return withHashedTokens(createQueries(store, columns, sortColumn)) as CustomAdapter;
      },
    })(options);
    return adapter;
  };
}
