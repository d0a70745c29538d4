import type { Transport } from '@tradepost/messaging/transport';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import { assemble } from './assembly.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from './log.ts';
import { createManagementServer } from './management.ts';
import { registerPoolMetrics, registerProcessMetrics } from './process-metrics.ts';
import { createReadiness, databaseCheck } from './readiness.ts';
import { type Running, shutDown } from './running.ts';
import type { LaunchedService, Service } from './service.ts';
import { type CommonSettings, commonOf } from './settings.ts';
import { type Waiting, waitForBroker, waitForDatabase, waitForSchema } from './startup.ts';
import { installTraceContext } from './telemetry.ts';

export type LaunchOptions<S> = {
  settings: S;
  /** Shared with other services of the process, and closed by whoever made it. Without one, BROKER_URL is connected to. */
  transport?: Transport;
  log?: Logger;
};

/** Opens both ports and starts the service behind them, as `runService` does, without waiting until it is ready. */
export async function launch<T extends TObject>(
  service: Service<T>,
  o: LaunchOptions<Static<T>>,
): Promise<LaunchedService> {
  const launchedAt = performance.now();
  installTraceContext();
  const running = await openPorts(service.name, o);
  addChecks(running, service.database ?? 'always');
  const { log, readiness, http, management } = running;
  const started = start(service, o.settings, running).then(() => {
    readiness.phase = 'started';
    log.info({ tookMs: Math.round(performance.now() - launchedAt) }, 'ready');
  });
  // Whoever cares waits for it; nobody has to.
  started.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  return {
    name: service.name,
    url: http.url(),
    managementUrl: management.url(),
    started,
    stop: () => {
      stopped ??= shutDown(running, started);
      return stopped;
    },
  };
}

/** Makes everything that needs nothing from outside, and listens on both ports. */
async function openPorts(name: string, o: LaunchOptions<unknown>): Promise<Running> {
  const settings = commonOf(o.settings, name);
  const log = o.log ?? createLogger({ name, level: settings.LOG_LEVEL });
  const transport = o.transport ?? (await connectBroker(settings.BROKER_URL, name, log));
  const metrics = new Registry();
  const readiness = createReadiness();
  const management = createManagementServer({ readiness, metrics });
  const http = createHttpServer(limitsOf(settings), log);
  try {
    await management.listen({ port: settings.MANAGEMENT_PORT, host: settings.HOST });
    await http.listen({ port: settings.PORT, host: settings.HOST });
  } catch (error) {
    await Promise.all([management.close(), o.transport ? undefined : transport.close()]);
    throw error;
  }
  log.info({ url: http.url(), managementUrl: management.url() }, 'listening');
  const pool = createPool({
    ...{ url: settings.DATABASE_URL, name, max: settings.DATABASE_POOL_MAX, log },
    connectTimeoutMs: settings.DATABASE_CONNECT_TIMEOUT_MS,
    recoveryWaitMs: settings.DATABASE_RECOVERY_WAIT_MS,
    statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: settings.DATABASE_LOCK_TIMEOUT_MS,
  });
  registerProcessMetrics(metrics);
  registerPoolMetrics(metrics, pool);
  return {
    ...{ name, settings, log, metrics, readiness, management, http, pool, transport },
    ownsTransport: !o.transport,
    stopping: new AbortController(),
    leaving: new AbortController(),
    draining: new AbortController(),
    stops: [],
  };
}

/** What `/readyz` looks at; see `Readiness` for why. */
function addChecks({ readiness, pool, transport }: Running, database: 'always' | 'at-start' | 'optional'): void {
  const isStarting = () => readiness.phase === 'starting';
  const needsDatabase = () => database === 'always' || (database === 'at-start' && isStarting());
  const needsBroker = () => database !== 'optional' && isStarting();
  readiness.add('database', databaseCheck(pool), needsDatabase);
  readiness.add('broker', async () => transport.ready(), needsBroker);
}

async function start<T extends TObject>(service: Service<T>, own: Static<T>, running: Running): Promise<void> {
  const { log, readiness, settings, stopping } = running;
  const waiting: Waiting = {
    log,
    signal: stopping.signal,
    onWait: (what) => {
      readiness.waitingFor = what;
    },
  };
  const database = prepareDatabase(service.migrations, running, waiting);
  const isOptional = service.database === 'optional';
  if (!isOptional) await database;
  else database.catch((err) => stopping.signal.aborted || log.error({ err }, 'the database cannot be used'));
  const parts = await assemble(service, {
    ...running,
    settings: own,
    limits: {
      maxInFlight: settings.MAX_REQUESTS_IN_FLIGHT,
      maxEventLoopDelayMs: settings.MAX_EVENT_LOOP_DELAY_MS,
      maxDatabaseWaitMs: settings.MAX_DATABASE_WAIT_MS,
    },
    leaving: running.leaving.signal,
    draining: running.draining.signal,
  });
  for (const [name, check] of Object.entries(parts.ready ?? {})) readiness.add(name, async () => check());
  if (!isOptional) await waitForBroker(running.transport, waiting);
  stopping.signal.throwIfAborted();
}

/** Waits for the database, and for its migrations, which are applied here only if the settings say so. */
async function prepareDatabase(directory: URL, { settings, pool, log }: Running, waiting: Waiting): Promise<void> {
  const { signal } = waiting;
  await waitForDatabase(pool, waiting);
  if (settings.MIGRATE_ON_START) {
    // It waits for other instances, and cannot be told to stop waiting; a stop does not wait for it.
    const given = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await Promise.race([migrate({ url: settings.DATABASE_URL, directory, log }), given]);
  }
  await waitForSchema(pool, directory, waiting);
}

/** Loaded only when it is used: a process on the in-process transport has no need of it. */
async function connectBroker(url: string, name: string, log: Logger): Promise<Transport> {
  if (url.startsWith('memory:')) {
    throw new TypeError('BROKER_URL is memory:, which works only where several services run in one process');
  }
  const { createRabbitTransport } = await import('@tradepost/messaging/rabbitmq-transport');
  return createRabbitTransport({ url, name, log });
}

function limitsOf(settings: CommonSettings) {
  return {
    keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT_MS,
    headersTimeoutMs: settings.HEADERS_TIMEOUT_MS,
    requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
    maxRequestsPerSocket: settings.MAX_REQUESTS_PER_SOCKET,
    maxConnections: settings.MAX_CONNECTIONS,
  };
}
