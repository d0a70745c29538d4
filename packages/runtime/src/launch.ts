import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@tradepost/messaging/transport';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import { assemble, type Stop } from './assembly.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from './log.ts';
import { createManagementServer } from './management.ts';
import { registerPoolMetrics, registerProcessMetrics } from './process-metrics.ts';
import { createReadiness, databaseCheck } from './readiness.ts';
import type { LaunchedService, Service } from './service.ts';
import { type CommonSettings, commonSettings } from './settings.ts';
import { type Waiting, waitForBroker, waitForDatabase, waitForSchema } from './startup.ts';
import { installTraceContext } from './telemetry.ts';

export type LaunchOptions<S> = {
  settings: S;
  /** Shared with other services of the process, and closed by whoever made it. Without one, BROKER_URL is connected to. */
  transport?: Transport;
  log?: Logger;
};

/** No part may keep a service from stopping for longer than this. */
const STOP_PART_MS = 15_000;

/** Opens both ports and starts the service behind them, as `runService` does, without waiting until it is ready. */
export async function launch<T extends TObject>(
  service: Service<T>,
  o: LaunchOptions<Static<T>>,
): Promise<LaunchedService> {
  installTraceContext();
  const settings = commonOf(o.settings, service.name);
  const log = o.log ?? createLogger({ name: service.name, level: settings.LOG_LEVEL });
  const transport = o.transport ?? (await connectBroker(settings.BROKER_URL, service.name, log));
  const metrics = new Registry();
  const readiness = createReadiness();
  const management = createManagementServer({ readiness, metrics });
  const http = createHttpServer(limitsOf(settings), log);
  await management.listen({ port: settings.MANAGEMENT_PORT, host: settings.HOST });
  try {
    await http.listen({ port: settings.PORT, host: settings.HOST });
  } catch (error) {
    await Promise.all([management.close(), o.transport ? undefined : transport.close()]);
    throw error;
  }
  const url = http.url();
  const managementUrl = management.url();
  log.info({ url, managementUrl }, 'listening');

  const pool = createPool({ url: settings.DATABASE_URL, name: service.name, max: settings.DATABASE_POOL_MAX, log });
  registerProcessMetrics(metrics);
  registerPoolMetrics(metrics, pool);
  const isStarting = () => readiness.phase === 'starting';
  readiness.add('database', databaseCheck(pool), () => service.database !== 'at-start' || isStarting());
  readiness.add('broker', async () => transport.ready(), isStarting);

  const stopping = new AbortController();
  const leaving = new AbortController();
  const draining = new AbortController();
  const stops: Stop[] = [];

  const start = async (): Promise<void> => {
    const waiting: Waiting = {
      log,
      signal: stopping.signal,
      onWait: (what) => {
        readiness.waitingFor = what;
      },
    };
    await prepareDatabase(service.migrations, settings, pool, waiting);
    const parts = await assemble(service, {
      settings: o.settings,
      limits: { maxInFlight: settings.MAX_REQUESTS_IN_FLIGHT, maxEventLoopDelayMs: settings.MAX_EVENT_LOOP_DELAY_MS },
      ...{ log, metrics, pool, transport, http, stops, leaving: leaving.signal, draining: draining.signal },
    });
    for (const [name, check] of Object.entries(parts.ready ?? {})) readiness.add(name, async () => check());
    await waitForBroker(transport, waiting);
    stopping.signal.throwIfAborted();
    readiness.phase = 'started';
    log.info({ startupMs: Math.round(performance.now()) }, 'ready');
  };
  const started = start();
  // Whoever cares waits for it; nobody has to.
  started.catch(() => undefined);

  const stop = async (): Promise<void> => {
    const hadStarted = readiness.phase === 'started';
    readiness.phase = 'stopping';
    stopping.abort(new Error(`${service.name} was stopped before it was ready`));
    leaving.abort();
    // Load balancers need a moment to see it; until then whoever still comes is served.
    if (hadStarted) await sleep(settings.SHUTDOWN_DELAY_MS);
    await started.catch(() => undefined);
    draining.abort();
    if (!(await http.close(settings.SHUTDOWN_TIMEOUT_MS))) log.warn('requests were cut off: they took too long');
    const last: Stop[] = [
      { what: 'the broker connection', stop: async () => (o.transport ? undefined : transport.close()) },
      { what: 'the pool', stop: () => pool.end() },
      { what: 'the management port', stop: () => management.close() },
    ];
    for (const part of [...stops.reverse(), ...last]) await stopPart(part, log);
    log.info('stopped');
  };
  let stopped: Promise<void> | undefined;
  return {
    name: service.name,
    url,
    managementUrl,
    started,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Waits for the database, and for its migrations, which are applied here only if the settings say so. */
async function prepareDatabase(directory: URL, settings: CommonSettings, pool: Pool, waiting: Waiting): Promise<void> {
  await waitForDatabase(pool, waiting);
  if (settings.MIGRATE_ON_START) await migrate({ url: settings.DATABASE_URL, directory, log: waiting.log });
  await waitForSchema(pool, directory, waiting);
}

async function stopPart(part: Stop, log: Logger): Promise<void> {
  const patience = new AbortController();
  const tooLong = sleep(STOP_PART_MS, 'late', { signal: patience.signal }).catch(() => undefined);
  try {
    const outcome = await Promise.race([part.stop(), tooLong]);
    if (outcome === 'late') log.warn(`${part.what} did not stop in time`);
  } catch (err) {
    log.error({ err }, `${part.what} could not be stopped properly`);
  } finally {
    patience.abort();
  }
}

/** Loaded only when it is used: a process on the in-process transport has no need of it. */
async function connectBroker(url: string, name: string, log: Logger): Promise<Transport> {
  if (url.startsWith('memory:')) {
    throw new TypeError('BROKER_URL is memory:, which works only where several services run in one process');
  }
  const { createRabbitTransport } = await import('@tradepost/messaging/rabbitmq');
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

/** The part of a service's settings that the runtime itself needs. */
function commonOf(settings: unknown, name: string): CommonSettings {
  const given: object = typeof settings === 'object' && settings !== null ? settings : {};
  const missing = Object.entries(commonSettings).filter(([key, schema]) => !('~optional' in schema) && !(key in given));
  if (missing.length > 0) {
    throw new TypeError(
      `The settings of ${name} lack ${missing.map(([key]) => key).join(', ')}: spread commonSettings`,
    );
  }
  // as: every key is there; values were checked by readSettings, or written by whoever runs it in this process.
  return given as CommonSettings;
}
