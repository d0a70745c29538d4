import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { markdownRow } from '@tradepost/testing/report/text-tables';
import { type ServiceName, serviceNames } from '../../../images/built-services.ts';
import type { Deployment } from '../deployment.ts';
import type { Latencies } from './reader.ts';

export type Attack = { name: string; run: (signal: AbortSignal) => Promise<string> };

/** How long is read without the attack, and at least beside it. */
const READ_MS = 15_000;
const ATTACK_LIMIT_MS = 1_800_000;

/** Reads one product without the attack and beside it; answers a row of the table. */
export async function measureAttack(deployment: Deployment, attack: Attack, path: string): Promise<string> {
  const url = deployment.gatewayUrl + path;
  const withoutIt = startReader(url);
  await sleep(READ_MS);
  const without = await withoutIt.end();
  const besideIt = startReader(url);
  const memory = watchMemory(deployment);
  const [outcome] = await Promise.all([
    attack
      .run(AbortSignal.timeout(ATTACK_LIMIT_MS))
      .catch((err) => `failed: ${err instanceof Error ? err.message : String(err)}`),
    sleep(READ_MS),
  ]);
  const beside = await besideIt.end();
  return markdownRow([
    attack.name,
    ...[`${without.p99.toFixed(0)} ms`, `${beside.p99.toFixed(0)} ms`, (beside.p99 / without.p99).toFixed(1)],
    ...[String(beside.failed), memory.end(), outcome],
  ]);
}

/** Reads from a thread of its own, so that the time that the attacking client takes does not count. */
function startReader(url: string): { end(): Promise<Latencies> } {
  const worker = new Worker(new URL('./reader.ts', import.meta.url), { workerData: { url } });
  const result = once(worker, 'message');
  return {
    end: async () => {
      worker.postMessage('end');
      // as: the reader sends this and nothing else.
      const [latencies] = (await result) as [Latencies];
      await worker.terminate();
      return latencies;
    },
  };
}

/** Watches how much each service grows beyond what it has now, in MiB of resident memory. */
function watchMemory(deployment: Deployment): { end(): string } {
  const before = new Map(serviceNames.map((name) => [name, deployment.memory(name)]));
  const growth = new Map<ServiceName, number>();
  const timer = setInterval(() => {
    for (const name of serviceNames) {
      const grown = deployment.memory(name) - (before.get(name) ?? 0);
      growth.set(name, Math.max(grown, growth.get(name) ?? 0));
    }
  }, 100);
  return {
    end: () => {
      clearInterval(timer);
      return serviceNames.map((name) => `${name} +${(growth.get(name) ?? 0).toFixed(0)} MiB`).join(', ');
    },
  };
}
