import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames } from '@tradepost/testing/deployment';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import type { TestRabbit } from '@tradepost/testing/rabbitmq';
import { sharedResource } from '@tradepost/testing/shared-resources';
import { defaultsForSlowMachines, scaledMs } from '@tradepost/testing/time-limits';
import { pino } from 'pino';
import { type ChaosResult, runChaos } from '../src/chaos-run.ts';
import { startCluster } from '../src/cluster/cluster-harness.ts';
import type { Infrastructure } from '../src/cluster/infrastructure.ts';
import type { PlannedFault } from '../src/faults/plan.ts';
import { createRandom } from '../src/random.ts';
import type { Guard } from '../src/sabotage/guards.ts';
import { sabotageOptions } from '../src/sabotage/wiring.ts';
import type { Behaviour } from '../src/workload/workload.ts';

/**
 * How much longer it takes on a slow machine. It gets as many visits, further apart: they begin at times that do not depend on the services,
 * so what it cannot keep up with would pile up without end.
 */
const LONGER = scaledMs(1000) / 1000;

/** A short proof on the databases and the broker that all tests share. */
export async function runShortly(
  rabbit: TestRabbit,
  o: {
    /** Those that are switched off. */
    guards?: readonly Guard[];
    faults?: Omit<PlannedFault, 'seed'>[];
    seconds: number;
    rate: number;
    replicas?: number;
    behaviour?: Partial<Behaviour> | undefined;
    bans?: boolean;
    patienceMs: number;
  },
): Promise<ChaosResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tradepost-prove-test-'));
  const log = pino({ level: 'error' });
  const { infrastructure, drop } = await sharedInfrastructure(rabbit);
  try {
    const cluster = await startCluster({
      infrastructure,
      folder,
      log,
      bundles: await sharedResource('bundles'),
      replicas: o.replicas ?? 1,
      settings: defaultsForSlowMachines,
      ...sabotageOptions(o.guards ?? []),
    });
    try {
      const faults = (o.faults ?? []).map((fault) => ({ ...fault, atMs: fault.atMs * LONGER, seed: 1 }));
      const orders = o.seconds * o.rate;
      return await runChaos({
        ...{ cluster, random: createRandom(1), rate: o.rate / LONGER, orders, expectedOrders: orders, shoppers: 4 },
        planFor: () => ({ faults, durationMs: o.seconds * 1000 * LONGER }),
        ...{ behaviour: slowedDown(o.behaviour), bans: o.bans ?? false, patienceMs: o.patienceMs * LONGER },
        ...{ signal: new AbortController().signal, onProgress: () => undefined },
      });
    } finally {
      await cluster.stop();
    }
  } finally {
    await drop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function slowedDown(behaviour: Partial<Behaviour> = {}): Partial<Behaviour> {
  const { couponRaceEveryMs, stockRaceEveryMs } = behaviour;
  return {
    ...behaviour,
    ...(couponRaceEveryMs !== undefined && { couponRaceEveryMs: couponRaceEveryMs * LONGER }),
    ...(stockRaceEveryMs !== undefined && { stockRaceEveryMs: stockRaceEveryMs * LONGER }),
  };
}

async function sharedInfrastructure(
  rabbit: TestRabbit,
): Promise<{ infrastructure: Infrastructure; drop: () => Promise<void> }> {
  const url = new URL(rabbit.anotherUrl());
  const databases: TestDatabase[] = [];
  const made: [string, string][] = [];
  for (const service of serviceNames) {
    const database = await testDatabase(new URL(`../../services/${service}/migrations/`, import.meta.url));
    databases.push(database);
    made.push([service, database.url]);
  }
  const infrastructure: Infrastructure = {
    // as: it has the keys of `serviceNames`.
    databaseUrls: Object.fromEntries(made) as Infrastructure['databaseUrls'],
    brokerPorts: [Number(url.port)],
    namespace: url.searchParams.get('namespace') ?? '',
    nodes: [],
    stop: async () => undefined,
  };
  return {
    infrastructure,
    drop: async () => {
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}
