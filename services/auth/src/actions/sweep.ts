import type { Pool } from '@tradepost/postgres/pool';
import { removeOldAttempts } from '../store/attempts.ts';
import { removeExpiredSessions } from '../store/sessions.ts';

const BATCH = 1000;

/** Removes sessions that have expired and counts that are over, a batch of each, and returns how many. */
export async function sweep(pool: Pool): Promise<number> {
  return (await removeExpiredSessions(pool, BATCH)) + (await removeOldAttempts(pool, BATCH));
}
