import { describe, expect, it } from 'vitest';
import type { InjectedFault } from '../src/faults/schedule.ts';
import { figuresOf } from '../src/report/figures.ts';
import { pageOf } from '../src/report/page.ts';
import { percentile, requestsOf, spreadOf } from '../src/report/request-figures.ts';
import { tableOf } from '../src/report/table.ts';
import { bucketsOf } from '../src/report/timeline.ts';
import { newRequestLog, type Sample } from '../src/workload/request-log.ts';

const sample = (startedMs: number, o: Partial<Sample> = {}): Sample => ({
  ...{ kind: 'order', startedMs, tookMs: 20, attempts: 1, answeredAtOnce: true, answered: true },
  ...o,
});
const failed = { answeredAtOnce: false, attempts: 2, firstFailure: { reason: '503', endedMs: 1600 } };

describe('a percentile', () => {
  it('is the value that so many in a hundred do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
    expect([1, 50, 95, 99, 100].map((p) => percentile(hundred, p))).toEqual([1, 50, 95, 99, 100]);
    expect(percentile([7], 50)).toBe(7);
    expect(percentile([1, 2, 3], 50)).toBe(2);
    expect(percentile([], 99)).toBe(0);
  });

  it('does not care about the order', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ p50: 20, p95: 30, p99: 30, max: 30 });
  });
});

describe('availability', () => {
  it('is the share of requests whose first attempt was answered', () => {
    const samples = [sample(0), sample(1, failed), sample(2, { ...failed, answered: false }), sample(3)];
    expect(requestsOf(samples)).toEqual({ total: 4, failed: 2, failedInTheEnd: 1, availability: 0.5 });
    expect(requestsOf([]).availability).toBe(1);
  });
});

const fault: InjectedFault = {
  ...{ kind: 'postgres', target: 'order', startedMs: 1000, endedMs: 2000, note: 'recovered', failure: undefined },
};

function figures(o: { samples?: Sample[]; problems?: number; failure?: string; unexpected?: string[] } = {}) {
  const problems = Array.from({ length: o.problems ?? 0 }, () => ({
    ...{ kind: 'lost', subject: 'order 1', what: 'order <1> is & was "lost"' },
  })) as { kind: 'lost'; subject: string; what: string }[];
  return figuresOf({
    requestLog: { ...newRequestLog(), samples: o.samples ?? [], unexpected: o.unexpected ?? [] },
    injected: [{ ...fault, failure: o.failure }],
    findings: [{ check: 'settled', says: 'every order is there', problems }],
    ...{ accepted: 3, ends: { confirmed: 2, pending: 1 }, decidedMs: spreadOf([5]) },
    mails: { sent: 12, repeated: 1 },
    run: { seed: 1, rate: 5, capacity: 12.5, seconds: 3, sabotage: null, machine: 'this', command: 'npm run prove' },
  });
}

describe('figures', () => {
  it('count to a fault what was begun or under way while it lasted, and just after', () => {
    const inside = [sample(980, { tookMs: 40 }), sample(1500, failed), sample(2900)];
    const outside = [sample(500), sample(3100)];
    const [during] = figures({ samples: [...inside, ...outside] }).faults;
    expect(during?.requests).toMatchObject({ total: 3, failed: 1 });
    expect(during?.byKind.order).toMatchObject({ total: 3, failed: 1 });
  });

  it('hold only if no check, no fault and no answer went wrong', () => {
    expect(figures().verdict).toBe('held');
    expect(figures({ problems: 1 }).verdict).toBe('violated');
    expect(figures({ failure: 'it did not end' }).verdict).toBe('violated');
    expect(figures({ unexpected: ['GET / → 404'] }).verdict).toBe('violated');
  });

  it('count an order that several checks complain about once', () => {
    expect(figures({ problems: 3 }).orders).toMatchObject({ accepted: 3, settled: 2, lost: 1, doubled: 0 });
  });
});

describe('what is printed', () => {
  it('names the fault, the check and what is wrong', () => {
    const text = tableOf(figures({ samples: [sample(1500, failed)], problems: 2 }));
    expect(text).toMatch(/postgres +order +1\.0 s +1\.0 s +1 +1 +0 +0\.000 %/);
    expect(text).toContain('NOT SO, 2 times');
    expect(text).toMatch(/postgres order +1 +100\.000 % {2}1 order: 503/);
    expect(text).toMatch(
      /VIOLATED\n.*40 % of the 12\.5 measured; seed 1\n.*2 lost|VIOLATED\n.*40 % of the 12\.5 measured; seed 1\n.*1 lost/,
    );
    expect(text).toMatch(/0\.000 % at the first attempt \(objective 99\.900 %: NOT MET\); 0 never answered$/);
  });

  it('is a page that loads nothing, and in which nothing from outside is markup', () => {
    const samples = Array.from({ length: 300 }, (_, n) => sample(n * 10, n % 50 === 0 ? failed : {}));
    const moments = [0, 1000, 2000].map((atMs) => ({ atMs, undecided: atMs === 1000 ? undefined : 4 }));
    const page = pageOf(figures({ samples, problems: 1 }), bucketsOf(samples, moments, 3000));
    expect(page).toContain('order &lt;1&gt; is &amp; was &quot;lost&quot;');
    expect(page).not.toMatch(/<script|<link|src=|https?:/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the timeline', () => {
  it('puts every sample where it began, and leaves a gap where nobody could look', () => {
    const samples = [sample(100), sample(900), sample(1100, { answered: false, ...failed })];
    const buckets = bucketsOf(
      samples,
      [
        { atMs: 0, undecided: 2 },
        { atMs: 1000, undecided: undefined },
      ],
      2000,
    );
    expect(buckets).toMatchObject([
      { begun: 2, accepted: 2, failed: 0, undecided: 2, p50: 20 },
      { begun: 1, accepted: 0, failed: 1, inVain: 1, undecided: undefined, p50: undefined },
    ]);
  });
});
