import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { type Db, sql } from '@tradepost/postgres/db';
import type { DedicatedClient } from '@tradepost/postgres/dedicated';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createAlarm, pause, within } from './alarm.ts';
import { backoffMs } from './backoff.ts';
import { takeLead } from './leadership.ts';
import { createNudger } from './nudger.ts';
import { trackOutbox } from './outbox-progress.ts';
import { relayMetrics } from './relay-metrics.ts';
import type { Transport } from './transport.ts';

export type RelayOptions = {
  pool: Pool;
  transport: Transport;
  log: Logger;
  /** The service's own registry. */
  metrics: Registry;
  /** Under load, batches begin at least this far apart, in milliseconds, so that each is larger; 5. */
  lingerMs?: number;
  /** How often an idle outbox is looked at, in milliseconds: from `firstMs` (250) growing to `maxMs` (5000). */
  poll?: { firstMs: number; maxMs: number };
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

const BATCH = 500;
/** Events on their way at most; beyond that nothing more is read. */
const MAX_IN_FLIGHT = 2000;
/** Rows on their way or set aside at most. */
const MAX_BUSY = 10_000;
/** How long one batch waits for its slowest event before the next is read beside it. */
const SETTLE_MS = 100;
/** For a row that cannot be published although others can. */
const HOLD = { firstMs: 250, maxMs: 30_000 };
/** For a broker that is away. */
const AWAY = { firstMs: 100, maxMs: 5000 };

type Row = { id: number; event: unknown };

const read = sql('relay.read', `select id, event from outbox where id <> all($1::bigint[]) order by id limit ${BATCH}`);
const remove = sql('relay.delete', 'delete from outbox where id = any($1::bigint[])');

/**
 * Publishes what transactions have written to the outbox, in the order of its ids and at least once: a row is deleted
 * when the transport has confirmed it. One instance publishes and the others stand by (see `leadership.ts`). An event
 * that cannot be published is set aside and tried again later, while the rest go on; with the broker or the database
 * away everything waits. Nothing is published inside a database transaction.
 */
export function startRelay(o: RelayOptions): Relay {
  const { transport, log, lingerMs = 5, poll = { firstMs: 250, maxMs: 5000 } } = o;
  const bell = createAlarm();
  const brokerBack = createAlarm();
  const progress = trackOutbox(HOLD);
  const pending = new Set<Promise<void>>();
  const metrics = relayMetrics(o.metrics, o.pool);
  let failedWhileAway = 0;
  let stopping = false;

  function settle(row: Row, event: CloudEvent, confirmed: boolean): void {
    if (confirmed) {
      progress.confirmed(row.id);
      metrics.published.inc({ type: event.type });
      if (failedWhileAway > 0) log.info('relay: publishing again');
      failedWhileAway = 0;
      return;
    }
    metrics.failures.inc();
    if (transport.ready()) {
      const failures = progress.held(row.id);
      log.debug({ eventId: event.id, type: event.type, failures }, 'relay: an event was not confirmed; set aside');
    } else {
      progress.returned(row.id);
      if (failedWhileAway === 0) {
        log.warn('relay: the broker is away; events stay in the outbox meanwhile');
        failedWhileAway = 1;
      }
    }
  }

  async function send(rows: readonly Row[]): Promise<void> {
    const sent: { row: Row; event: CloudEvent }[] = [];
    for (const row of rows) {
      if (isPublishable(row.event)) {
        progress.sent(row.id);
        sent.push({ row, event: row.event });
      } else if (progress.held(row.id) === 1) {
        metrics.failures.inc();
        log.error({ outboxId: row.id }, 'relay: a row of the outbox is no event and can never be published');
      }
    }
    if (sent.length === 0) return;
    metrics.batch.observe(sent.length);
    const outcomes = transport.publish(sent.map(({ event }) => event));
    const settled = sent.map(({ row, event }, i) =>
      (outcomes[i] ?? Promise.resolve(false)).then((confirmed) => settle(row, event, confirmed)),
    );
    let late = false;
    const batch = Promise.all(settled).then(() => {
      pending.delete(batch);
      // Nobody waits for this batch any more, and what it confirmed is to be deleted.
      if (late) bell.ring();
    });
    pending.add(batch);
    late = !(await within(SETTLE_MS, batch));
  }

  async function deleteConfirmed(db: Db): Promise<void> {
    const ids = progress.toDelete();
    if (ids.length === 0) return;
    await db.query(remove([ids]));
    progress.deleted(ids);
  }

  async function publishBatches(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    for (let idle = 0; !signal.aborted; ) {
      const beganAt = performance.now();
      const hasRoom = progress.inFlight() < MAX_IN_FLIGHT && progress.size() < MAX_BUSY;
      const rows = hasRoom ? (await client.query<Row>(read([progress.busy()]))).rows : [];
      if (rows.length > 0) await send(rows);
      await deleteConfirmed(client);
      if (failedWhileAway > 0) {
        await brokerBack.wait(backoffMs(AWAY, failedWhileAway++));
        continue;
      }
      if (rows.length > 0) idle = 0;
      if (rows.length === BATCH) continue;
      if (rows.length > 0) await pause(lingerMs - (performance.now() - beganAt), signal);
      const due = Math.max(1, progress.nextDue() - Date.now());
      if (!(await bell.wait(Math.min(due, backoffMs(poll, idle + 1))))) idle++;
    }
  }

  async function lead(client: DedicatedClient, signal: AbortSignal): Promise<void> {
    const interrupt = () => {
      bell.ring();
      brokerBack.ring();
    };
    signal.addEventListener('abort', interrupt);
    log.debug('relay: this instance publishes');
    // Rows that another instance has published meanwhile are not there any more, and deleting them again does no harm.
    await deleteConfirmed(client);
    await publishBatches(client, signal);
    if (!stopping) return;
    await within(o.stopTimeoutMs ?? 5000, Promise.all(pending));
    await deleteConfirmed(client);
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
      await leadership.stop();
      unsubscribe();
    },
  };
}

/** What every transport needs; the shape of the data is checked on receipt. AMQP's short strings have 255 bytes. */
function isPublishable(event: unknown): event is CloudEvent {
  if (typeof event !== 'object' || event === null || !('id' in event) || !('type' in event)) return false;
  return [event.id, event.type].every((text) => typeof text === 'string' && /^[\w.-]{1,255}$/.test(text));
}
