import type { TestRabbit } from '@tradepost/testing/rabbitmq';
import { expect, it } from 'vitest';
import type { CheckName } from '../src/audit/audit.ts';
import type { ChaosResult } from '../src/chaos-run.ts';
import { behaviours, type Guard } from '../src/sabotage/guards.ts';
import { runShortly } from './short-run.ts';

const found = ({ findings }: ChaosResult): CheckName[] =>
  findings.filter(({ problems }) => problems.length > 0).map(({ check }) => check);

/** What each guard is there for, provoked; and the checks that must find out when it is not there. */
export const provocations: Record<Guard, Omit<Parameters<typeof runShortly>[1], 'guard'> & { caughtBy: CheckName[] }> =
  {
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
    'promotion-lock': {
      ...{ seconds: 3, rate: 10, replicas: 2, patienceMs: 10_000 },
      caughtBy: ['promotions'],
    },
    'webhook-inbox': {
      ...{ seconds: 3, rate: 10, patienceMs: 15_000 },
      caughtBy: ['ledger'],
    },
    confirm: {
      faults: [{ kind: 'vanish', target: 'broker', atMs: 800 }],
      ...{ seconds: 3, rate: 20, patienceMs: 5000 },
      caughtBy: ['announced'],
    },
  };

/** Which file tests which guards. */
export const guardGroups = {
  messages: ['inbox', 'outbox', 'confirm'],
  orders: ['conditional-stock', 'idempotency', 'payment-key', 'webhook-inbox'],
  carts: ['lock-reads', 'cart-close', 'promotion-lock'],
} as const satisfies Record<string, readonly Guard[]>;

/**
 * Tests that each of these guards is missed by the audit when it is switched off. Each test starts the services anew, so the guards are
 * spread over several files, which run side by side.
 */
export function testSabotage(rabbit: TestRabbit | undefined, guards: readonly Guard[]): void {
  it.each(guards)('finds out that there is no %s', async (guard) => {
    if (!rabbit) return;
    const { caughtBy, ...o } = provocations[guard];
    const result = await runShortly(rabbit, { ...o, guard, behaviour: behaviours[guard] });
    expect(found(result)).toEqual(expect.arrayContaining(caughtBy));
  });
}
