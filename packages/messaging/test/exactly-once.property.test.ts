import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import type { Delivery, Transport } from '@tradepost/messaging/transport';
import type { Tx } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';
import { DatabaseUnavailable } from '@tradepost/postgres/unavailable';
import { testDatabase } from '@tradepost/testing/postgres';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { clear, createHarness, migrations, takeEffect, toOrder, write } from './harness.ts';

const database = await testDatabase(migrations);
const { pool } = database;

afterAll(() => database.drop());

/** What befalls one event. */
type Fate = {
  /** The transaction that writes it is given up at first, and done again. */
  writeAborted: boolean;
  /** It is delivered so many times more. */
  duplicates: number;
  /** Its handler throws so many times, after it has written. */
  handlerFailures: number;
  /** The answer to the commit that handled it is lost so many times. */
  commitsLost: number;
  /** It is given back by so many deliveries, as if their consumer had died. */
  givenBack: number;
  /** The publisher does not get to know that it was published, so many times. */
  confirmsLost: number;
  /** Where it is put among the deliveries that come together with it. */
  place: number;
};

const few = fc.nat({ max: 2 });
const fates = fc.array(
  fc.record<Fate>({
    writeAborted: fc.boolean(),
    duplicates: few,
    handlerFailures: few,
    commitsLost: few,
    givenBack: few,
    confirmsLost: few,
    place: fc.nat(),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Counts down, per event, how often something is still to happen. */
function plan(events: readonly CloudEvent[], list: readonly Fate[], what: keyof Omit<Fate, 'writeAborted'>) {
  const left = new Map(events.map((event, i) => [event.id, list[i]?.[what] ?? 0]));
  return (id: string): boolean => {
    const n = left.get(id) ?? 0;
    left.set(id, n - 1);
    return n > 0;
  };
}

function idOf(delivery: Delivery): string {
  return (delivery.body as CloudEvent).id;
}

/** The memory transport, with everything that a network and a broker may do short of losing a confirmed event. */
function unreliable(events: readonly CloudEvent[], list: readonly Fate[]): Transport {
  const inner = createInMemoryTransport({ log: pino({ level: 'silent' }) });
  const confirmLost = plan(events, list, 'confirmsLost');
  const giveBack = plan(events, list, 'givenBack');
  const fate = new Map(events.map((event, i) => [event.id, list[i]]));
  const copies = (delivery: Delivery): Delivery[] => {
    const copy = { ...delivery, lostDeliveries: 1, ack: () => {}, requeue: () => {} };
    return [delivery, ...Array.from({ length: fate.get(idOf(delivery))?.duplicates ?? 0 }, () => copy)];
  };
  return {
    ...inner,
    publish: (batch) =>
      inner.publish(batch).map(async (outcome, i) => {
        const confirmed = await outcome;
        return confirmed && !confirmLost(batch[i]?.id ?? '');
      }),
    subscribe: (o, deliver) =>
      inner.subscribe(o, (deliveries) => {
        const [lost, kept] = [[] as Delivery[], [] as Delivery[]];
        for (const delivery of deliveries) (giveBack(idOf(delivery)) ? lost : kept).push(delivery);
        for (const delivery of lost) delivery.requeue();
        const place = (delivery: Delivery) => fate.get(idOf(delivery))?.place ?? 0;
        deliver(kept.flatMap(copies).sort((a, b) => place(a) - place(b)));
      }),
  };
}

/** A pool whose commits sometimes take effect without the caller getting to know. */
function forgetful(inner: Pool, commitLost: (id: string) => boolean): Pool {
  return {
    ...inner,
    transaction: async (work, options) => {
      let ids: readonly string[] = [];
      const result = await inner.transaction(async (tx) => {
        const query: Tx['query'] = (statement) => {
          if (statement.text.startsWith('insert into inbox')) ids = (statement.values?.[0] ?? []) as string[];
          return tx.query(statement);
        };
        return work({ ...tx, query });
      }, options);
      // Asked for each of them: `some` alone would stop at the first.
      if (ids.map(commitLost).some(Boolean)) {
        throw new DatabaseUnavailable('The answer was lost', { cause: undefined, outcomeUnknown: true });
      }
      return result;
    },
  };
}

test('with any order of aborts, losses, repeats, returns and reordering, each event takes effect exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(fates, async (list) => {
      await clear(pool);
      const events = list.map(() => toOrder());
      const transport = unreliable(events, list);
      const failing = plan(events, list, 'handlerFailures');
      const harness = createHarness('memory:', pool);
      try {
        await harness.consumer({
          transport,
          pool: forgetful(pool, plan(events, list, 'commitsLost')),
          lingerMs: 0,
          retry: { attempts: 1_000, backoff: { firstMs: 1, maxMs: 2 } },
          handlers: {
            'stock.reservation-expired.v1': async (tx, batch) => {
              await takeEffect(tx, batch);
              if (batch.map(({ id }) => failing(id)).some(Boolean)) throw new Error('crash');
            },
          },
        });
        const soon = { firstMs: 2, maxMs: 10 };
        const relay = harness.relay({ transport, lingerMs: 0, poll: soon, hold: soon });
        for (const [i, event] of events.entries()) {
          if (list[i]?.writeAborted) await expect(abortedWrite(event)).rejects.toThrow('given up');
          await write(pool, event);
          relay.wake();
        }
        await harness.settled(events);
      } finally {
        await harness.stop();
        await transport.close();
      }
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    }),
    { numRuns: 40 },
  );
});

function abortedWrite(event: CloudEvent): Promise<void> {
  return pool.transaction(async (tx) => {
    await tx.query({ text: 'insert into outbox (event) values ($1)', values: [JSON.stringify(event)] });
    throw new Error('given up');
  });
}
