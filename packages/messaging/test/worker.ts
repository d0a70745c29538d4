import { parseArgs } from 'node:util';
import { startConsumer } from '@tradepost/messaging/consumer';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq-transport';
import { startRelay } from '@tradepost/messaging/relay';
import type { Transport } from '@tradepost/messaging/transport';
import type { Statement } from '@tradepost/postgres/db';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { takeEffect } from './harness.ts';

/** A process with a relay and a consumer, which says `paused` and goes no further at a point where it is to be killed. */
const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    broker: { type: 'string', default: '' },
    pause: { type: 'string', default: 'nowhere' },
  },
});

const log = pino({ level: 'silent' });
const pool = createPool({ url: values.database, name: 'worker', log, ...poolLimitsForSlowMachines });
const transport =
  values.broker === 'memory:'
    ? createInMemoryTransport({ log })
    : createRabbitTransport({ url: values.broker, name: 'worker', log, ...poolLimitsForSlowMachines });

function pauseHere(): Promise<never> {
  process.stdout.write('paused\n');
  return new Promise(() => {});
}

await startConsumer({
  service: 'order',
  pool,
  transport: values.pause === 'before ack' ? withoutAcks(transport) : transport,
  log,
  metrics: new Registry(),
  handlers: {
    'stock.reservation-expired.v1': async (tx, events) => {
      await takeEffect(tx, events);
      if (values.pause === 'before commit') await pauseHere();
    },
  },
});
startRelay({
  pool: values.pause === 'before delete' ? withoutDeletes(pool) : pool,
  transport,
  log,
  metrics: new Registry(),
});

/** Deliveries whose acknowledgement is never sent. */
function withoutAcks(inner: Transport): Transport {
  return {
    ...inner,
    subscribe: (o, deliver) =>
      inner.subscribe(o, (deliveries) =>
        deliver(deliveries.map((delivery) => ({ ...delivery, ack: () => void pauseHere() }))),
      ),
  };
}

/** Connections on which nothing is ever deleted. */
function withoutDeletes(inner: Pool): Pool {
  return {
    ...inner,
    dedicated: async () => {
      const client = await inner.dedicated();
      const query: typeof client.query = (statement) => (deletes(statement) ? pauseHere() : client.query(statement));
      return { ...client, query };
    },
  };
}

/** What reads the outbox deletes along the way what has been confirmed by then. */
function deletes({ name, text, values }: Statement): boolean {
  const [, confirmed] = name === 'relay.read' ? (values ?? []) : [];
  return text.startsWith('delete') || (Array.isArray(confirmed) && confirmed.length > 0);
}
