import type { Pool } from '@tradepost/postgres/pool';
import { removeOldAttempts } from '../store/attempts.ts';
import { removeExpiredSessions } from '../store/ended-sessions.ts';
import { removeOldInvitations } from '../store/invitations.ts';
import { removeExpiredTokens } from '../store/mail-tokens.ts';
import { removeOldRevocations } from '../store/revocations.ts';

const BATCH = 1000;

/** Removes expired sessions and tokens of links, counts whose window is over and old revocations and invitations, a batch of each, and returns how many. */
export async function deleteExpired(pool: Pool): Promise<number> {
  const removals = [
    removeExpiredSessions,
    removeExpiredTokens,
    removeOldAttempts,
    removeOldRevocations,
    removeOldInvitations,
  ];
  const counts = await Promise.all(removals.map((remove) => remove(pool, BATCH)));
  return counts.reduce((sum, count) => sum + count, 0);
}
