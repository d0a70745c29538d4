import { migrate } from '@tradepost/postgres/migrate';
import type { Static, TObject } from 'typebox';
import { composeService } from './compose-service.ts';
import { openPorts, type StartOptions } from './open-ports.ts';
import { databaseCheck } from './readiness.ts';
import type { RunningService, Service, ServiceHandle } from './service.ts';
import { type ServiceResources, shutDownService } from './shutdown.ts';
import { installTraceContext } from './telemetry.ts';
import { type WaitOptions, waitForBroker, waitForDatabase, waitForSchema } from './wait-for-dependencies.ts';

/**
 * Opens both ports and starts the service behind them. Resolves when the ports are open; `started` of the result resolves
 * when the service is ready. It waits for its database and its broker (`wait-for-dependencies.ts`).
 */
export async function startService<T extends TObject>(
  service: Service<T>,
  o: StartOptions<Static<T>>,
): Promise<ServiceHandle> {
  const beganAt = performance.now();
  installTraceContext();
  const resources = await openPorts(service.name, o);
  addChecks(resources, service.database ?? 'always');
  const { log, readiness, http, management } = resources;
  const started = start(service, o.settings, resources).then(() => {
    readiness.phase = 'started';
    log.info({ tookMs: Math.round(performance.now() - beganAt) }, 'ready');
  });
  // A caller may wait for it and does not have to.
  started.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  return {
    name: service.name,
    url: http.url(),
    managementUrl: management.url(),
    started,
    stop: () => {
      stopped ??= shutDownService(resources, started);
      return stopped;
    },
  };
}

/**
 * Starts a service and resolves once it is ready. Waits for its database and its broker without a limit. Rejects for an error
 * that waiting does not mend: a port in use, a missing setting.
 */
export async function runService<T extends TObject>(
  service: Service<T>,
  o: StartOptions<Static<T>>,
): Promise<RunningService> {
  const handle = await startService(service, o);
  try {
    await handle.started;
    return handle;
  } catch (error) {
    await handle.stop();
    throw error;
  }
}

async function start<T extends TObject>(
  service: Service<T>,
  own: Static<T>,
  resources: ServiceResources,
): Promise<void> {
  const { log, readiness, settings, stopping } = resources;
  const waiting: WaitOptions = {
    log,
    signal: stopping.signal,
    onWait: (what) => {
      readiness.waitingFor = what;
    },
  };
  const database = prepareDatabase(service.migrations, resources, waiting);
  const isOptional = service.database === 'optional';
  if (!isOptional) await database;
  else database.catch((err) => stopping.signal.aborted || log.error({ err }, 'the database cannot be used'));
  const parts = await composeService(service, {
    ...resources,
    settings: own,
    limits: {
      maxInFlight: settings.MAX_REQUESTS_IN_FLIGHT,
      maxEventLoopDelayMs: settings.MAX_EVENT_LOOP_DELAY_MS,
      maxDatabaseWaitMs: settings.MAX_DATABASE_WAIT_MS,
    },
    closing: resources.closing.signal,
    draining: resources.draining.signal,
  });
  for (const [name, check] of Object.entries(parts.ready ?? {})) readiness.add(name, async () => check());
  if (!isOptional) await waitForBroker(resources.transport, waiting);
  stopping.signal.throwIfAborted();
}

/** Waits for the database and for its migrations. Applies them first if MIGRATE_ON_START is set. */
async function prepareDatabase(
  directory: URL,
  { settings, pool, log }: ServiceResources,
  waiting: WaitOptions,
): Promise<void> {
  const { signal } = waiting;
  await waitForDatabase(pool, waiting);
  if (settings.MIGRATE_ON_START) {
    // `migrate` waits for other instances and cannot be aborted; a shutdown does not wait for it.
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await Promise.race([migrate({ url: settings.DATABASE_URL, ca: settings.DATABASE_CA, directory, log }), aborted]);
  }
  await waitForSchema(pool, directory, waiting);
}

/** The checks of `/readyz`; see `Readiness` for the reasons. */
function addChecks(
  { readiness, pool, transport }: ServiceResources,
  database: 'always' | 'at-start' | 'optional',
): void {
  const isStarting = () => readiness.phase === 'starting';
  const needsDatabase = () => database === 'always' || (database === 'at-start' && isStarting());
  const needsBroker = () => database !== 'optional' && isStarting();
  readiness.add('database', databaseCheck(pool), needsDatabase);
  readiness.add('broker', async () => transport.ready(), needsBroker);
}
