import type { TestRabbit } from '@tradepost/testing/rabbitmq';
import { expect, it } from 'vitest';
import type { CheckName } from '../src/audit/audit.ts';
import type { Problem } from '../src/audit/system-under-audit.ts';
import type { ChaosResult } from '../src/chaos-run.ts';
import type { Guard } from '../src/sabotage/guards.ts';
import { runShortly } from './short-run.ts';

/** What a check finds: its name, and what the problem means to a shop. */
type Detection = `${CheckName}: ${Problem['kind']}`;

export type SabotagedRun = Omit<Parameters<typeof runShortly>[1], 'guards'> & {
  /** The guards that are switched off, each with what must be found because of it. */
  foundBy: Partial<Record<Guard, Detection>>;
};

/**
 * Guards that are switched off together, since to start the services costs more than the load of a run. A guard may join a run only if what
 * must be found because of it is not found while it alone is in place; otherwise the test may pass because of another guard. That was
 * tried for each guard of `races` and `repetitions`. It showed, too, which may not be together:
 *
 * | check       | trips without                                                    | so                                          |
 * | ----------- | ---------------------------------------------------------------- | ------------------------------------------- |
 * | `ledger`    | `webhook-inbox`; `payment-key`, by the second charge             | these two are in different runs             |
 * | `stock`     | `conditional-stock`: oversold; `lock-reads`: mismatched          | only what is oversold counts                |
 * | `announced` | `outbox`, `confirm`                                              | each has a run of its own                   |
 */
export const sabotagedRuns = {
  races: {
    ...{ seconds: 4, rate: 15, replicas: 2, patienceMs: 10_000 },
    behaviour: {
      tokens: { ok: 3, flaky: 1 },
      lowStock: 0,
      carts: 0.4,
      handled: 0.6,
      coupons: 0,
      couponRaceEveryMs: 400,
      stockRaceEveryMs: 900,
    },
    foundBy: {
      'payment-key': 'charges: doubled',
      'lock-reads': 'lines: wronglySent',
      'cart-close': 'carts: lost',
      'promotion-lock': 'promotions: oversold',
      'conditional-stock': 'stock: oversold',
    },
  },
  repetitions: {
    faults: [
      { kind: 'duplicate', target: 'messages', atMs: 300 },
      // Once the services are warm, so that many orders are under way.
      { kind: 'vanish', target: 'services (answers)', atMs: 7500 },
    ],
    ...{ seconds: 4, rate: 10, patienceMs: 10_000 },
    // Whoever waits for a quote orders nothing while answers vanish.
    behaviour: { carts: 0, quoted: 0 },
    foundBy: {
      inbox: 'answered: doubled',
      idempotency: 'once-per-key: doubled',
      'webhook-inbox': 'ledger: mismatched',
      'mail-inbox': 'mails: doubled',
    },
  },
  'lost memory': {
    // By then, orders have come so far that what is lost of them is not announced again.
    faults: [{ kind: 'kill', target: 'order-1', atMs: 6000 }],
    ...{ seconds: 6, rate: 8, patienceMs: 5000 },
    behaviour: { tokens: { ok: 1 }, lowStock: 0, carts: 0, handled: 0, coupons: 0 },
    foundBy: { outbox: 'announced: lost' },
  },
  'lost messages': {
    faults: [{ kind: 'vanish', target: 'broker', atMs: 800 }],
    ...{ seconds: 3, rate: 20, patienceMs: 5000 },
    foundBy: { confirm: 'announced: lost' },
  },
} as const satisfies Record<string, SabotagedRun>;

const found = ({ findings }: ChaosResult): Set<Detection> =>
  new Set(findings.flatMap(({ check, problems }) => problems.map(({ kind }): Detection => `${check}: ${kind}`)));

// as: these are the keys of an object of ours.
export const guardsOf = ({ foundBy }: SabotagedRun): Guard[] => Object.keys(foundBy) as Guard[];

/** A race is won by chance: what one run does not provoke, another run has to. */
const MOST_RUNS = 5;

/** Tests that the audit misses each guard of these runs. Runs in several files are made side by side. */
export function testSabotage(rabbit: TestRabbit | undefined, names: readonly (keyof typeof sabotagedRuns)[]): void {
  it.each(names)('finds out which guards are not there: %s', async (name) => {
    if (!rabbit) return;
    const run: SabotagedRun = sabotagedRuns[name];
    const { foundBy, ...o } = run;
    let missed = Object.entries(foundBy);
    const detected: string[] = [];
    for (let runs = 0; missed.length > 0 && runs < MOST_RUNS; runs++) {
      const detections = found(await runShortly(rabbit, { ...o, guards: guardsOf(run) }));
      missed = missed.filter(([, detection]) => !detections.has(detection));
      detected.push([...detections].join(', '));
    }
    expect(missed, `found: ${detected.join('; and then: ')}`).toEqual([]);
  });
}
