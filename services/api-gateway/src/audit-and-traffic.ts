import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { TrafficSampler } from './actions/traffic-sampler.ts';
import { WriteBehind } from './actions/write-behind.ts';
import type { Settings } from './config.ts';
import type { AuditEntry } from './domain/audit-entry.ts';
import type { TrafficSample } from './domain/traffic.ts';
import type { GatewayMetrics } from './http/metrics.ts';
import { deleteAuditEntries, insertAuditEntries } from './store/audit-entries.ts';
import { deleteTrafficSamples, insertTrafficSamples } from './store/traffic-samples.ts';

type Context = ServiceContext<Settings>;

const DAY_MS = 86_400_000;
/** A little more than the longest time that is asked about. */
const TRAFFIC_DAYS = 1.1;
/** How long the last of it may take to be written when the gateway stops. */
const LAST_FLUSH_MS = 3_000;

/** The audit trail (who changed what) and the traffic samples. Both are written to the database behind the requests. */
export type AuditAndTraffic = {
  audit: WriteBehind<AuditEntry>;
  traffic: TrafficSampler;
  tasks: Task[];
  /** Writes the last of it, unless the database is unavailable. */
  stop(): Promise<void>;
};

export function createAuditAndTraffic(ctx: Context, metrics: GatewayMetrics): AuditAndTraffic {
  const { pool } = ctx;
  const audit = createTrail(ctx, metrics);
  const traffic = new TrafficSampler(Date.now());
  const samples = createSamples(ctx);
  const flushSample = (unfinished: boolean) => {
    for (const sample of traffic.flushSample(Date.now(), { unfinished })) samples.record(sample);
  };
  return {
    audit,
    traffic,
    tasks: [
      { name: 'audit-trail', everyMs: 1_000, run: () => audit.flush(pool) },
      { name: 'traffic', everyMs: 1_000, run: async () => flushSample(false) },
      { name: 'traffic-samples', everyMs: 2_000, run: () => samples.flush(pool) },
      ...retention(ctx),
    ],
    async stop() {
      flushSample(true);
      await Promise.all([lastFlush(ctx, audit, 'audit entries'), lastFlush(ctx, samples, 'samples of traffic')]);
    },
  };
}

function createTrail({ settings: s, wakeTask, log }: Context, metrics: GatewayMetrics): WriteBehind<AuditEntry> {
  return new WriteBehind({
    max: s.AUDIT_BUFFER,
    batch: 500,
    insert: insertAuditEntries,
    onDrop: metrics.auditDropped,
    onRejected: (err, count) => log.error({ err, count }, 'the database refused audit entries'),
    onFull: () => wakeTask('audit-trail'),
  });
}

/** An hour of samples waits for the database; of what is older operators see a gap. */
function createSamples({ log }: Context): WriteBehind<TrafficSample> {
  const instance = uuidv7();
  return new WriteBehind({
    max: 1_500,
    batch: 200,
    insert: (db, samples) => insertTrafficSamples(db, instance, samples),
    onDrop: (samples) => log.warn({ samples }, 'traffic samples are lost'),
    onRejected: (err, samples) => log.error({ err, samples }, 'the database refused traffic samples'),
    onFull: () => undefined,
  });
}

function retention({ pool, settings: s }: Context): Task[] {
  const before = (days: number) => new Date(Date.now() - days * DAY_MS);
  const everyMs = 3_600_000;
  return [
    {
      name: 'audit-retention',
      everyMs,
      run: () => deleteAuditEntries(pool, before(s.AUDIT_RETENTION_DAYS), 5_000),
    },
    { name: 'traffic-retention', everyMs, run: () => deleteTrafficSamples(pool, before(TRAFFIC_DAYS), 5_000) },
  ];
}

async function lastFlush<T>({ pool, log }: Context, written: WriteBehind<T>, what: string): Promise<void> {
  const flush = async () => {
    while ((await written.flush(pool)) > 0);
  };
  const timeout = sleep(LAST_FLUSH_MS, undefined, { ref: false });
  await Promise.race([
    flush().catch((err) => log.warn({ err, what }, 'the last audit entries and traffic samples could not be written')),
    timeout,
  ]);
  if (written.waiting > 0) log.warn({ what, count: written.waiting }, 'audit entries are lost');
}
