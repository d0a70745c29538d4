import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckName } from '../src/audit/audit.ts';
import type { ChaosResult } from '../src/chaos-run.ts';
import { behaviours, type Guard } from '../src/sabotage/guards.ts';
import { runShortly } from './short-run.ts';

const rabbit = await rabbitForTests();

const found = ({ findings }: ChaosResult): CheckName[] =>
  findings.filter(({ problems }) => problems.length > 0).map(({ check }) => check);

/** What each guard is there for, provoked; and the checks that must find out when it is not there. */
const provocations: Record<Guard, Omit<Parameters<typeof runShortly>[1], 'guard'> & { caughtBy: CheckName[] }> = {
  inbox: {
    faults: [{ kind: 'duplicate', target: 'messages', atMs: 300 }],
    ...{ seconds: 4, rate: 15, patienceMs: 10_000 },
    caughtBy: ['answered'],
  },
  outbox: {
    faults: [{ kind: 'kill', target: 'order-1', atMs: 2000 }],
    ...{ seconds: 3, rate: 30, patienceMs: 5000 },
    caughtBy: ['announced'],
  },
  'conditional-stock': {
    ...{ seconds: 3, rate: 30, replicas: 2, patienceMs: 10_000 },
    caughtBy: ['stock'],
  },
  idempotency: {
    faults: [{ kind: 'vanish', target: 'services (answers)', atMs: 500 }],
    ...{ seconds: 3, rate: 20, patienceMs: 10_000 },
    caughtBy: ['once-per-key'],
  },
  'payment-key': {
    ...{ seconds: 3, rate: 10, patienceMs: 10_000 },
    caughtBy: ['charges'],
  },
  'lock-reads': {
    ...{ seconds: 4, rate: 10, patienceMs: 10_000 },
    caughtBy: ['lines'],
  },
  'cart-close': {
    ...{ seconds: 3, rate: 10, patienceMs: 10_000 },
    caughtBy: ['carts'],
  },
  confirm: {
    faults: [{ kind: 'vanish', target: 'broker', atMs: 800 }],
    ...{ seconds: 3, rate: 20, patienceMs: 5000 },
    caughtBy: ['announced'],
  },
};

describe.skipIf(!rabbit)('the audit', () => {
  afterAll(() => rabbit?.drop());

  it.each(Object.entries(provocations))('finds out that there is no %s', async (guard, o) => {
    if (!rabbit) return;
    // as: the keys are the guards.
    const result = await runShortly(rabbit, { ...o, guard: guard as Guard, behaviour: behaviours[guard as Guard] });
    expect(found(result)).toEqual(expect.arrayContaining(o.caughtBy));
  });

  it('finds nothing when all of that happens and every guard is there', async () => {
    if (!rabbit) return;
    const faults = Object.values(provocations).flatMap((provocation) => provocation.faults ?? []);
    const result = await runShortly(rabbit, {
      faults: faults.map((fault, n) => ({ ...fault, atMs: 500 + n * 1000 })),
      ...{ seconds: 8, rate: 10, replicas: 2, patienceMs: 45_000 },
      behaviour: { tokens: { ok: 6, declined: 1, flaky: 3 }, scarce: 0.5, handled: 0.4 },
    });
    expect(result.findings.flatMap(({ problems }) => problems)).toEqual([]);
    expect(result.injected.map(({ failure }) => failure)).toEqual(faults.map(() => undefined));
    expect(result.requestLog.unexpected).toEqual([]);
    expect(result.requestLog.acknowledged.size).toBeGreaterThanOrEqual(80);
  });
});
