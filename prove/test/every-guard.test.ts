import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { afterAll, describe, expect, it, test } from 'vitest';
import { allGuards } from '../src/sabotage/guards.ts';
import { guardsOf, type SabotagedRun, sabotagedRuns } from './sabotage.ts';
import { runShortly } from './short-run.ts';

test('every guard is switched off by a test', () => {
  expect(Object.values(sabotagedRuns).flatMap(guardsOf).sort()).toEqual([...allGuards].sort());
});

const rabbit = await rabbitForTests();

describe.skipIf(!rabbit)('the audit', () => {
  afterAll(() => rabbit?.drop());

  it('finds nothing when all of that happens and every guard is there', async () => {
    if (!rabbit) return;
    const faults = Object.values<SabotagedRun>(sabotagedRuns).flatMap((run) => run.faults ?? []);
    const result = await runShortly(rabbit, {
      faults: faults.map((fault, n) => ({ ...fault, atMs: 500 + n * 1000 })),
      // Visits go on until the faults are over, which takes twenty seconds.
      ...{ seconds: 8, rate: 7, replicas: 2, patienceMs: 45_000 },
      behaviour: { tokens: { ok: 6, declined: 1, flaky: 2, '3ds': 2 }, lowStock: 0.5, handled: 0.4 },
    });
    const found = result.findings.flatMap(({ check, problems }) =>
      problems.map((one) => JSON.stringify({ check, ...one })),
    );
    expect(found.join('\n')).toBe('');
    expect(result.injected.map(({ failure }) => failure)).toEqual(faults.map(() => undefined));
    expect(result.requestLog.unexpected).toEqual([]);
    const { purchases } = result.requestLog;
    expect(purchases.some(({ guestEmail, orderId }) => guestEmail !== null && orderId !== undefined)).toBe(true);
    expect(purchases.some(({ couponCodes, outcome }) => couponCodes.length > 0 && outcome === 'refused')).toBe(true);
    // As many as were offered, or nearly; on a fast machine many more, since visits go on until the faults are over.
    expect(result.requestLog.acknowledged.size).toBeGreaterThanOrEqual(40);
  });
});
