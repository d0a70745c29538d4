import type { Db, Tx } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';

/** A transaction that begins with its first write. Before that it has no connection, and reads go to the pool. */
export type LazyTransaction = {
  /** What to read from now. */
  reader(): Db;
  /** The transaction, begun if it has not been. */
  begin(): Promise<Tx>;
};

/**
 * Runs `work` in a transaction that begins when `begin` is first called, commits when `work` resolves and rolls back when
 * it throws. better-auth hashes a password inside of its transactions: a connection that was held meanwhile would be
 * missing elsewhere, and hashes queue. At `read committed`, reads before the first write are the same outside.
 */
export async function lazyTransaction<T>(pool: Pool, work: (lazy: LazyTransaction) => Promise<T>): Promise<T> {
  const outcome = Promise.withResolvers<void>();
  // Rejected when nothing has been begun, too, and then nobody waits for it.
  outcome.promise.catch(() => undefined);
  let begun: Promise<Tx> | undefined;
  let tx: Tx | undefined;
  let finished: Promise<void> | undefined;
  const begin = (): Promise<Tx> => {
    begun ??= new Promise<Tx>((resolve, reject) => {
      finished = pool.transaction((open) => {
        tx = open;
        resolve(open);
        return outcome.promise;
      });
      finished.catch(reject);
    });
    return begun;
  };
  let result: T;
  try {
    result = await work({ reader: () => tx ?? pool, begin });
  } catch (err) {
    outcome.reject(err);
    await finished?.catch(() => undefined);
    throw err;
  }
  outcome.resolve();
  await finished;
  return result;
}
