import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@tradepost/postgres/pool';

/** How one thing that a service needs is. */
export type CheckOutcome = {
  ok: boolean;
  /** False: operators see it, but the service is ready without it. */
  required: boolean;
  /** Why it is not ok. */
  reason?: string;
};

/** What `/readyz` tells. */
export type ReadinessReport = {
  ready: boolean;
  phase: 'starting' | 'started' | 'stopping';
  /** What it waits for while it is starting. */
  waitingFor?: string;
  checks: Record<string, CheckOutcome>;
};

type Outcome = { ok: boolean; reason?: string };
type Check = { required: () => boolean; run(): Promise<Outcome> };

/**
 * Whether requests should be sent to this instance.
 *
 * - **Starting**: not ready before the database has answered, its schema is migrated and the broker was reached once.
 * - **Database lost after that**: not ready until it answers again. The database is this service's own, and nearly
 *   nothing can be answered without it, so a load balancer had better know, a rollout had better stop, and an operator
 *   had better see it; requests that come all the same get 503. A pool that is merely busy counts as there.
 * - **Broker lost after that**: still ready. What is written waits in the outbox and is published when the broker is
 *   back; taking every instance out of service would turn a delay into an outage.
 * - **A service that can do without** (`Service.database`): with `at-start` it stays ready when its database is lost; with
 *   `optional` it is ready without database and broker from the beginning.
 * - **Stopping**: not ready, from the first moment on, while requests go on being answered.
 */
export type Readiness = {
  phase: ReadinessReport['phase'];
  waitingFor: string | undefined;
  /** Adds a check. The result of one that is not `required` (now) is shown, and does not make the service unready. */
  add(name: string, check: () => Promise<boolean | Outcome>, required?: () => boolean): void;
  /** The state, at most `CACHE_MS` old. */
  report(): Promise<ReadinessReport>;
};

const CACHE_MS = 1000;

/** A check that hangs is not waited for any longer. */
const CHECK_TIMEOUT_MS = 2000;

/** Makes the readiness of one service. */
export function createReadiness(): Readiness {
  const checks = new Map<string, Check>();
  let cached: { at: number; outcomes: Promise<[string, Outcome][]> } | undefined;

  const runAll = () =>
    Promise.all([...checks].map(async ([name, check]) => [name, await check.run()] as [string, Outcome]));

  const readiness: Readiness = {
    phase: 'starting',
    waitingFor: undefined,
    add(name, check, required = () => true) {
      checks.set(name, { required, run: () => guarded(check) });
      cached = undefined;
    },
    async report() {
      const now = performance.now();
      if (!cached || now - cached.at > CACHE_MS) cached = { at: now, outcomes: runAll() };
      const outcomes = await cached.outcomes;
      const { phase, waitingFor } = readiness;
      const told: Record<string, CheckOutcome> = {};
      for (const [name, outcome] of outcomes)
        told[name] = { ...outcome, required: checks.get(name)?.required() ?? true };
      const healthy = Object.values(told).every(({ ok, required }) => ok || !required);
      return { ready: phase === 'started' && healthy, phase, ...(waitingFor && { waitingFor }), checks: told };
    },
  };
  return readiness;
}

async function guarded(check: () => Promise<boolean | Outcome>): Promise<Outcome> {
  const timeout = new AbortController();
  try {
    const late = sleep(CHECK_TIMEOUT_MS, { ok: false, reason: 'it does not answer' }, { signal: timeout.signal });
    const outcome = await Promise.race([check(), late.catch(() => false)]);
    return typeof outcome === 'boolean' ? { ok: outcome, ...(!outcome && { reason: 'it is not there' }) } : outcome;
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    timeout.abort();
  }
}

/**
 * A check of the database through the pool. A pool that has no free connection, but whose connections come back one
 * after the other, is busy and not gone: without that, load would take the service out of service.
 */
export function databaseCheck(pool: Pool): () => Promise<Outcome> {
  const BUSY_MS = 3000;
  let lastRelease = Number.NEGATIVE_INFINITY;
  let last: Outcome = { ok: true };
  let running: Promise<void> | undefined;
  pool.raw.on('release', (error) => {
    if (!error) lastRelease = performance.now();
  });
  const ping = async (): Promise<void> => {
    try {
      await pool.ping();
      last = { ok: true };
    } catch (error) {
      const busy = pool.stats().waiting > 0 && performance.now() - lastRelease < BUSY_MS;
      last = busy ? { ok: true } : { ok: false, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      running = undefined;
    }
  };
  return async () => {
    running ??= ping();
    const answered = new AbortController();
    const timeout = sleep(CHECK_TIMEOUT_MS / 2, undefined, { signal: answered.signal }).catch(() => undefined);
    await Promise.race([running, timeout]);
    answered.abort();
    return last;
  };
}
