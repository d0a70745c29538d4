import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { listDeadLetters } from '@tradepost/messaging/dead-letters';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { BATCH_CONTENT_TYPE, bodiesOf } from '@tradepost/messaging/rabbit-batches';
import type { Delivery, Transport } from '@tradepost/messaging/transport';
import type { Tx } from '@tradepost/postgres/db';
import { testDatabase } from '@tradepost/testing/postgres';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { type AsyncMessage, Connection } from 'rabbitmq-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, createHarness, type Harness, migrations, takeEffect, toOrder, write } from './harness.ts';

type Expired = CloudEvent<'stock.reservation-expired.v1'>;

const rabbit = await rabbitForTests();
const database = await testDatabase(migrations);
const { pool } = database;
let harness: Harness;

afterAll(async () => {
  await database.drop();
  await rabbit?.drop();
});

const handlers = { 'stock.reservation-expired.v1': takeEffect };
const several = (n: number) => Array.from({ length: n }, () => toOrder());
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id).sort();

describe.skipIf(!rabbit)('events of one type', () => {
  let url: string;
  let other: Connection;
  let seen: AsyncMessage[];

  beforeEach(async () => {
    await clear(pool);
    url = rabbit?.anotherUrl() ?? '';
    harness = createHarness(url, pool);
    other = new Connection(url.split('?')[0]);
    seen = [];
  });
  afterEach(async () => {
    await harness.stop();
    // Closing it would wait for the channels that the tests have left open.
    other.unsafeDestroy();
  });

  const namespace = () => new URL(url).searchParams.get('namespace') ?? '';

  /** Copies what is published from here on. */
  async function copyMessages(): Promise<void> {
    const channel = await other.acquire();
    const { queue } = await channel.queueDeclare({ queue: '', exclusive: true });
    await channel.queueBind({ exchange: namespace(), queue, routingKey: '#' });
    await channel.basicConsume({ queue, noAck: true }, (message) => void seen.push(message));
  }

  /** A relay that knows that batches are consumed: single events are sent until then. */
  async function relayOfBatches() {
    await copyMessages();
    const relay = harness.relay();
    await until(async () => {
      await write(pool, toOrder());
      relay.wake();
      return seen.some(({ contentType }) => contentType === BATCH_CONTENT_TYPE);
    });
    await harness.settled([]);
    return relay;
  }

  test('share messages of fifty at most, and take effect once each', async () => {
    const transport = harness.connect();
    await harness.consumer({ handlers, transport });
    await until(() => transport.ready());
    const relay = await relayOfBatches();
    const events = several(120);
    await write(pool, ...events);
    relay.wake();
    await harness.settled(events);
    const sizes = seen.map((message) => bodiesOf(message).length).slice(-3);
    expect(sizes).toEqual([50, 50, 20]);
    expect(new Set(await harness.effects()).size).toBe((await harness.effects()).length);
    await until(async () => (await transport.depth('order').catch(() => undefined))?.waiting === 0);
  });

  test('are dead-lettered alone: what is wrong with one does not keep the others of its message from taking effect', async () => {
    const transport = harness.connect();
    const consumer = await harness.consumer({
      transport,
      handlers: {
        'stock.reservation-expired.v1': async (tx: Tx, events: Expired[]) => {
          await takeEffect(tx, events);
          if (events.some(({ subject }) => subject === 'poison')) throw new TypeError('cannot digest this');
        },
      },
    });
    await until(() => transport.ready());
    const relay = await relayOfBatches();
    const good = several(4);
    const poison = toOrder('poison');
    const invalid = { ...toOrder(), data: { orderId: 'no id', expiredAt: 'never' } };
    await write(pool, ...good.slice(0, 2), poison, invalid, ...good.slice(2));
    relay.wake();
    await harness.settled(good);
    const letters = await until(async () => {
      const { items } = await listDeadLetters(pool, { limit: 10 });
      return items.length === 2 ? items : undefined;
    });
    expect(ids(letters.map(({ eventId }) => ({ id: eventId })))).toEqual(ids([poison, invalid]));
    expect(letters.map(({ attempts }) => attempts).sort()).toEqual([0, 4]);
    expect(bodiesOf(seen.at(-1) as AsyncMessage)).toHaveLength(6);
    // Acknowledged as a whole: it does not come again.
    await consumer.stop();
    await until(async () => (await transport.depth('order').catch(() => undefined))?.waiting === 0);
  });

  test('are rejected by the broker in one message past the delivery limit, and only those without effect become dead letters', async () => {
    const crashing = harness.connect();
    let deliveries = 0;
    const subscription = await crashing.subscribe({ service: 'order', prefetch: 10 }, (list) => {
      const isBatch = list.length === 3;
      const isAlive = list.every(({ deliveryLimitReason }) => deliveryLimitReason === undefined);
      if (isBatch && isAlive) deliveries++;
      // The events from before are out of the way; what the broker has given up is left for the consumer.
      for (const delivery of list) if (!isBatch) delivery.ack();
      if (isBatch && isAlive) for (const delivery of list) delivery.requeue();
    });
    await until(() => crashing.ready());
    await copyMessages();
    const relay = harness.relay();
    await until(async () => {
      await write(pool, toOrder());
      relay.wake();
      return seen.some(({ contentType }) => contentType === BATCH_CONTENT_TYPE);
    });
    // An event of the loop that is still in the outbox would be in the message with those that follow.
    await harness.settled([]);
    const events = several(3);
    const [done, ...rest] = events;
    await pool.query({ text: 'insert into inbox (event_id) values ($1)', values: [done?.id] });
    await write(pool, ...events);
    relay.wake();
    await until(() => deliveries > 50);
    await subscription.close();
    await harness.consumer({ handlers });
    const letters = await until(async () => {
      const { items } = await listDeadLetters(pool, { limit: 10 });
      return items.length >= 2 ? items : undefined;
    });
    expect(letters.map(({ eventId }) => eventId).sort()).toEqual(ids(rest));
    expect(letters[0]?.error).toContain('Given up by the broker: every process');
  });

  test('are sent one by one while an instance that knows no batches is the only consumer', async () => {
    const transport = harness.connect();
    const relay = harness.relay({ transport });
    await until(() => transport.ready());
    await copyMessages();
    const before = await other.acquire();
    await before.basicConsume({ queue: `${namespace()}.order`, noAck: true }, () => undefined);
    for (let round = 0; round < 3; round++) {
      const events = several(3);
      await write(pool, ...events);
      relay.wake();
      await until(() => seen.length === 3 * (round + 1));
    }
    expect(new Set(seen.map(({ contentType, routingKey }) => `${routingKey} ${contentType}`))).toEqual(
      new Set(['stock.reservation-expired.v1 application/cloudevents+json']),
    );
  });
});

