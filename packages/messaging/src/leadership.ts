import type { DedicatedClient } from '@tradepost/postgres/dedicated';
import type { Pool } from '@tradepost/postgres/pool';
import { isTransient } from '@tradepost/postgres/unavailable';
import type { Logger } from 'pino';
import { createAlarm, pause } from './alarm.ts';
import { backoffMs } from './backoff.ts';

/** Any number will do that nothing else in these databases locks. */
const LOCK = '7305412891004410002';
const CHANNEL = 'tradepost_outbox';
/** Payload: the leader has stepped down, and a standby may try at once. */
const VACANT = 'vacant';
const STANDBY_POLL_MS = 1000;
const RECONNECT = { firstMs: 100, maxMs: 5000 };

export type Leadership = {
  /** True while this instance leads. */
  leads(): boolean;
  /** Tells the leader, wherever it is, that there is work. Rejects if the database is away. */
  nudge(): Promise<void>;
  /** Steps down once `lead` has returned, and lets a standby take over. */
  stop(): Promise<void>;
};

/**
 * Leads when no other instance on the same database does, by a session-level advisory lock on a connection of its own:
 * when that connection ends, for whatever reason, so does the leadership, and a standby takes over.
 * `lead` is to return soon after its signal is aborted, which means that the lead is lost or to be given up. For the
 * moment in which the server has noticed a broken connection and this process has not, two may lead.
 */
export function takeLead(o: {
  pool: Pool;
  log: Logger;
  lead: (client: DedicatedClient, signal: AbortSignal) => Promise<void>;
  /** Another instance says that there is work. */
  nudged: () => void;
}): Leadership {
  const { pool, log } = o;
  const stopping = new AbortController();
  const vacancy = createAlarm();
  let leading = false;
  let complained = false;

  async function stand(): Promise<void> {
    const client = await pool.dedicated();
    try {
      const broken = new AbortController();
      const over = AbortSignal.any([stopping.signal, broken.signal]);
      over.addEventListener('abort', vacancy.ring);
      client.onBroken(() => broken.abort());
      client.onNotification((_, payload) => (payload === VACANT ? vacancy.ring() : o.nudged()));
      // A deletion that a crash of the server undoes only has its events published again.
      await client.query({ text: 'set synchronous_commit = off; set plan_cache_mode = force_generic_plan' });
      await client.query({ text: `listen ${CHANNEL}` });
      while (!over.aborted && !(await tryLock(client))) {
        await vacancy.wait(STANDBY_POLL_MS * (0.75 + Math.random() / 2));
      }
      if (complained) log.info('relay: the database is back');
      complained = false;
      if (over.aborted) return;
      leading = true;
      await o.lead(client, over);
      await client.query({ text: `select pg_advisory_unlock(${LOCK}), pg_notify('${CHANNEL}', '${VACANT}')` });
    } finally {
      leading = false;
      await client.release().catch(() => {});
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        await stand();
        failures = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures = complained ? failures + 1 : 1;
        if (!complained) {
          const level = isTransient(err) ? 'warn' : 'error';
          log[level]({ err }, 'relay: the database is away or refuses; events stay in the outbox meanwhile');
        }
        complained = true;
        await pause(backoffMs(RECONNECT, failures), stopping.signal);
      }
    }
  }

  const running = run();
  return {
    leads: () => leading,
    nudge: async () => {
      await pool.query({ name: 'relay.nudge', text: `select pg_notify('${CHANNEL}', '')` });
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
