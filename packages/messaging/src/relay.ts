import type { DedicatedClient } from '@tradepost/postgres/dedicated';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createAlarm, pause, within } from './alarm.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { takeLead } from './leadership.ts';
import { createNudger } from './nudger.ts';
import { trackOutbox } from './outbox-progress.ts';
import { BATCH, createOutboxPublisher } from './outbox-publisher.ts';
import { relayMetrics } from './relay-metrics.ts';
import type { Transport } from './transport.ts';

export type RelayOptions = {
  pool: Pool;
  transport: Transport;
  log: Logger;
  /** The service's own registry. */
  metrics: Registry;
  /** Under load, batches begin at least this far apart, in milliseconds, so that each is larger; 20. */
  lingerMs?: number;
  /** How often an idle outbox is looked at, less and less; from 250 ms to 5 s. */
  poll?: Backoff;
  /** How long an event is left alone that could not be published although others can; from 250 ms to 30 s. */
  hold?: Backoff;
  /** How long `stop` waits for what has been published and not yet confirmed, in milliseconds; 5000. */
  stopTimeoutMs?: number;
};

/** Publishes the outbox of one database. */
export type Relay = {
  /** There is something in the outbox: to be called after a commit that wrote there. Cheap, and never throws. */
  wake(): void;
  /** True while this instance is the one that publishes. */
  leads(): boolean;
  /** Finishes the batch in flight, within a bound, and stops. What is unconfirmed stays in the outbox. */
  stop(): Promise<void>;
};

/** For a broker that is away. */
const AWAY = { firstMs: 100, maxMs: 5000 };

/**
 * Publishes what transactions have written to the outbox, in the order of its ids and at least once: a row is deleted
 * when the transport has confirmed it. One instance publishes and the others stand by (see `leadership.ts`). An event
 * that cannot be published is set aside and tried again later, while the rest go on; with the broker or the database
 * away everything waits. Nothing is published inside a database transaction.
 */
export function startRelay(o: RelayOptions): Relay {
  const { transport, log, lingerMs = 20, poll = { firstMs: 250, maxMs: 5000 }, stopTimeoutMs = 5000 } = o;
  const bell = createAlarm();
  const brokerBack = createAlarm();
  const progress = trackOutbox(o.hold ?? { firstMs: 250, maxMs: 30_000 });
  const metrics = relayMetrics(o.metrics, o.pool);
  const publisher = createOutboxPublisher({ transport, progress, metrics, log, late: bell.ring });
  let stopping = false;

  async function publishBatches(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    for (let idle = 0; !signal.aborted; ) {
      const beganAt = performance.now();
      const rows = await publisher.publishNext(client);
      if (publisher.away() > 0) {
        await publisher.deleteConfirmed(client);
        await brokerBack.wait(backoffMs(AWAY, publisher.away()));
        continue;
      }
      if (rows > 0) idle = 0;
      if (rows === BATCH) continue;
      if (rows > 0) await pause(lingerMs - (performance.now() - beganAt), signal);
      if (bell.rang()) continue;
      await publisher.deleteConfirmed(client);
      const due = Math.max(1, progress.nextDue() - Date.now());
      if (!(await bell.wait(Math.min(due, backoffMs(poll, idle + 1))))) idle++;
    }
  }

  async function lead(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', bell.ring);
    signal.addEventListener('abort', brokerBack.ring);
    log.debug('relay: this instance publishes');
    // Rows that another instance has published meanwhile are not there any more, and deleting them again does no harm.
    await publisher.deleteConfirmed(client);
    await publishBatches(client, signal);
    if (!stopping) return;
    await within(stopTimeoutMs, publisher.finished());
    await publisher.deleteConfirmed(client);
  }

  const leadership = takeLead({ pool: o.pool, log, lead, nudged: bell.ring });
  const nudger = createNudger(leadership.nudge, log);
  const unsubscribe = transport.onReady(() => {
    progress.forgive();
    brokerBack.ring();
    bell.ring();
  });
  return {
    wake: () => (leadership.leads() ? bell.ring() : nudger.nudge()),
    leads: leadership.leads,
    stop: async () => {
      stopping = true;
      await nudger.stop();
      // The margin is for the last statements, on a database that may be away.
      await within(stopTimeoutMs + 2000, leadership.stop());
      unsubscribe();
    },
  };
}
