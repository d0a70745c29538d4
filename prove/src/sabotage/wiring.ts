import path from 'node:path';
import type { ServiceName } from '@tradepost/testing/deployment';
import type { ClusterOptions } from '../cluster/cluster-harness.ts';
import { disableGuard } from './databases.ts';
import { type Guard, guardsInProcesses } from './guards.ts';

/** What makes a cluster one without this guard; nothing for a whole one. */
export function sabotageOptions(guard: Guard | undefined): Pick<ClusterOptions, 'entry' | 'prepare'> {
  if (!guard) return {};
  const sabotaged = path.join(import.meta.dirname, 'service.ts');
  const entry = (service: ServiceName) => {
    const isConcerned = service === 'order' || service === 'product';
    return isConcerned && guardsInProcesses.has(guard) ? [sabotaged, service, guard] : undefined;
  };
  return { entry, prepare: (pools) => disableGuard(guard, pools) };
}
