import { connect, createServer, type Server, type Socket } from 'node:net';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { startBroadcast } from '@tradepost/messaging/broadcast';
import { getDeadLetter, listDeadLetters } from '@tradepost/messaging/dead-letters';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq-transport';
import { testDatabase } from '@tradepost/testing/postgres';
import { ownRabbit } from '@tradepost/testing/rabbitmq';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { Connection } from 'rabbitmq-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, createHarness, type Harness, migrations, outboxSize, takeEffect, toOrder, write } from './harness.ts';

const rabbit = await ownRabbit();
const database = await testDatabase(migrations);
const { pool } = database;
const handlers = { 'stock.reservation-expired.v1': takeEffect };
let harness: Harness;
let url: string;

afterAll(async () => {
  await database.drop();
  await rabbit?.drop();
});

/** Writes 20 events at a time for as long as `meanwhile` goes on, and returns all of them. */
async function stream(meanwhile: () => Promise<void>): Promise<CloudEvent[]> {
  const events: CloudEvent[] = [];
  const relay = harness.relay();
  let done = false;
  const faults = meanwhile().finally(() => {
    done = true;
  });
  while (!done) {
    const some = Array.from({ length: 20 }, () => toOrder());
    await write(pool, ...some);
    relay.wake();
    events.push(...some);
    await until(async () => done || (await outboxSize(pool)) < 500);
  }
  await faults;
  return events;
}

function sorted(events: readonly CloudEvent[]): string[] {
  return events.map(({ id }) => id).sort();
}

