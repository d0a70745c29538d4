import { setTimeout as pause } from 'node:timers/promises';
import { topology } from '@tradepost/contracts/topology';
import { batchKey } from '@tradepost/messaging/rabbit-batches';
import { rabbitTopology } from '@tradepost/messaging/rabbit-topology';
import type { Logger } from 'pino';
import type { Connection } from 'rabbitmq-client';
import type { Random } from '../random.ts';

/** Steps between the exchange and the queues of the services: every message passes late, in another order, and often twice. */
export type MessageScrambler = {
  /** Does so for `ms`, and then until everything that it holds has been passed on; answers how many messages it passed on. */
  run(ms: number, random: Random): Promise<{ events: number; copies: number }>;
};

type Held = { body: Buffer; routingKey: string; contentType: string; id: string; passed: () => void };

/** What a queue is bound to the exchange with. */
type Route = { queue: string; routingKey: string };

const queueOptions = { durable: true, arguments: { 'x-queue-type': 'quorum' } } as const;
const TURN_MS = 150;
/** Share of the events that come a second time, a turn or more later. */
const DOUBLED = 0.5;

export function createMessageScrambler(broker: Connection, namespace: string, log: Logger): MessageScrambler {
  const { exchange, queues, batched } = rabbitTopology(topology, namespace);
  const routes = queues.flatMap(({ name, batchName, types }) =>
    types.flatMap((type): Route[] => [
      { queue: name, routingKey: type },
      ...(batched.has(type) ? [{ queue: batchName, routingKey: batchKey(type) }] : []),
    ]),
  );
  const routingKeys = new Set(routes.map(({ routingKey }) => routingKey));
  const queue = `${namespace}.scrambler`;
  const publisher = broker.createPublisher({ confirm: true, maxAttempts: 10 });

  /** Straight into the queues of those who listen for it. */
  async function pass({ body, routingKey, contentType, id }: Held): Promise<void> {
    const envelope = { messageId: id, durable: true, contentType };
    const listeners = routes.filter((route) => route.routingKey === routingKey);
    await Promise.all(listeners.map(({ queue: to }) => publisher.send({ ...envelope, routingKey: to }, body)));
  }

  return {
    async run(ms, random) {
      const taken: Held[] = [];
      await broker.queueDeclare({ queue, ...queueOptions });
      for (const routingKey of routingKeys) await broker.queueBind({ exchange, queue, routingKey });
      const consumer = broker.createConsumer(
        { queue, queueOptions, qos: { prefetchCount: 500 }, concurrency: 500 },
        (message) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          const body = Buffer.isBuffer(message.body) ? message.body : Buffer.from(JSON.stringify(message.body));
          const { routingKey, contentType = '', messageId: id = '' } = message;
          taken.push({ body, routingKey, contentType, id, passed: resolve });
          // Acknowledged once it has been passed on.
          return promise;
        },
      );
      consumer.on('error', (err) => log.warn({ err }, 'the tampering was interrupted'));
      for (const route of routes) await broker.queueUnbind({ exchange, ...route });
      let shuffling: Awaited<ReturnType<typeof shuffleFor>> | undefined;
      try {
        shuffling = await shuffleFor(ms, random, taken, pass);
      } finally {
        for (const route of routes) await broker.queueBind({ exchange, ...route });
        for (const routingKey of routingKeys) await broker.queueUnbind({ exchange, queue, routingKey });
      }
      await drain(shuffling, async () => (await broker.queueDeclare({ queue, passive: true })).messageCount);
      await consumer.close();
      await broker.queueDelete(queue);
      return shuffling.counts();
    },
  };
}

type Pass = (event: Held) => Promise<void>;

/** Passes on what was taken, in turns, for `ms`; answers how to go on. */
async function shuffleFor(ms: number, random: Random, taken: Held[], pass: Pass) {
  let [events, copies] = [0, 0];
  let later: Held[] = [];
  const turn = async () => {
    const batch = random.shuffle([...taken.splice(0), ...later]);
    const again = batch.filter((one) => !later.includes(one) && random.chance(DOUBLED));
    copies += later.length;
    events += batch.length - later.length;
    await Promise.all(batch.map(pass));
    for (const one of batch) one.passed();
    later = again;
  };
  for (const until = performance.now() + ms; performance.now() < until; ) {
    await pause(TURN_MS);
    await turn();
  }
  return { turn, isEmpty: () => taken.length === 0 && later.length === 0, counts: () => ({ events, copies }) };
}

/** Two looks in a row: an acknowledgement may be on its way. */
async function drain(
  shuffling: { turn(): Promise<void>; isEmpty(): boolean },
  countQueued: () => Promise<number>,
): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    await pause(TURN_MS);
    await shuffling.turn();
    quiet = (await countQueued()) === 0 && shuffling.isEmpty() ? quiet + 1 : 0;
  }
}
