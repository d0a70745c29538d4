import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { type EventType, eventData } from '@tradepost/contracts/events';
import { type Topology, topology } from '@tradepost/contracts/topology';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { createEventReader } from '@tradepost/messaging/read-event';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { RunningService, Service } from '@tradepost/runtime/service';
import { readSettings } from '@tradepost/runtime/settings';
import { runService } from '@tradepost/runtime/start-service';
import { type Logger, pino } from 'pino';
import type { TObject } from 'typebox';
import { testDatabase } from './postgres.ts';
import { settingsForSlowMachines } from './time-limits.ts';
import { type TestIssuer, testIssuer } from './tokens.ts';

/** A service that was started for a test file. */
export type TestService = RunningService & {
  /** A pool of the test's own on the service's database. */
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** Publish events on it to see them handled: `await Promise.all(transport.publish([encodeEvent(event)]))`. */
  readonly transport: Transport;
  /** What the service has published so far, in order. */
  readonly events: readonly CloudEvent[];
  /** Signs the tokens that the service accepts. */
  readonly issuer: TestIssuer;
  /** Stops the service and the issuer, and drops the database. */
  stop(): Promise<void>;
};

/** What `startService` gives a service to encrypt for mails with. */
export const MAIL_KEY = 'tests-only-0123456789-abcdef-0123456789';

/**
 * Starts a service on free ports of loopback, with a database of its own, an in-process transport that no other service
 * listens on, and an issuer of tokens. `overrides` are settings by name; those without a default have to be there, save
 * DATABASE_URL, BROKER_URL, AUTH_URL and MAIL_KEY. Call `stop` in `afterAll`.
 */
export async function startService<T extends TObject>(
  service: Service<T>,
  overrides: Record<string, string | number | boolean> = {},
  o: { transport?: Transport; log?: Logger } = {},
): Promise<TestService> {
  const log = o.log ?? pino({ level: 'silent' });
  const database = await testDatabase(service.migrations);
  const issuer = await testIssuer();
  const transport = o.transport ?? createInMemoryTransport({ log, topology: aloneWith(service.name) });
  const events: CloudEvent[] = [];
  if (!o.transport) await collect(transport, events);
  const env = {
    HOST: '127.0.0.1',
    PORT: 0,
    MANAGEMENT_PORT: 0,
    DATABASE_URL: database.url,
    BROKER_URL: 'memory:',
    AUTH_URL: issuer.url,
    MAIL_KEY,
    SHUTDOWN_DELAY_MS: 0,
    ...settingsForSlowMachines,
    ...overrides,
  };
  const texts = Object.entries(env).map(([name, value]) => [name, String(value)]);
  const settings = readSettings(service.settings, Object.fromEntries(texts));
  const running = await runService(service, { settings, transport, log });
  return {
    ...running,
    pool: database.pool,
    databaseUrl: database.url,
    transport,
    events,
    issuer,
    async stop() {
      await running.stop();
      if (!o.transport) await transport.close();
      await issuer.close();
      await database.drop();
    },
  };
}

const OBSERVER = 'observer';

/** A topology in which nobody but this service has to be there for its events to be published. */
function aloneWith(name: string): Topology {
  const all: Topology = topology;
  // as: the keys of `eventData` are what EventType is.
  const types = Object.keys(eventData) as EventType[];
  return { [name]: all[name] ?? {}, [OBSERVER]: { queue: types } };
}

async function collect(transport: Transport, events: CloudEvent[]): Promise<void> {
  const read = createEventReader();
  await transport.subscribe({ service: OBSERVER, prefetch: 1000 }, (deliveries) => {
    for (const delivery of deliveries) {
      const found = read(delivery.body);
      if ('event' in found) events.push(found.event);
      delivery.ack();
    }
  });
}
