// Long: one harness for all cases of delivery

import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { startBroadcast } from '@tradepost/messaging/broadcast';
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from '@tradepost/messaging/dead-letters';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent } from '@tradepost/postgres/outbox';
import { createPool } from '@tradepost/postgres/pool';
import { DatabaseUnavailable } from '@tradepost/postgres/unavailable';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { testDatabase } from '@tradepost/testing/postgres';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  clear,
  createHarness,
  gate,
  type Harness,
  migrations,
  outboxSize,
  quick,
  takeEffect,
  toOrder,
  toProduct,
  write,
} from './harness.ts';

const silent = pino({ level: 'silent' });
const rabbit = await rabbitForTests();
const database = await testDatabase(migrations);
const { pool } = database;
let harness: Harness;

afterAll(async () => {
  await database.drop();
  await rabbit?.drop();
});

const handlers = { 'stock.reservation-expired.v1': takeEffect };

/** Handlers that fail for events with this subject. */
function failingFor(subject: string, fail: () => void) {
  return {
    'stock.reservation-expired.v1': async (tx: Tx, events: CloudEvent<'stock.reservation-expired.v1'>[]) => {
      await takeEffect(tx, events);
      if (events.some((event) => event.subject === subject)) fail();
    },
  };
}

const transports = [
  { kind: 'memory' as const, broker: () => 'memory:', skip: false },
  { kind: 'rabbitmq' as const, broker: () => rabbit?.anotherUrl() ?? '', skip: !rabbit },
];

