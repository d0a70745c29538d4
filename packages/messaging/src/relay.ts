import type { DedicatedClient } from '@tradepost/postgres/dedicated';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type Backoff, backoffMs } from './backoff.ts';
import { electLeader } from './leader-election.ts';
import { lingerMsAfter } from './linger.ts';
import { trackInFlight } from './outbox-in-flight.ts';
import { createOutboxNotifier } from './outbox-notifier.ts';
import { BATCH, createOutboxPublisher } from './outbox-publisher.ts';
import { relayMetrics } from './relay-metrics.ts';
import type { Transport } from './transport.ts';
import { createWakeSignal, pause, settlesWithin } from './wake-signal.ts';

export type RelayOptions = {
  pool: Pool;
  transport: Transport;
  log: Logger;
  /** The service's own registry. */
  metrics: Registry;
  /** How far apart the beginnings of batches are at most, in milliseconds; 20. Less after a small one (`linger.ts`). */
  lingerMs?: number;
  /** How often an idle outbox is looked at, less and less; from 250 ms to 5 s. */
  poll?: Backoff;
  /** How long an event is left alone that could not be published although others can; from 250 ms to 30 s. */
  hold?: Backoff;
  /** How long `stop` waits for what has been published and not yet confirmed, in milliseconds; 5000. */
  stopTimeoutMs?: number;
};

/** The outbox relay of one database. */
export type Relay = {
  /** There is something in the outbox: to be called after a commit that wrote there. Cheap, and never throws. */
  wake(): void;
  /** True while this instance is the one that publishes. */
  leads(): boolean;
  /** Finishes the batch in flight, within a bound, and stops. What is unconfirmed stays in the outbox. */
  stop(): Promise<void>;
};

/** How long confirmed rows stay in the outbox when nothing new is read: the next read deletes them along, which saves a commit. */
const DELETE_AFTER_MS = 250;

/** For a broker that is unavailable. */
const BROKER_BACKOFF = { firstMs: 100, maxMs: 5000 };

/**
 * The outbox relay: publishes the events of the outbox in the order of their ids, at least once. A row is deleted when the transport
 * has confirmed it. One instance publishes and the others are standbys (see `leader-election.ts`). An event that cannot be
 * published is deferred and retried, while the others go on; while the broker or the database is unavailable everything waits.
 * Nothing is published inside a database transaction.
 */
// Long: the loop of the relay and what wakes it share the same signals
export function startRelay(o: RelayOptions): Relay {
  const { transport, log, lingerMs = 20, poll = { firstMs: 250, maxMs: 5000 }, stopTimeoutMs = 5000 } = o;
  const wakeSignal = createWakeSignal();
  const brokerBack = createWakeSignal();
  const progress = trackInFlight(o.hold ?? { firstMs: 250, maxMs: 30_000 });
  const metrics = relayMetrics(o.metrics, o.pool);
  const publisher = createOutboxPublisher({ transport, progress, metrics, log, onLateConfirms: wakeSignal.notify });
  let stopping = false;

  async function publishBatches(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    for (let idle = 0; !signal.aborted; ) {
      const beganAt = performance.now();
      const rows = await publisher.publishNext(client);
      if (publisher.brokerFailures() > 0) {
        await publisher.deleteConfirmed(client);
        await brokerBack.wait(backoffMs(BROKER_BACKOFF, publisher.brokerFailures()));
        continue;
      }
      if (rows > 0) idle = 0;
      if (rows === BATCH) continue;
      if (rows > 0) await pause(lingerMsAfter(rows, lingerMs) - (performance.now() - beganAt), signal);
      const isWoken = (ms: number) => wakeSignal.wait(Math.min(Math.max(1, progress.nextDue() - Date.now()), ms));
      if (publisher.holdsConfirmed() && (await isWoken(DELETE_AFTER_MS))) continue;
      await publisher.deleteConfirmed(client);
      if (!(await isWoken(backoffMs(poll, idle + 1)))) idle++;
    }
  }

  async function lead(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', wakeSignal.notify);
    signal.addEventListener('abort', brokerBack.notify);
    log.debug('relay: this instance is the leader');
    // Rows that another instance has published meanwhile are not there any more, and deleting them again does no harm.
    await publisher.deleteConfirmed(client);
    await publishBatches(client, signal);
    if (!stopping) return;
    await settlesWithin(stopTimeoutMs, publisher.finished());
    await publisher.deleteConfirmed(client);
  }

  const leadership = electLeader({ pool: o.pool, log, lead, onNotified: wakeSignal.notify });
  const notifier = createOutboxNotifier(leadership.notifyLeader, log);
  const unsubscribe = transport.onReady(() => {
    progress.resetBackoff();
    brokerBack.notify();
    wakeSignal.notify();
  });
  return {
    wake: () => (leadership.leads() ? wakeSignal.notify() : notifier.notify()),
    leads: leadership.leads,
    stop: async () => {
      stopping = true;
      await notifier.stop();
      // The margin is for the last statements, on a database that may be unavailable.
      await settlesWithin(stopTimeoutMs + 2000, leadership.stop());
      unsubscribe();
    },
  };
}
