import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { coldStarts, referenceStarts } from './cold-start.ts';
import type { Progress } from './context.ts';
import type { Deployment } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import { startsOf } from './results.ts';

const SETTLE_MS = 3000;

/** What services cost when nobody asks, and how fast they start. */
export async function measureAtRest(
  deployment: Deployment,
  infrastructure: Infrastructure,
  { times, onProgress, quick }: { times: number; onProgress: Progress; quick: boolean },
) {
  onProgress('cold starts');
  const starts = await coldStarts(deployment, times);
  const referenceColdStartMs = await referenceStarts(
    infrastructure.postgres.url(deployment.database('product')),
    times,
  );
  onProgress('at rest');
  await sleep(quick ? 500 : SETTLE_MS);
  const idleMemoryMiB = byService((service) => deployment.memory(service));
  const ownMemoryMiB = byService((service) => deployment.ownMemory(service));
  const restMs = quick ? 1000 : 10_000;
  const before = byService((service) => deployment.cpu(service));
  await sleep(restMs);
  const idle = byService((service) => ((deployment.cpu(service) - before[service]) * 1000) / restMs);
  const all = Object.values(idle).reduce((sum, one) => sum + one, 0);
  return {
    ...startsOf(starts),
    referenceColdStartMs,
    idleMemoryMiB,
    ownMemoryMiB,
    idleCpuMsPerSecond: { ...idle, all },
  };
}

function byService(read: (service: ServiceName) => number): Record<ServiceName, number> {
  const entries = serviceNames.map((service) => [service, read(service)]);
  // as: it has the keys of `serviceNames`.
  return Object.fromEntries(entries) as Record<ServiceName, number>;
}

const LOOK_MS = 250;

/** Keeps the most memory that each service was seen to hold. */
export function watchMemory(deployment: Deployment) {
  const most = byService(() => 0);
  const look = () => {
    for (const service of serviceNames) most[service] = Math.max(most[service], deployment.memory(service));
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}
