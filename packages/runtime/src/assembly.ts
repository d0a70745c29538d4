import { startBroadcast } from '@tradepost/messaging/broadcast';
import { startConsumer } from '@tradepost/messaging/consumer';
import { startRelay } from '@tradepost/messaging/relay';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import { createApp } from './app.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import type { HttpServer } from './http-server.ts';
import { jwksStore } from './jwks-store.ts';
import { messagingRoutes } from './messaging-routes.ts';
import type { Stop } from './running.ts';
import type { Service, ServiceParts } from './service.ts';
import { createShedder, watchQueue } from './shedding.ts';
import { type RunningTask, startTask, type Task } from './tasks.ts';
import { type TokenVerifier, verifierFor } from './token-verifier.ts';

export type AssemblyOptions<S> = {
  settings: S;
  limits: { maxInFlight: number; maxEventLoopDelayMs: number; maxDatabaseWaitMs: number };
  log: Logger;
  metrics: Registry;
  pool: Pool;
  transport: Transport;
  http: HttpServer;
  leaving: AbortSignal;
  draining: AbortSignal;
  /** Takes up what is to be stopped, in the order in which it was started, even when a later part cannot be started. */
  stops: Stop[];
};

/** Builds a service whose database is there, puts it behind the server, and starts what works in the background. */
export async function assemble<T extends TObject>(
  service: Service<T>,
  o: AssemblyOptions<Static<T>>,
): Promise<ServiceParts> {
  const { log, metrics, transport, stops } = o;
  const relay = startRelay({ pool: o.pool, transport, log, metrics });
  stops.push({ what: 'the relay', stop: () => relay.stop() });
  // Whatever a transaction wrote to the outbox is published at once, without every caller having to think of it.
  const pool: Pool = {
    ...o.pool,
    transaction: (work, options) => o.pool.transaction(work, options).finally(relay.wake),
  };
  const tasks = new Map<string, RunningTask>();
  const parts = await service.create({
    name: service.name,
    settings: o.settings,
    log,
    metrics,
    pool,
    transport,
    wakeRelay: () => relay.wake(),
    wakeTask: (name) => tasks.get(name)?.wake(),
    leaving: o.leaving,
    draining: o.draining,
  });
  if (parts.stop) stops.push({ what: 'the service', stop: parts.stop });
  const { handlers, broadcast } = parts;
  const app = await createApp({
    name: service.name,
    log,
    server: o.http,
    verifier: parts.verifier ?? verifierOf(o.settings, pool, log),
    metrics,
    shedder: createShedder({ ...o.limits, ...databaseQueue(service, pool, o.limits.maxDatabaseWaitMs) }),
    leaving: o.leaving,
    draining: o.draining,
    api: { serve: parts.openapi },
  });
  await parts.http(app);
  if (handlers) deadLetterRoutes(app, { service: service.name, pool, handlers });
  // A database that may be away holds nothing that has to be published.
  if (service.database !== 'optional') {
    messagingRoutes(app, { service: service.name, pool, transport, log, guard: parts.operators });
  }
  await app.ready();
  o.http.connect(app.routing);
  stops.push({ what: 'the app', stop: () => app.close() });
  if (broadcast) {
    const hearing = await startBroadcast({ service: service.name, transport, log, ...broadcast });
    stops.push({ what: 'the broadcasts', stop: () => hearing.stop() });
  }
  if (handlers) {
    const consumer = await startConsumer({ service: service.name, pool, transport, handlers, log, metrics });
    stops.push({ what: 'the consumer', stop: () => consumer.stop() });
  }
  startTasks(parts.tasks ?? [], tasks, o);
  stops.push({ what: 'the tasks', stop: () => Promise.all([...tasks.values()].map((task) => task.stop())) });
  return parts;
}

/** A service that serves without its database refuses nobody for the queue there. */
function databaseQueue<T extends TObject>({ database }: Service<T>, pool: Pool, maxMs: number) {
  if (maxMs === 0 || (database ?? 'always') !== 'always') return {};
  return { isDatabaseBusy: watchQueue({ queue: pool.stats, maxMs, now: () => performance.now() }) };
}

/** A service that is told where `auth` is checks tokens by the keys there. */
function verifierOf(settings: unknown, pool: Pool, log: Logger): TokenVerifier | undefined {
  if (typeof settings !== 'object' || settings === null || !('AUTH_URL' in settings)) return undefined;
  const { AUTH_URL: authUrl } = settings;
  return typeof authUrl === 'string' ? verifierFor({ authUrl, ...jwksStore(pool), log }) : undefined;
}

function startTasks(list: Task[], running: Map<string, RunningTask>, o: { log: Logger; metrics: Registry }): void {
  if (list.length === 0) return;
  const rounds = new Counter({
    name: 'tradepost_task_runs_total',
    help: 'Rounds of background tasks',
    labelNames: ['task', 'outcome'],
    registers: [o.metrics],
  });
  for (const task of list) {
    const { name } = task;
    running.set(name, startTask(task, { log: o.log, onRun: (outcome) => rounds.inc({ task: name, outcome }) }));
  }
}
