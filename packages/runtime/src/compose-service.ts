import { startBroadcast } from '@tradepost/messaging/broadcast';
import { startConsumer } from '@tradepost/messaging/consumer';
import { startRelay } from '@tradepost/messaging/relay';
import type { Transport } from '@tradepost/messaging/transport';
import { notifyOutboxWrites } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import { createApp } from './app.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import type { HttpServer } from './http-server.ts';
import { jwksStore } from './jwks-store.ts';
import { messagingRoutes } from './messaging-routes.ts';
import type { Service, ServiceParts } from './service.ts';
import { createCoDel, createShedder } from './shedding.ts';
import type { StopStep } from './shutdown.ts';
import { type RunningTask, startTask, type Task } from './tasks.ts';
import { type TokenVerifier, verifierFor } from './token-verifier.ts';

export type ComposeOptions<S> = {
  settings: S;
  limits: { maxInFlight: number; maxEventLoopDelayMs: number; maxDatabaseWaitMs: number };
  log: Logger;
  metrics: Registry;
  pool: Pool;
  transport: Transport;
  http: HttpServer;
  closing: AbortSignal;
  draining: AbortSignal;
  /** Collects what the shutdown has to stop, in the order of its start, even when a later part fails to start. */
  stops: StopStep[];
};

/** Composition: builds the service's parts, mounts its routes on the server, and starts relay, consumer and tasks. */
export async function composeService<T extends TObject>(
  service: Service<T>,
  o: ComposeOptions<Static<T>>,
): Promise<ServiceParts> {
  const { log, metrics, transport, stops } = o;
  const relay = startRelay({ pool: o.pool, transport, log, metrics });
  stops.push({ what: 'the relay', stop: () => relay.stop() });
  const pool = notifyOutboxWrites(o.pool, relay.wake);
  const tasks = new Map<string, RunningTask>();
  const parts = await service.create({
    name: service.name,
    settings: o.settings,
    log,
    metrics,
    pool,
    transport,
    wakeTask: (name) => tasks.get(name)?.wake(),
    closing: o.closing,
    draining: o.draining,
  });
  if (parts.stop) stops.push({ what: 'the service', stop: parts.stop });
  const { handlers } = parts;
  const app = await createApp({
    name: service.name,
    log,
    server: o.http,
    verifier: parts.verifier ?? verifierOf(o.settings, pool, log),
    metrics,
    shedder: createShedder({ ...o.limits, ...databaseQueue(service, pool, o.limits.maxDatabaseWaitMs) }),
    closing: o.closing,
    draining: o.draining,
    api: { serve: parts.openapi },
  });
  await parts.http(app);
  if (handlers) deadLetterRoutes(app, { service: service.name, pool, handlers, guard: parts.operators });
  // A service that runs without its database publishes nothing from it.
  if (service.database !== 'optional') {
    messagingRoutes(app, { service: service.name, pool, transport, log, guard: parts.operators });
  }
  await app.ready();
  o.http.connect(app.routing);
  stops.push({ what: 'the app', stop: () => app.close() });
  await startBackground(parts, { ...o, name: service.name, pool, tasks });
  return parts;
}

/** Starts what works in the background: broadcasts, the consumer, the tasks. */
async function startBackground(
  { handlers, broadcast, tasks: list = [] }: ServiceParts,
  o: Omit<ComposeOptions<unknown>, 'settings'> & { name: string; tasks: Map<string, RunningTask> },
): Promise<void> {
  const { name, pool, transport, log, metrics, stops, tasks } = o;
  if (broadcast) {
    const subscription = await startBroadcast({ service: name, transport, log, ...broadcast });
    stops.push({ what: 'the broadcasts', stop: () => subscription.stop() });
  }
  if (handlers) {
    const consumer = await startConsumer({ service: name, pool, transport, handlers, log, metrics });
    stops.push({ what: 'the consumer', stop: () => consumer.stop() });
  }
  startTasks(list, tasks, o);
  stops.push({ what: 'the tasks', stop: () => Promise.all([...tasks.values()].map((task) => task.stop())) });
}

/** A service that serves without its database sheds no load because of the queue there. */
function databaseQueue<T extends TObject>({ database }: Service<T>, pool: Pool, maxMs: number) {
  if (maxMs === 0 || (database ?? 'always') !== 'always') return {};
  return { isDatabaseBusy: createCoDel({ queue: pool.stats, maxMs, now: () => performance.now() }) };
}

/** A service with the setting `AUTH_URL` checks tokens by the keys of `auth`. */
function verifierOf(settings: unknown, pool: Pool, log: Logger): TokenVerifier | undefined {
  if (typeof settings !== 'object' || settings === null || !('AUTH_URL' in settings)) return undefined;
  const { AUTH_URL: authUrl } = settings;
  return typeof authUrl === 'string' ? verifierFor({ authUrl, ...jwksStore(pool), log }) : undefined;
}

function startTasks(list: Task[], running: Map<string, RunningTask>, o: { log: Logger; metrics: Registry }): void {
  if (list.length === 0) return;
  const runs = new Counter({
    name: 'tradepost_task_runs_total',
    help: 'Runs of background tasks, by outcome',
    labelNames: ['task', 'outcome'],
    registers: [o.metrics],
  });
  for (const task of list) {
    const { name } = task;
    running.set(name, startTask(task, { log: o.log, onRun: (outcome) => runs.inc({ task: name, outcome }) }));
  }
}
