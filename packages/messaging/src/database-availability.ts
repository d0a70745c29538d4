import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { backoffMs } from './backoff.ts';
import { pause } from './wake-signal.ts';

const BACKOFF = { firstMs: 50, maxMs: 5000 };

/**
 * Waits until the database answers, however many ask at once. The first wait is short, for an error that was over
 * before it was seen; returns early when `stopping` is aborted.
 */
export function createDatabaseAvailability(o: { pool: Pool; log: Logger; stopping: AbortSignal }): () => Promise<void> {
  const { pool, log, stopping } = o;

  async function untilItAnswers(): Promise<void> {
    for (let failures = 1; !stopping.aborted; failures++) {
      await pause(backoffMs(BACKOFF, failures), stopping);
      try {
        await pool.ping();
        if (failures > 1) log.info('consumer: the database is available again');
        return;
      } catch (err) {
        if (failures === 1) log.warn({ err }, 'consumer: the database is unavailable; events wait');
      }
    }
  }

  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= untilItAnswers().finally(() => {
      waiting = undefined;
    });
    return waiting;
  };
}
