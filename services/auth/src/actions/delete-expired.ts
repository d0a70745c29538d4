import type { Pool } from '@tradepost/postgres/pool';
import { removeOldAttempts } from '../store/attempts.ts';
import { removeExpiredSessions } from '../store/ended-sessions.ts';
import { removeLeftovers } from '../store/erasures.ts';
import { removeOldInvitations } from '../store/invitations.ts';
import { removeUnusedDevices } from '../store/known-devices.ts';
import { removeExpiredTokens } from '../store/mail-tokens.ts';
import { removeOldRevocations } from '../store/revocations.ts';

const BATCH = 1000;

/**
 * Removes expired sessions and tokens of links, devices that were not used for `deviceDays`, counts whose window is over, and old
 * revocations and invitations, a batch of each, and returns how many.
 */
export async function deleteExpired(pool: Pool, deviceDays: number): Promise<number> {
  const removals = [
    removeExpiredSessions,
    removeExpiredTokens,
    removeOldAttempts,
    removeOldRevocations,
    removeOldInvitations,
  ];
  const counts = await Promise.all(removals.map((remove) => remove(pool, BATCH)));
  await removeLeftovers(pool);
  const devices = await removeUnusedDevices(pool, deviceDays, BATCH);
  return counts.reduce((sum, count) => sum + count, devices);
}