describe('events whose deliveries were lost again and again', () => {
  test('are handled after the others, each alone', async () => {
    await clear(pool);
    let deliver: (deliveries: Delivery[]) => void = () => undefined;
    const inner = createInMemoryTransport({ log: pino({ level: 'silent' }) });
    const transport: Transport = {
      ...inner,
      subscribe: (o, fn) => {
        deliver = fn;
        return inner.subscribe(o, fn);
      },
    };
    harness = createHarness('memory:', pool);
    const batches: string[][] = [];
    await harness.consumer({
      transport,
      handlers: {
        'stock.reservation-expired.v1': async (tx, events) => {
          batches.push(events.map(({ subject }) => subject));
          await takeEffect(tx, events);
        },
      },
    });
    const events = [3, 0, 3, 2].map((lost, i) => ({ lost, event: toOrder(`${i} lost ${lost}`) }));
    deliver(
      events.map(({ lost, event }) => ({
        ...{ body: event, deliveryLimitReason: undefined, lostDeliveries: lost },
        ...{ ack: () => undefined, requeue: () => undefined },
      })),
    );
    await harness.settled(events.map(({ event }) => event));
    expect(batches[0]).toEqual(['1 lost 0', '3 lost 2']);
    expect(batches.slice(1).sort()).toEqual([['0 lost 3'], ['2 lost 3']]);
    await harness.stop();
  });
});
