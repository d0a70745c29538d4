import type { DedicatedClient } from '@tradepost/postgres/dedicated';
import type { Pool } from '@tradepost/postgres/pool';
import { isTransient } from '@tradepost/postgres/unavailable';
import type { Logger } from 'pino';
import { backoffMs } from './backoff.ts';
import { createWakeSignal, pause } from './wake-signal.ts';

/** Any number will do that nothing else in these databases locks. */
const LOCK = '7305412891004410002';
const CHANNEL = 'tradepost_outbox';
/** Payload of a notification: the leader has stepped down, and a standby may try at once. */
const STEPPED_DOWN = 'vacant';
const STANDBY_POLL_MS = 1000;
const RECONNECT = { firstMs: 100, maxMs: 5000 };

export type LeaderElection = {
  /** True while this instance leads. */
  leads(): boolean;
  /** Tells the leader, whichever instance it is, that there is work. Rejects if the database is unavailable. */
  notifyLeader(): Promise<void>;
  /** Steps down once `lead` has returned, and lets a standby take over. */
  stop(): Promise<void>;
};

/**
 * Leader election: one instance per database leads. It holds a session-level advisory lock on a dedicated connection. When that
 * connection ends, the lock is released and a standby takes over. `lead` must return soon after its signal is aborted, which
 * means that the leadership is lost or given up. While the server has noticed a broken connection and this process has not, two
 * instances may lead.
 */
// Long: campaign, lead and step down share the state of one election
export function electLeader(o: {
  pool: Pool;
  log: Logger;
  lead: (client: DedicatedClient, signal: AbortSignal) => Promise<void>;
  /** Another instance says that there is work. */
  onNotified: () => void;
}): LeaderElection {
  const { pool, log } = o;
  const stopping = new AbortController();
  const retrySignal = createWakeSignal();
  let leading = false;
  let isOutageLogged = false;

  async function campaign(): Promise<void> {
    const client = await pool.dedicated();
    try {
      const broken = new AbortController();
      const over = AbortSignal.any([stopping.signal, broken.signal]);
      over.addEventListener('abort', retrySignal.notify);
      client.onBroken(() => broken.abort());
      client.onNotification((_, payload) => (payload === STEPPED_DOWN ? retrySignal.notify() : o.onNotified()));
      // A deletion that a crash of the server undoes only has its events published again.
      await client.query({ text: 'set synchronous_commit = off; set plan_cache_mode = force_generic_plan' });
      await client.query({ text: `listen ${CHANNEL}` });
      while (!over.aborted && !(await tryLock(client))) {
        await retrySignal.wait(STANDBY_POLL_MS * (0.75 + Math.random() / 2));
      }
      if (isOutageLogged) log.info('relay: the database is available again');
      isOutageLogged = false;
      if (over.aborted) return;
      leading = true;
      await o.lead(client, over);
      await client.query({ text: `select pg_advisory_unlock(${LOCK}), pg_notify('${CHANNEL}', '${STEPPED_DOWN}')` });
    } finally {
      leading = false;
      await client.release().catch(() => {});
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        await campaign();
        failures = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures = isOutageLogged ? failures + 1 : 1;
        if (!isOutageLogged) {
          const level = isTransient(err) ? 'warn' : 'error';
          log[level]({ err }, 'relay: the database is unavailable or returns an error; events stay in the outbox');
        }
        isOutageLogged = true;
        await pause(backoffMs(RECONNECT, failures), stopping.signal);
      }
    }
  }

  const running = run();
  return {
    leads: () => leading,
    notifyLeader: async () => {
      await pool.query({ name: 'relay.notify-leader', text: `select pg_notify('${CHANNEL}', '')` });
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function tryLock(client: DedicatedClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>({ text: `select pg_try_advisory_lock(${LOCK}) as locked` });
  return rows[0]?.locked === true;
}