describe.skipIf(!rabbit)('RabbitMQ', () => {
  // The suite is skipped without a broker, which the compiler cannot know.
  const broker = rabbit as NonNullable<typeof rabbit>;

  beforeEach(async () => {
    await clear(pool);
    await broker.start();
    url = broker.anotherUrl();
    harness = createHarness(url, pool);
  });
  afterEach(() => harness.stop());

  test('restarted and killed in the middle of a stream: nothing is lost, nothing doubled', async () => {
    await harness.consumer({ handlers });
    const events = await stream(async () => {
      await until(async () => (await harness.effects()).length > 100);
      await broker.halt();
      await broker.start();
      const afterRestart = (await harness.effects()).length;
      await until(async () => (await harness.effects()).length > afterRestart + 100);
      await broker.kill();
      await broker.start();
    });
    await harness.settled(events);
    expect((await harness.effects()).sort()).toEqual(sorted(events));
    expect((await listDeadLetters(pool, { limit: 1 })).items).toEqual([]);
    // Said once for each time that it was unavailable, and not for every attempt.
    const complaints = harness.logged.filter(({ msg }) => msg.startsWith('relay: the broker is unavailable'));
    expect(complaints.length).toBeGreaterThan(0);
    expect(complaints.length).toBeLessThanOrEqual(4);
  });

  test('unavailable from the beginning: everything waits, and goes out when it comes', async () => {
    await broker.kill();
    const events = [toOrder(), toOrder()];
    await write(pool, ...events);
    const transport = harness.connect();
    harness.relay({ transport });
    await harness.consumer({ handlers, transport });
    expect(transport.ready()).toBe(false);
    await until(() => harness.logged.some(({ msg }) => msg.startsWith('relay: the broker is unavailable')));
    expect(await outboxSize(pool)).toBe(2);
    await broker.start();
    await harness.settled(events);
    await until(() => transport.ready());
    expect(harness.logged.some(({ msg }) => msg === 'relay: publishing resumed')).toBe(true);
  });

  test('closes the connections by force: consumers subscribe again, and a gap is reported', async () => {
    const heard: string[] = [];
    const transport = harness.connect();
    await harness.consumer({ handlers, transport });
    const log = pino({ level: 'silent' });
    await startBroadcast({ service: 'api-gateway', transport, log, handlers: {}, onGap: () => heard.push('gap') });
    await until(() => transport.ready());
    expect(heard).toEqual(['gap']);
    await broker.ctl('close_all_connections', 'test');
    await until(() => heard.length === 2);
    const event = toOrder();
    await write(pool, event);
    harness.relay();
    await harness.settled([event]);
  });

  test('short of memory: publishing waits, and goes on when there is some', async () => {
    await harness.consumer({ handlers });
    const relay = harness.relay();
    const first = toOrder();
    await write(pool, first);
    relay.wake();
    await harness.settled([first]);
    await broker.ctl('set_vm_memory_high_watermark', '0.000001');
    const event = toOrder();
    await write(pool, event);
    relay.wake();
    await until(() => harness.logged.some(({ msg }) => msg.includes('short of resources')));
    expect(await outboxSize(pool)).toBe(1);
    await broker.ctl('set_vm_memory_high_watermark', '0.4');
    await harness.settled([event]);
    expect(await harness.effects()).toEqual([first.id, event.id]);
  });

  test('gives up on a message that nobody survives: it is stored for an operator', async () => {
    const crashing = harness.connect();
    let deliveries = 0;
    const subscription = await crashing.subscribe({ service: 'order', prefetch: 10 }, (list) => {
      for (const delivery of list) {
        if (delivery.deliveryLimitReason === undefined) deliveries++;
        delivery.requeue();
      }
    });
    const event = toOrder();
    await write(pool, event);
    harness.relay();
    await until(() => deliveries > 50);
    await subscription.close();
    await harness.consumer({ handlers });
    const letter = await until(() => getDeadLetter(pool, event.id));
    expect(letter).toMatchObject({ type: event.type, attempts: 0, event });
    expect(letter.error).toContain('Given up by the broker: every process');
    expect(await harness.effects()).toEqual([]);
  });

  test('a message that is no event becomes a dead letter, and what follows is handled', async () => {
    const transport = harness.connect();
    await harness.consumer({ handlers, transport });
    await until(() => transport.ready());
    const other = new Connection(broker.url);
    const queue = `${new URL(url).searchParams.get('namespace')}.order`;
    const publisher = other.createPublisher({ confirm: true });
    const unknown = { ...toOrder(), type: 'stock.vanished.v9' };
    await publisher.send(queue, 'no JSON \0 at all');
    await publisher.send(queue, 'no JSON \0 at all');
    await publisher.send(queue, { hello: 'world' });
    await publisher.send(queue, unknown);
    const good = toOrder();
    await publisher.send(queue, good);
    await publisher.close();
    await other.close();
    await harness.settled([good]);
    const letters = await until(async () => {
      const { items } = await listDeadLetters(pool, { limit: 10 });
      return items.length === 3 ? items : undefined;
    });
    const reasons = letters.map(({ error }) => error).sort();
    expect(reasons[0]).toContain('Not a valid event: / must have required properties');
    expect(reasons[1]).toBe('Not a valid event: not JSON, or not an object');
    expect(reasons[2]).toBe('Unknown event type stock.vanished.v9');
    expect(letters.find(({ eventId }) => eventId === unknown.id)?.event).toEqual(unknown);
  });

  test('has lost a queue: it is declared again, and nothing that was published meanwhile is lost', async () => {
    const relay = harness.relay();
    const event = toOrder();
    await write(pool, event);
    relay.wake();
    await until(async () => (await outboxSize(pool)) === 0);
    const queue = `${new URL(url).searchParams.get('namespace')}.order`;
    const other = new Connection(broker.url);
    await other.queueDelete(queue);
    await other.close();
    const next = toOrder();
    await write(pool, next);
    relay.wake();
    await harness.consumer({ handlers });
    await harness.settled([next]);
  });

  test('is reached through the first of several hosts that answers', async () => {
    const { hostname, port, search } = new URL(url);
    const silent = pino({ level: 'silent' });
    const transport = createRabbitTransport({
      url: `amqp://guest:guest@127.0.0.1:1,127.0.0.1:2,${hostname}:${port}/${search}`,
      name: 'test',
      log: silent,
    });
    try {
      await until(() => transport.ready());
      expect(await Promise.all(transport.publish([encodeEvent(toOrder())]))).toEqual([true]);
    } finally {
      await transport.close();
    }
  });

  test('refuses the password: that is said without repeating it, and the rest waits', async () => {
    const wrong = new URL(url);
    wrong.password = 'top-secret';
    const refused = createHarness(wrong.href, pool);
    try {
      refused.connect();
      await until(() => refused.logged.some(({ msg }) => msg.startsWith('rabbitmq: no connection')));
      expect(refused.connect().ready()).toBe(false);
      expect(JSON.stringify(refused.logged)).not.toContain('top-secret');
    } finally {
      await refused.stop();
    }
  });

  test('falls silent without closing the connection: that is noticed', async () => {
    const proxy = await startProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(proxy.port);
    const log = pino({ level: 'silent' });
    const transport = createRabbitTransport({ url: through.href, name: 'test', log, heartbeatSeconds: 1 });
    try {
      await harness.consumer({ handlers, transport });
      harness.relay({ transport });
      const first = toOrder();
      await write(pool, first);
      await harness.settled([first]);
      proxy.freeze();
      const second = toOrder();
      await write(pool, second);
      await until(() => !transport.ready());
      proxy.thaw();
      await harness.settled([second]);
      expect(await harness.effects()).toEqual([first.id, second.id]);
    } finally {
      await harness.stop();
      await transport.close();
      proxy.close();
    }
  });
});

/** Passes bytes on to the broker until it is frozen; connections that were open then stay silent for ever. */
async function startProxy(to: number) {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => other.destroy());
      from.on('close', () => other.destroy());
    }
    near.pipe(far);
    far.pipe(near);
    if (frozen) near.pause();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    thaw: () => {
      frozen = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
