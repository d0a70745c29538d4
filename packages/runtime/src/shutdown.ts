import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { CommonSettings } from './common-settings.ts';
import type { HttpServer } from './http-server.ts';
import type { ManagementServer } from './management.ts';
import type { Readiness } from './readiness.ts';

/** A part that the shutdown stops; `stop` may take its time. */
export type StopStep = { what: string; stop: () => Promise<unknown> };

/** What every service is made of, besides its own parts. */
export type ServiceResources = {
  name: string;
  settings: CommonSettings;
  log: Logger;
  metrics: Registry;
  readiness: Readiness;
  management: ManagementServer;
  http: HttpServer;
  pool: Pool;
  transport: Transport;
  /** Whether the transport is this service's own, to be closed with it. */
  ownsTransport: boolean;
  /** Aborted when the service is stopped before it was ready. */
  stopping: AbortController;
  /** Aborted when the shutdown begins: from then on responses carry `Connection: close`. */
  closing: AbortController;
  /** Aborted when the service accepts no more requests: streams and long waits end then. */
  draining: AbortController;
  /** What has been started, in that order. */
  stops: StopStep[];
};

/** No part may keep a service from stopping for longer than this. */
const STOP_PART_MS = 15_000;

/**
 * Graceful shutdown, in this order: `/readyz` says no; requests are served for `SHUTDOWN_DELAY_MS` more, with
 * `Connection: close`, so that load balancers notice; the server accepts no more and finishes what is in flight; then the
 * tasks, the consumer, the relay, the service's own parts and the connections are closed. No request fails.
 */
export async function shutDownService(resources: ServiceResources, started: Promise<void>): Promise<void> {
  const { name, settings, log, readiness, http, pool, management } = resources;
  const hadStarted = readiness.phase === 'started';
  readiness.phase = 'stopping';
  resources.stopping.abort(new Error(`${name} was stopped before it was ready`));
  resources.closing.abort();
  // Load balancers need a moment to notice; until then requests are served.
  if (hadStarted) await sleep(settings.SHUTDOWN_DELAY_MS);
  await stopPart({ what: 'the start', stop: () => started.catch(() => undefined) }, log);
  resources.draining.abort();
  if (!(await http.close(settings.SHUTDOWN_TIMEOUT_MS)))
    log.warn('requests were aborted: they took longer than SHUTDOWN_TIMEOUT_MS');
  const connections: StopStep[] = [
    { what: 'the broker connection', stop: async () => resources.ownsTransport && resources.transport.close() },
    { what: 'the pool', stop: () => pool.end() },
    { what: 'the management port', stop: () => management.close() },
  ];
  for (const part of [...resources.stops.toReversed(), ...connections]) await stopPart(part, log);
  log.info('stopped');
}

async function stopPart(part: StopStep, log: Logger): Promise<void> {
  const stopped = new AbortController();
  const timeout = sleep(STOP_PART_MS, 'timed out', { signal: stopped.signal }).catch(() => undefined);
  try {
    const outcome = await Promise.race([part.stop(), timeout]);
    if (outcome === 'timed out') log.warn(`stopping ${part.what} timed out`);
  } catch (err) {
    log.error({ err }, `${part.what} failed to stop`);
  } finally {
    stopped.abort();
  }
}
