import { pruneInbox } from '@tradepost/postgres/inbox';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { pause } from './wake-signal.ts';

const EVERY_MS = 3_600_000;
/** Far longer than an event can lie in a queue unhandled and come twice. */
const KEEP_MS = 30 * 24 * 3_600_000;
const PIECE = 10_000;

/** Forgets, once an hour, events that were handled a month ago. */
export function pruneInboxRegularly(pool: Pool, log: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let pruning: Promise<void> = Promise.resolve();

  async function prune(): Promise<void> {
    try {
      while (!stopping.signal.aborted && (await pruneInbox(pool, new Date(Date.now() - KEEP_MS), PIECE)) === PIECE) {
        // In pieces, with a breath in between, so that others get to the database.
        await pause(100, stopping.signal);
      }
    } catch (err) {
      log.warn({ err }, 'consumer: the inbox could not be pruned; retrying in an hour');
    }
  }

  const timer = setInterval(() => {
    pruning = prune();
  }, EVERY_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      stopping.abort();
      return pruning;
    },
  };
}
