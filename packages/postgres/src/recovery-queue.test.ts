import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { createRecoveryQueue, type RecoveryOptions, type WaitingWork } from './recovery-queue.ts';

/** A queue whose probes are answered by the test, and work that notes what becomes of it. */
function setUp(o: Partial<RecoveryOptions> = {}) {
  const probes: ((err: Error | undefined) => void)[] = [];
  const queue = createRecoveryQueue({ maxWaitMs: 60_000, maxWaiting: 3, probe: (done) => probes.push(done), ...o });
  const outcomes: string[] = [];
  const work = (name: string): WaitingWork => ({
    error: new Error(`refused ${name}`),
    since: performance.now(),
    resume: () => outcomes.push(`${name} resumed`),
    giveUp: (err) => outcomes.push(`${name}: ${err.message}`),
  });
  return { queue, probes, outcomes, work };
}

test('however much work waits, one probe at a time connects, and its success resumes all of the work in order', async () => {
  const { queue, probes, outcomes, work } = setUp();
  for (const name of ['a', 'b', 'c']) queue.wait(work(name));
  await until(() => probes.length === 1);
  probes[0]?.(new Error('still unavailable'));
  await until(() => probes.length === 2);
  expect({ outcomes, size: queue.size() }).toEqual({ outcomes: [], size: 3 });
  probes[1]?.(undefined);
  expect(outcomes).toEqual(['a resumed', 'b resumed', 'c resumed']);
  expect({ waits: queue.isWaiting(), probes: probes.length }).toEqual({ waits: false, probes: 2 });
});

test('a full queue refuses what comes on top at once, with its own error, and the others wait on', async () => {
  const { queue, outcomes, work } = setUp();
  for (const name of ['a', 'b', 'c', 'd']) queue.wait(work(name));
  expect(outcomes).toEqual(['d: refused d']);
  queue.connected();
  expect(outcomes.slice(1)).toEqual(['a resumed', 'b resumed', 'c resumed']);
});

test('work gives up at its own deadline, counted from its first refusal, with the last error of the probe', async () => {
  const { queue, probes, outcomes, work } = setUp({ maxWaitMs: 300 });
  queue.wait(work('a'));
  await until(() => probes.length === 1);
  probes[0]?.(new Error('still unavailable'));
  await until(() => outcomes.length === 1);
  expect(outcomes).toEqual(['a: still unavailable']);
  queue.wait({ ...work('b'), since: performance.now() - 300 });
  expect(outcomes).toEqual(['a: still unavailable', 'b: refused b']);
});

test('a database that stays unavailable keeps nobody waiting any more, until a connection is made', async () => {
  const { queue, outcomes, work } = setUp({ maxWaitMs: 100 });
  await until(() => {
    outcomes.length = 0;
    queue.wait(work('a'));
    return outcomes[0] === 'a: refused a';
  });
  queue.connected();
  outcomes.length = 0;
  queue.wait(work('b'));
  expect({ outcomes, size: queue.size() }).toEqual({ outcomes: [], size: 1 });
  queue.connected();
});
