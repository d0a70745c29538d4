import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@tradepost/messaging/transport';
import { sql } from '@tradepost/postgres/db';
import { readMigrations } from '@tradepost/postgres/migration-files';
import type { Pool } from '@tradepost/postgres/pool';
import { isTransient } from '@tradepost/postgres/unavailable';
import type { Logger } from 'pino';
import { reasonOf } from './problem.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** How often a wait that goes on is logged again. */
const LOG_EVERY_MS = 15_000;

type Attempt = { done: true } | { done: false; why: string; err?: unknown };

/** What every wait needs. */
export type WaitOptions = {
  log: Logger;
  /** Aborted when the service is stopped meanwhile. */
  signal: AbortSignal;
  /** Called with the dependency and the reason, and with undefined once it is available. */
  onWait?: (what: string | undefined) => void;
};

/**
 * Tries until it succeeds, with growing pauses. Logs what it waits for: at first, when the reason changes, and every 15
 * seconds. Throws the signal's reason once that is aborted.
 */
export async function waitFor(o: WaitOptions & { what: string }, attempt: () => Promise<Attempt>): Promise<void> {
  let logged: { why: string; at: number } | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    o.signal.throwIfAborted();
    const outcome = await attempt();
    if (outcome.done) {
      if (logged) o.log.info(`${o.what}: available`);
      o.onWait?.(undefined);
      return;
    }
    o.onWait?.(`${o.what}: ${outcome.why}`);
    const now = performance.now();
    if (logged?.why !== outcome.why || now - logged.at > LOG_EVERY_MS) {
      o.log.warn({ reason: outcome.why }, `waiting for ${o.what}`);
      logged = { why: outcome.why, at: now };
    }
    // When it is aborted, the next turn throws the reason.
    await sleep(pause, undefined, { signal: o.signal }).catch(() => undefined);
  }
}

/** Waits until the database answers. A wrong password, too, may be put right meanwhile. */
export function waitForDatabase(pool: Pool, o: WaitOptions): Promise<void> {
  return waitFor({ ...o, what: 'the database' }, async () => {
    try {
      await pool.ping();
      return { done: true };
    } catch (error) {
      return { done: false, why: reasonOf(error) };
    }
  });
}

/**
 * Runs work of `create` of a service that needs the database. While its error is one that may pass, as where another instance that starts
 * holds a lock for long, it runs again, with growing pauses. Rejects with any other error, and with the signal's reason once that is aborted.
 */
export function retryAtStart(o: WaitOptions, work: () => Promise<void>): Promise<void> {
  return waitFor({ ...o, what: 'the database' }, async () => {
    try {
      await work();
      return { done: true };
    } catch (error) {
      if (!isTransient(error)) throw error;
      return { done: false, why: reasonOf(error) };
    }
  });
}

const appliedMigrations = sql('startup.migrations', 'select name from schema_migration');

/** Waits until every migration that this version has is applied. More may be: the next version's, during a rollout. */
export function waitForSchema(pool: Pool, migrations: URL, o: WaitOptions): Promise<void> {
  return waitFor({ ...o, what: 'the migrations of the database' }, async () => {
    const wanted = await readMigrations(migrations);
    if (wanted.length === 0) return { done: true };
    try {
      const { rows } = await pool.query<{ name: string }>(appliedMigrations());
      const applied = new Set(rows.map((row) => row.name));
      const missing = wanted.map(({ name }) => name).filter((name) => !applied.has(name));
      return missing.length === 0 ? { done: true } : { done: false, why: `not applied yet: ${missing.join(', ')}` };
    } catch (error) {
      return { done: false, why: reasonOf(error) };
    }
  });
}

/** Waits until the broker has been reached once. */
export function waitForBroker(transport: Transport, o: WaitOptions): Promise<void> {
  return waitFor({ ...o, what: 'the broker' }, async () =>
    transport.ready() ? { done: true } : { done: false, why: 'there is no connection to it' },
  );
}
