import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventType } from '@tradepost/contracts/events';
import { type Consumer, type ConsumerOptions, startConsumer } from '@tradepost/messaging/consumer';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq-transport';
import { type Relay, type RelayOptions, startRelay } from '@tradepost/messaging/relay';
import type { Transport } from '@tradepost/messaging/transport';
import { sql, type Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { Registry } from 'prom-client';

/** What a test starts, on one transport and one database that is outbox and inbox at once; stopped all together. */
export type Harness = {
  readonly kind: Transport['kind'];
  pool: Pool;
  /** Lines that were logged, parsed. */
  logged: LogLine[];
  /** A transport that reaches every other of this harness. In memory that is one and the same. */
  connect(): Transport;
  relay(o?: Partial<RelayOptions>): Relay;
  /** Of the service `order` unless said otherwise. */
  consumer(o: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'handlers'>): Promise<Consumer>;
  /** Ids of the events that took effect, in order; one that did twice is there twice. */
  effects(): Promise<string[]>;
  /** Waits until each of these events has taken effect, and there is nothing left to publish. */
  settled(events: readonly CloudEvent[]): Promise<void>;
  stop(): Promise<void>;
};

export type LogLine = { level: number; msg: string; [key: string]: unknown };

export const migrations = new URL('./migrations/', import.meta.url);

/** `broker`: the URL of a RabbitMQ, or `memory:`. */
// Long: the parts of one test setup
export function createHarness(broker: string, pool: Pool): Harness {
  const logged: LogLine[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const transports: Transport[] = [];
  const started: { stop(): Promise<void> }[] = [];
  const inMemory = broker === 'memory:';

  function connect(): Transport {
    const [shared] = transports;
    if (inMemory && shared) return shared;
    const made = inMemory
      ? createInMemoryTransport({ log })
      : createRabbitTransport({ url: broker, name: 'test', log });
    transports.push(made);
    return made;
  }

  const harness: Harness = {
    kind: inMemory ? 'memory' : 'rabbitmq',
    pool,
    logged,
    connect,
    relay: (o = {}) => {
      const relay = startRelay({ pool, transport: o.transport ?? connect(), log, metrics: new Registry(), ...o });
      started.push(relay);
      return relay;
    },
    consumer: async (o) => {
      const defaults = { service: 'order', pool, log, metrics: new Registry(), retry: quick };
      const consumer = await startConsumer({ ...defaults, transport: o.transport ?? connect(), ...o });
      started.push(consumer);
      return consumer;
    },
    effects: async () => {
      const { rows } = await pool.query<{ event_id: string }>({ text: 'select event_id from effect order by id' });
      return rows.map((row) => row.event_id);
    },
    settled: async (events) => {
      const wanted = events.map(({ id }) => id);
      await until(
        async () => {
          const done = new Set(await harness.effects());
          return wanted.every((id) => done.has(id)) && (await outboxSize(pool)) === 0;
        },
        { what: 'every event to take effect' },
      );
    },
    stop: async () => {
      await Promise.all(started.map((one) => one.stop()));
      await Promise.all(transports.map((one) => one.close()));
    },
  };
  return harness;
}

/** Retries that do not make a test wait. */
export const quick = { attempts: 4, backoff: { firstMs: 5, maxMs: 20 } };

/** An event that goes to `order`; its subject names it in messages. */
export function toOrder(subject = uuidv7()): CloudEvent<'stock.reservation-expired.v1'> {
  const data = { orderId: uuidv7(), expiredAt: new Date().toISOString() };
  return newEvent({ source: 'test', type: 'stock.reservation-expired.v1', subject, data });
}

/** An event that goes to `product`. */
export function toProduct(): CloudEvent<'order.placed.v1'> {
  const unitPrice = { amount: 100, currency: 'EUR' };
  const data = {
    ...{ orderId: uuidv7(), customerId: uuidv7(), placedAt: new Date().toISOString(), total: unitPrice },
    lines: [{ sku: 'MUG', quantity: 1, unitPrice, priceVersion: 1 }],
  };
  return newEvent({ source: 'test', type: 'order.placed.v1', subject: data.orderId, data });
}

const insertEffect = sql(
  'test.effect',
  'insert into effect (event_id, subject) select * from unnest($1::uuid[], $2::text[])',
);

/** The effect of an event. */
export async function takeEffect(tx: Tx, events: readonly CloudEvent[]): Promise<void> {
  await tx.query(insertEffect([events.map(({ id }) => id), events.map(({ subject }) => subject)]));
}

/** Commits events to the outbox. */
export async function write(pool: Pool, ...events: CloudEvent<EventType>[]): Promise<void> {
  await pool.transaction((tx) => outbox.add(tx, events));
}

export async function outboxSize(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>({ text: 'select count(*)::int as n from outbox' });
  return rows[0]?.n ?? 0;
}

/** Empties every table, between tests. */
export async function clear(pool: Pool): Promise<void> {
  await pool.query({ text: 'truncate outbox, inbox, dead_letter, effect' });
}

/** What a test opens with its own hands. */
export function gate(): { open(): void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}