describe.for(transports)('over $kind', ({ broker, skip }) => {
  describe.skipIf(skip)('events', () => {
    beforeEach(async () => {
      await clear(pool);
      harness = createHarness(broker(), pool);
    });
    afterEach(() => harness.stop());

    test('take effect once each, in batches, and leave the outbox', async () => {
      const batches: number[] = [];
      await harness.consumer({
        handlers: {
          'stock.reservation-expired.v1': async (tx, events) => {
            batches.push(events.length);
            await takeEffect(tx, events);
          },
        },
      });
      const events = Array.from({ length: 250 }, () => toOrder());
      await write(pool, ...events);
      const relay = harness.relay();
      await harness.settled(events);
      expect(await harness.effects()).toEqual(events.map(({ id }) => id));
      expect(Math.max(...batches)).toBeGreaterThan(1);
      expect(Math.max(...batches)).toBeLessThanOrEqual(100);

      const late = toOrder();
      await write(pool, late);
      relay.wake();
      await harness.settled([late]);
    });

    test('that wait for their subscriber are counted, where the transport keeps them', async () => {
      const events = [toOrder(), toOrder(), toOrder()];
      await write(pool, ...events);
      const transport = harness.connect();
      harness.relay({ transport });
      if (harness.kind === 'memory') {
        expect(await transport.depth('order')).toBeUndefined();
        return;
      }
      const depth = () => transport.depth('order').catch(() => undefined);
      await until(async () => (await depth())?.waiting === 3);
      expect(await depth()).toEqual({ waiting: 3, consumers: 0 });
      expect(await transport.depth('nobody')).toBeUndefined();
      await harness.consumer({ handlers });
      await until(async () => JSON.stringify(await depth()) === '{"waiting":0,"consumers":1}');
    });

    test('that arrive twice, together or apart, take effect once', async () => {
      await harness.consumer({ handlers });
      const transport = harness.connect();
      await until(() => transport.ready());
      const events = [toOrder(), toOrder(), toOrder()];
      const twice = [...events, ...events.toReversed()];
      expect(await Promise.all(transport.publish(twice.map(encodeEvent)))).toEqual(twice.map(() => true));
      expect(await Promise.all(transport.publish(events.map(encodeEvent)))).toEqual(events.map(() => true));
      const last = toOrder();
      await Promise.all(transport.publish([encodeEvent(last)]));
      await harness.settled([last, ...events]);
      expect((await harness.effects()).sort()).toEqual([last, ...events].map(({ id }) => id).sort());
    });

    test('written while their subscriber has never run wait for it', async () => {
      const events = [toOrder(), toOrder()];
      await write(pool, ...events);
      harness.relay();
      const other = toProduct();
      await write(pool, other);
      const seen: string[] = [];
      await harness.consumer({
        service: 'product',
        handlers: { 'order.placed.v1': async (_, list) => void seen.push(...list.map(({ id }) => id)) },
      });
      // What has no running subscriber does not hold up what has one.
      await until(() => seen.includes(other.id));
      await harness.consumer({ handlers });
      await harness.settled(events);
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    });

    test('of a type without a handler are acknowledged, and so are those nobody listens to', async () => {
      await harness.consumer({ handlers: {} });
      const unheard = newEvent({
        source: 'test',
        type: 'stock.released.v1',
        subject: uuidv7(),
        data: { orderId: uuidv7(), lines: [] },
      });
      await write(pool, toOrder(), unheard);
      harness.relay();
      await until(async () => (await outboxSize(pool)) === 0);
      expect(await harness.effects()).toEqual([]);
    });

    test('that fail do not stop their batch; they are retried, then dead-lettered with the error', async () => {
      let attempts = 0;
      await harness.consumer({
        handlers: failingFor('poison', () => {
          attempts++;
          throw new TypeError('cannot digest this');
        }),
      });
      const [good, poison, alsoGood] = [toOrder(), toOrder('poison'), toOrder()];
      await write(pool, good, poison, alsoGood);
      harness.relay();
      await harness.settled([good, alsoGood]);
      const letter = await until(() => getDeadLetter(pool, poison.id));
      expect(letter).toMatchObject({ type: poison.type, attempts: 4, event: poison });
      expect(letter.error).toContain('TypeError: cannot digest this');
      // One attempt as part of the batch, if they came as one, and four alone.
      expect(attempts).toBeGreaterThanOrEqual(4);
      expect(await harness.effects()).not.toContain(poison.id);
      await until(async () => (await outboxSize(pool)) === 0);
    });

    test('that fail for a while take effect once', async () => {
      let failures = 3;
      await harness.consumer({
        handlers: failingFor('flaky', () => {
          if (failures-- > 0) throw new Error('not now');
        }),
      });
      const events = [toOrder(), toOrder('flaky'), toOrder()];
      await write(pool, ...events);
      harness.relay();
      await harness.settled(events);
      expect(await harness.effects()).toHaveLength(3);
      expect((await listDeadLetters(pool, { limit: 10 })).items).toEqual([]);
    });

    test('that meet a passing error are tried again without counting, and hold up nothing', async () => {
      let passing = 20;
      await harness.consumer({
        retry: { ...quick, attempts: 1 },
        handlers: failingFor('contended', () => {
          if (passing-- > 0)
            throw new DatabaseUnavailable('Lock not available', { cause: undefined, outcomeUnknown: false });
        }),
      });
      const contended = toOrder('contended');
      const [before, after] = [toOrder(), toOrder()];
      await write(pool, before, contended, after);
      harness.relay();
      await harness.settled([before, after, contended]);
      expect((await harness.effects()).at(-1)).toBe(contended.id);
      expect((await listDeadLetters(pool, { limit: 1 })).items).toEqual([]);
    });

    test('that are refused are dead-lettered without another attempt', async () => {
      await harness.consumer({
        handlers: failingFor('refused', () => {
          throw new ProblemError('unprocessable', 'No such thing');
        }),
      });
      const refused = toOrder('refused');
      await write(pool, refused);
      harness.relay();
      const letter = await until(() => getDeadLetter(pool, refused.id));
      expect(letter.attempts).toBe(1);
      expect(letter.error).toContain('No such thing');
    });

    test('with data that breaks the schema are dead-lettered at once, and the others go on', async () => {
      await harness.consumer({ handlers });
      const good = toOrder();
      const bad = { ...toOrder(), data: { orderId: 'no id', expiredAt: 'never' } };
      await write(pool, bad, good);
      harness.relay();
      await harness.settled([good]);
      const letter = await until(() => getDeadLetter(pool, bad.id));
      expect(letter).toMatchObject({ attempts: 0, event: bad });
      expect(letter.error).toContain('/orderId must match format "uuid"');
    });

    test('can be inspected, replayed and discarded once dead-lettered', async () => {
      let broken = true;
      const repaired = failingFor('poison', () => {
        if (broken) throw new ProblemError('unprocessable', 'Broken');
      });
      await harness.consumer({ handlers: repaired });
      const events = Array.from({ length: 3 }, () => toOrder('poison'));
      await write(pool, ...events);
      harness.relay();
      await until(async () => (await listDeadLetters(pool, { limit: 10 })).items.length === 3);

      const first = await listDeadLetters(pool, { limit: 2 });
      const second = await listDeadLetters(pool, { limit: 2, after: first.next });
      expect([...first.items, ...second.items].map(({ eventId }) => eventId).sort()).toEqual(
        events.map(({ id }) => id).sort(),
      );
      expect(second.next).toBeUndefined();

      const [again, discarded] = events.map(({ id }) => id);
      if (!again || !discarded) throw new Error('there are three');
      await expect(replayDeadLetter({ pool, handlers: repaired }, again)).rejects.toThrow('Broken');
      expect(await getDeadLetter(pool, again)).toBeDefined();
      broken = false;
      expect(await replayDeadLetter({ pool, handlers: repaired }, again)).toBe('handled');
      expect(await replayDeadLetter({ pool, handlers: repaired }, again)).toBe('not_found');
      expect(await harness.effects()).toEqual([again]);
      expect(await discardDeadLetter(pool, discarded)).toBe(true);
      expect(await discardDeadLetter(pool, discarded)).toBe(false);
      expect(await harness.effects()).toEqual([again]);
    });

    test('being handled when the consumer stops are finished, and the rest is left for the next one', async () => {
      const begun = gate();
      const finish = gate();
      const first = await harness.consumer({
        batchSize: 1,
        lingerMs: 0,
        handlers: {
          'stock.reservation-expired.v1': async (tx, events) => {
            begun.open();
            await finish.opened;
            await takeEffect(tx, events);
          },
        },
      });
      const events = Array.from({ length: 20 }, () => toOrder());
      await write(pool, ...events);
      harness.relay();
      await begun.opened;
      const stopped = first.stop();
      finish.open();
      await stopped;
      const done = await harness.effects();
      expect(done).toHaveLength(1);
      await harness.consumer({ handlers });
      await harness.settled(events);
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    });

    test('carry their trace to the handler', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      let carried: string | undefined;
      await harness.consumer({
        handlers: {
          'stock.reservation-expired.v1': async (_, [event]) => {
            carried = event?.traceparent;
          },
        },
      });
      await write(pool, { ...toOrder(), traceparent });
      harness.relay();
      await until(() => carried);
      expect(carried).toBe(traceparent);
    });

    test('that are broadcast reach every instance, after a gap has been reported', async () => {
      const heard: string[][] = [[], []];
      for (const list of heard) {
        await startBroadcast({
          service: 'api-gateway',
          transport: harness.connect(),
          log: silent,
          onGap: () => list.push('gap'),
          handlers: { 'session.revoked.v1': (event) => list.push(event.data.sessionId) },
        });
      }
      await until(() => heard.every((list) => list.includes('gap')));
      const revoked = newEvent({
        source: 'test',
        type: 'session.revoked.v1',
        subject: 's1',
        data: { sessionId: 's1', accountId: uuidv7() },
      });
      // A broadcast is heard from when the queue stands, which is a moment after the gap is reported.
      const transport = harness.connect();
      await until(() => transport.ready());
      await until(async () => {
        await Promise.all(transport.publish([encodeEvent(revoked)]));
        return heard.every((list) => list.includes('s1'));
      });
      expect(heard.map(([first]) => first)).toEqual(['gap', 'gap']);
    });

    test('that cannot be published are left in the outbox and hold up nothing', async () => {
      await harness.consumer({ handlers });
      const good = toOrder();
      await pool.query({ text: `insert into outbox (event) values ('"no event"'), ('{"type": 7}')` });
      await write(pool, good);
      harness.relay();
      await until(async () => (await harness.effects()).includes(good.id));
      await until(async () => (await outboxSize(pool)) === 2);
      expect(harness.logged.filter(({ msg }) => msg.includes('can never be published'))).toHaveLength(2);
    });

    test('are counted, and so is what waits in the outbox', async () => {
      const metrics = new Registry();
      await write(pool, toOrder(), toOrder('refused'));
      harness.relay({ metrics });
      expect(await metrics.getSingleMetricAsString('tradepost_outbox_events')).toContain('tradepost_outbox_events 2');
      await harness.consumer({
        metrics,
        handlers: failingFor('refused', () => {
          throw new ProblemError('unprocessable', 'No');
        }),
      });
      const lines = [
        'tradepost_outbox_events 0',
        'tradepost_outbox_oldest_seconds 0',
        'tradepost_dead_letters 1',
        'tradepost_events_handled_total{type="stock.reservation-expired.v1"} 1',
        'tradepost_events_parked_total{type="stock.reservation-expired.v1"} 1',
        'tradepost_events_published_total{type="stock.reservation-expired.v1"} 2',
      ];
      await until(async () => {
        const text = await metrics.metrics();
        return lines.every((line) => text.includes(line));
      });
    });

    test('are published by a standby once the leader stops or loses its connection', async () => {
      await harness.consumer({ handlers });
      const otherPool = createPool({ url: database.url, name: 'other', log: silent, ...poolLimitsForSlowMachines });
      try {
        const leader = harness.relay();
        await until(() => leader.leads());
        // It looks by itself once an hour: what it publishes as a standby's leader, it was told of.
        const standby = harness.relay({ pool: otherPool, poll: { firstMs: 3_600_000, maxMs: 3_600_000 } });
        const third = harness.relay();
        expect([standby.leads(), third.leads()]).toEqual([false, false]);
        await leader.stop();
        const next = await until(() => [standby, third].find((relay) => relay.leads()));
        expect([standby, third].filter((relay) => relay.leads())).toHaveLength(1);
        const killed = await pool.query({
          text: `select pg_terminate_backend(pid) from pg_locks
                 where locktype = 'advisory' and granted and pid <> pg_backend_pid()
                   and database = (select oid from pg_database where datname = current_database())`,
        });
        expect(killed.rowCount).toBe(1);
        const event = toOrder();
        await write(pool, event);
        next.wake();
        await harness.settled([event]);
        expect(await harness.effects()).toEqual([event.id]);
      } finally {
        await harness.stop();
        await otherPool.end();
      }
    });

    test('committed by an instance that stands by are published at once by the leader', async () => {
      await harness.consumer({ handlers });
      const leader = harness.relay({ poll: { firstMs: 3_600_000, maxMs: 3_600_000 } });
      await until(() => leader.leads());
      const standby = harness.relay();
      const event = toOrder();
      await write(pool, event);
      standby.wake();
      await harness.settled([event]);
      expect(standby.leads()).toBe(false);
    });
  });
});
