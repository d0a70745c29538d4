import path from 'node:path';
import type { ServiceName } from '@tradepost/testing/deployment';
import type { ClusterOptions } from '../cluster/cluster-harness.ts';
import { disableGuard } from './databases.ts';
import { type Guard, guardsInProcesses } from './guards.ts';

/** What makes a cluster one without these guards; nothing for a whole one. */
export function sabotageOptions(guards: readonly Guard[]): Pick<ClusterOptions, 'program' | 'prepare'> {
  if (guards.length === 0) return {};
  const sabotaged = path.join(import.meta.dirname, 'service.ts');
  const inProcesses = guards.filter((guard) => guardsInProcesses.has(guard));
  const program = (service: ServiceName) => {
    const isConcerned = service === 'order' || service === 'product';
    return isConcerned && inProcesses.length > 0 ? [sabotaged, service, ...inProcesses] : undefined;
  };
  return {
    program,
    prepare: async (pools) => {
      for (const guard of guards) await disableGuard(guard, pools);
    },
  };
}
