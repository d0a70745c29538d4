import type { RabbitOptions } from '@tradepost/messaging/rabbitmq-transport';
import type { Transport } from '@tradepost/messaging/transport';
import { createPool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { type CommonSettings, commonOf } from './common-settings.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from './log.ts';
import { createManagementServer } from './management.ts';
import { registerPoolMetrics, registerProcessMetrics } from './process-metrics.ts';
import { createReadiness } from './readiness.ts';
import type { ServiceResources } from './shutdown.ts';

/** What a service is started with. */
export type StartOptions<S> = {
  settings: S;
  /** Shared with other services of the process, and closed by its owner. Without one, the service connects to BROKER_URL. */
  transport?: Transport;
  log?: Logger;
};

/** Makes everything that does not depend on database or broker, and listens on both ports. */
export async function openPorts(name: string, o: StartOptions<unknown>): Promise<ServiceResources> {
  const settings = commonOf(o.settings, name);
  const log = o.log ?? createLogger({ name, level: settings.LOG_LEVEL });
  const transport =
    o.transport ?? (await connectBroker({ url: settings.BROKER_URL, ca: settings.BROKER_CA, name, log }));
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
    ...{ url: settings.DATABASE_URL, ca: settings.DATABASE_CA, name, max: settings.DATABASE_POOL_MAX, log },
    connectTimeoutMs: settings.DATABASE_CONNECT_TIMEOUT_MS,
    recoveryWaitMs: settings.DATABASE_RECOVERY_WAIT_MS,
    statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: settings.DATABASE_LOCK_TIMEOUT_MS,
    idleInTransactionTimeoutMs: settings.DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  registerProcessMetrics(metrics);
  registerPoolMetrics(metrics, pool);
  return {
    ...{ name, settings, log, metrics, readiness, management, http, pool, transport },
    ownsTransport: !o.transport,
    stopping: new AbortController(),
    closing: new AbortController(),
    draining: new AbortController(),
    stops: [],
  };
}

/** Loaded only when it is used: a process with the in-memory transport does not need it. */
async function connectBroker(o: RabbitOptions): Promise<Transport> {
  if (o.url.startsWith('memory:')) {
    throw new TypeError('BROKER_URL is memory:, which works only where several services run in one process');
  }
  const { createRabbitTransport } = await import('@tradepost/messaging/rabbitmq-transport');
  return createRabbitTransport(o);
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
