import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames } from '@tradepost/testing/deployment';
import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import type { TestRabbit } from '@tradepost/testing/rabbitmq';
import { pino } from 'pino';
import type { PlannedFault } from '../src/faults/plan.ts';
import type { Appetite } from '../src/load/purchase.ts';
import { type Proof, proveIt } from '../src/prove.ts';
import { createRandom } from '../src/random.ts';
import type { Guard } from '../src/sabotage/guards.ts';
import { wiring } from '../src/sabotage/wiring.ts';
import type { Ground } from '../src/world/ground.ts';
import { openWorld } from '../src/world/world.ts';

/** A short proof on the databases and the broker that all tests share. */
export async function proveShortly(
  rabbit: TestRabbit,
  o: {
    guard?: Guard | undefined;
    faults?: Omit<PlannedFault, 'seed'>[];
    seconds: number;
    rate: number;
    replicas?: number;
    appetite?: Appetite | undefined;
    patienceMs: number;
  },
): Promise<Proof> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tradepost-prove-test-'));
  const log = pino({ level: 'error' });
  const { ground, drop } = await sharedGround(rabbit);
  try {
    const world = await openWorld({ ground, folder, log, replicas: o.replicas ?? 1, ...wiring(o.guard) });
    try {
      const faults = (o.faults ?? []).map((fault) => ({ ...fault, seed: 1 }));
      return await proveIt({
        ...{ world, random: createRandom(1), plan: { faults, durationMs: o.seconds * 1000 }, rate: o.rate },
        ...{ orders: o.seconds * o.rate, shoppers: 4, appetite: o.appetite, patienceMs: o.patienceMs },
        ...{ signal: new AbortController().signal, tell: () => undefined },
      });
    } finally {
      await world.stop();
    }
  } finally {
    await drop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function sharedGround(rabbit: TestRabbit): Promise<{ ground: Ground; drop: () => Promise<void> }> {
  const url = new URL(rabbit.anotherUrl());
  const databases: TestDatabase[] = [];
  const made: [string, string][] = [];
  for (const service of serviceNames) {
    const database = await emptyDatabase();
    databases.push(database);
    made.push([service, database.url]);
  }
  const ground: Ground = {
    // as: it has the keys of `serviceNames`.
    databaseUrls: Object.fromEntries(made) as Ground['databaseUrls'],
    brokerPorts: [Number(url.port)],
    namespace: url.searchParams.get('namespace') ?? '',
    nodes: [],
    stop: async () => undefined,
  };
  return {
    ground,
    drop: async () => {
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}
