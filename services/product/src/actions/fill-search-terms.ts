import type { Pool } from '@tradepost/postgres/pool';
import { fillTerms, saveLanguages } from '../store/search-state.ts';

/** Products of one transaction: it holds their locks, which sales wait for. */
const BATCH = 100;

/**
 * Gives the next products that have not the terms of these languages theirs, and returns how many. While two versions with different
 * languages run, each makes its own the current ones, until the older version has stopped.
 */
export async function fillSearchTerms(pool: Pool, languages: readonly string[]): Promise<number> {
  await saveLanguages(pool, languages);
  return pool.transaction((tx) => fillTerms(tx, BATCH));
}
