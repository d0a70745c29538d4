import type { Pool } from '@tradepost/postgres/pool';
import { fillTerms } from '../store/search-state.ts';

/** Products of one transaction: it holds their locks, which sales wait for. */
const BATCH = 100;

/** Gives the next products that were there before the search index their terms, and returns how many. */
export const fillSearchTerms = (pool: Pool): Promise<number> => pool.transaction((tx) => fillTerms(tx, BATCH));
