import { expect, test } from 'vitest';
import { createRandom } from '../src/random.ts';
import type { Fixtures } from '../src/workload/fixtures.ts';
import { runOpenLoop } from '../src/workload/open-loop.ts';
import { newRequestLog } from '../src/workload/request-log.ts';
import { usualBehaviour, type Workload } from '../src/workload/workload.ts';

test('a visit that throws ends the load with its error, instead of the process', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const workload: Workload = {
    get fixtures(): Fixtures {
      throw new Error('There are no fixtures');
    },
    client: async () => {
      throw new Error('There is no shop');
    },
    requestLog: newRequestLog(),
    behaviour: usualBehaviour,
    now: () => performance.now(),
    signal: new AbortController().signal,
  };
  const load = runOpenLoop(workload, createRandom(1), { rate: 200, bans: true, goesOn: () => true });
  await expect(load).rejects.toThrow(/^There (is no shop|are no fixtures)$/);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
