import { type Db, sql } from '@tradepost/postgres/db';
import type { Logger } from 'pino';
import { type EncodedEvent, readEncodedEvent } from './encoded-event.ts';
import type { OutboxInFlight } from './outbox-in-flight.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import type { Transport } from './transport.ts';
import { settlesWithin } from './wake-signal.ts';

/** One turn of the relay after the other: reads rows, publishes them, deletes what was confirmed. */
export type OutboxPublisher = {
  /**
   * Publishes the next rows and returns how many there were; BATCH means that there may be more. What has been confirmed is
   * deleted by the statement that reads, so that under load a batch costs one.
   */
  publishNext(db: Db): Promise<number>;
  /** True while there are rows that are confirmed and not deleted yet. */
  holdsConfirmed(): boolean;
  /** Deletes what has been confirmed. */
  deleteConfirmed(db: Db): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  finished(): Promise<void>;
  /** How often in a row the broker was found to be unavailable; 0 when it is there. */
  brokerFailures(): number;
};

/** Rows read at once. */
export const BATCH = 500;
/** Events on their way at most; beyond that nothing more is read. */
const MAX_IN_FLIGHT = 2000;
/** Rows on their way or set aside at most. */
const MAX_BUSY = 10_000;
/** How long one batch waits for its slowest event before the next is read beside it. */
const SETTLE_MS = 100;

type Row = { id: number; event: string };
type OutboxEvent = { id: number; event: EncodedEvent };

const read = sql(
  'relay.read',
  `with published as (delete from outbox where id = any($2::bigint[]))
    select id, event::text as event from outbox where id <> all($1::bigint[]) order by id limit ${BATCH}`,
);
const remove = sql('relay.delete', 'delete from outbox where id = any($1::bigint[])');

/** `onLateConfirms` is called when events are confirmed after their batch has stopped waiting. */
export function createOutboxPublisher(o: {
  transport: Transport;
  progress: OutboxInFlight;
  metrics: RelayMetrics;
  log: Logger;
  onLateConfirms: () => void;
}): OutboxPublisher {
  const { transport, progress, metrics } = o;
  const pending = new Set<Promise<void>>();
  const broker = { failures: 0 };

  async function publish(batch: readonly OutboxEvent[]): Promise<void> {
    for (const { id } of batch) progress.sent(id);
    metrics.batch.observe(batch.length);
    const outcomes = transport.publish(batch.map(({ event }) => event));
    let isLate = false;
    const settled = batch.map(async (sent, i) => recordOutcome(o, broker, sent, (await outcomes[i]) ?? false));
    const whole = Promise.all(settled).then(() => {
      pending.delete(whole);
      if (isLate) o.onLateConfirms();
    });
    pending.add(whole);
    isLate = !(await settlesWithin(SETTLE_MS, whole));
  }

  return {
    publishNext: async (db) => {
      if (broker.failures > 0) broker.failures++;
      const busy = progress.busy();
      if (progress.inFlight() >= MAX_IN_FLIGHT || busy.length >= MAX_BUSY) return 0;
      const confirmed = progress.toDelete();
      const { rows } = await db.query<Row>(read([busy, confirmed]));
      progress.deleted(confirmed);
      const batch = publishable(o, rows);
      if (batch.length > 0) await publish(batch);
      return rows.length;
    },
    holdsConfirmed: () => progress.toDelete().length > 0,
    deleteConfirmed: async (db) => {
      const ids = progress.toDelete();
      if (ids.length === 0) return;
      await db.query(remove([ids]));
      progress.deleted(ids);
    },
    finished: async () => {
      await Promise.all(pending);
    },
    brokerFailures: () => broker.failures,
  };
}

type OutcomeContext = { transport: Transport; progress: OutboxInFlight; metrics: RelayMetrics; log: Logger };

/** Notes whether an event was confirmed. One that was not is deferred if others can be published, else the broker counts as unavailable. */
function recordOutcome(
  { transport, progress, metrics, log }: OutcomeContext,
  broker: { failures: number },
  { id, event }: OutboxEvent,
  confirmed: boolean,
): void {
  if (confirmed) {
    progress.confirmed(id);
    metrics.published.inc({ type: event.type });
    if (broker.failures > 0) log.info('relay: publishing resumed');
    broker.failures = 0;
    return;
  }
  metrics.failures.inc();
  if (transport.ready()) {
    const failures = progress.defer(id);
    log.debug({ eventId: event.id, type: event.type, failures }, 'relay: an event was not confirmed; it is deferred');
    return;
  }
  progress.failed(id);
  if (broker.failures === 0) log.warn('relay: the broker is unavailable; events stay in the outbox');
  broker.failures = Math.max(1, broker.failures);
}

/** What can be published of these rows; the rest is set aside. */
function publishable({ progress, metrics, log }: OutcomeContext, rows: readonly Row[]): OutboxEvent[] {
  return rows.flatMap(({ id, event: json }) => {
    const event = readEncodedEvent(json);
    if (event) return [{ id, event }];
    metrics.failures.inc();
    if (progress.defer(id) > 1) return [];
    log.error({ outboxId: id }, 'relay: a row of the outbox is not an event and can never be published');
    return [];
  });
}
