import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type ServiceName, serviceNames } from '../bundles.ts';
import type { Deployment } from '../deployment.ts';

export type Attack = { name: string; run: (signal: AbortSignal) => Promise<string> };

const READS_PER_SECOND = 50;
/** How long is read without the attack, and at least beside it. */
const READ_MS = 15_000;
const ATTACK_LIMIT_MS = 1_800_000;

/** Reads one product without the attack and beside it; answers a row of the table. */
export async function measureAttack(deployment: Deployment, attack: Attack, path: string): Promise<string> {
  // The client that reads and the one that attacks share the services, but no connection.
  const reader = new Agent({ connections: 4 });
  const url = deployment.gatewayUrl + path;
  const baselineEnd = performance.now() + READ_MS;
  const without = await readWhile(reader, url, () => performance.now() > baselineEnd);
  const memory = watchMemory(deployment);
  let isOver = false;
  const attackEnd = performance.now() + READ_MS;
  const outcome = attack
    .run(AbortSignal.timeout(ATTACK_LIMIT_MS))
    .catch((err) => `failed: ${err instanceof Error ? err.message : String(err)}`)
    .finally(() => {
      isOver = true;
    });
  const beside = await readWhile(reader, url, () => isOver && performance.now() > attackEnd);
  const columns = [
    attack.name,
    ...[`${without.p99.toFixed(0)} ms`, `${beside.p99.toFixed(0)} ms`, (beside.p99 / without.p99).toFixed(1)],
    ...[String(beside.failed), memory.end(), await outcome],
  ];
  await reader.close();
  return `| ${columns.join(' | ')} |`;
}

/** Latencies of reads at a fixed rate until `isOver`, and how many failed. */
async function readWhile(reader: Agent, url: string, isOver: () => boolean): Promise<{ p99: number; failed: number }> {
  const latencies: number[] = [];
  const running = new Set<Promise<void>>();
  let failed = 0;
  while (!isOver()) {
    const one: Promise<void> = readOnce(reader, url)
      .then((ms) => void latencies.push(ms))
      .catch(() => void failed++)
      .finally(() => running.delete(one));
    running.add(one);
    await sleep(1000 / READS_PER_SECOND);
  }
  await Promise.all(running);
  latencies.sort((a, b) => a - b);
  return { p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN, failed };
}

async function readOnce(reader: Agent, url: string): Promise<number> {
  const startedAt = performance.now();
  const { statusCode, body } = await request(url, { dispatcher: reader });
  await body.dump();
  if (statusCode !== 200) throw new Error(`GET ${url} answered ${statusCode}`);
  return performance.now() - startedAt;
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
