import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { HttpServer } from './http-server.ts';
import type { ManagementServer } from './management.ts';
import type { Readiness } from './readiness.ts';
import type { CommonSettings } from './settings.ts';

/** Something that has to be stopped; it may take its time. */
export type Stop = { what: string; stop: () => Promise<unknown> };

/** What a launched service consists of, besides its own parts. */
export type Running = {
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
  /** Aborted when the start is to be given up. */
  stopping: AbortController;
  /** Aborted when it is about to stop: answers then ask for their connections to be closed. */
  leaving: AbortController;
  /** Aborted when it stops accepting: streams and long waits end then. */
  draining: AbortController;
  /** What has been started, in that order. */
  stops: Stop[];
};

/** No part may keep a service from stopping for longer than this. */
const STOP_PART_MS = 15_000;

/**
 * Stops a service without failing anybody: it is not ready from now on, answers for a while longer, with `Connection: close`,
 * then accepts nothing more and finishes what is in flight; then tasks, consumer, relay, the service's own parts and its
 * connections are closed, in that order.
 */
export async function shutDown(running: Running, started: Promise<void>): Promise<void> {
  const { name, settings, log, readiness, http, pool, management } = running;
  const hadStarted = readiness.phase === 'started';
  readiness.phase = 'stopping';
  running.stopping.abort(new Error(`${name} was stopped before it was ready`));
  running.leaving.abort();
  // Load balancers need a moment to see it; until then whoever still comes is served.
  if (hadStarted) await sleep(settings.SHUTDOWN_DELAY_MS);
  await stopPart({ what: 'the start', stop: () => started.catch(() => undefined) }, log);
  running.draining.abort();
  if (!(await http.close(settings.SHUTDOWN_TIMEOUT_MS))) log.warn('requests were cut off: they took too long');
  const connections: Stop[] = [
    { what: 'the broker connection', stop: async () => running.ownsTransport && running.transport.close() },
    { what: 'the pool', stop: () => pool.end() },
    { what: 'the management port', stop: () => management.close() },
  ];
  for (const part of [...running.stops.toReversed(), ...connections]) await stopPart(part, log);
  log.info('stopped');
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
