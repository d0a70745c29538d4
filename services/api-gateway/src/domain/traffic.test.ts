import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countRequest, emptyTraffic, LATENCY_BUCKETS, LATENCY_ENDS, percentile } from './traffic.ts';

const of = (...latencies: number[]) => {
  const traffic = emptyTraffic();
  for (const one of latencies) countRequest(traffic, 200, one);
  return traffic;
};

describe('counting', () => {
  test('distinguishes what was refused from what failed', () => {
    const traffic = emptyTraffic();
    for (const status of [200, 304, 404, 429, 500, 503]) countRequest(traffic, status, 4);
    expect(traffic).toMatchObject({ requests: 6, refused: 2, failed: 2 });
    expect(traffic.latency.reduce((sum, one) => sum + one)).toBe(6);
  });

  test('leaves out of the latencies what waited on request', () => {
    const traffic = emptyTraffic();
    countRequest(traffic, 201, undefined);
    expect([traffic.requests, percentile(traffic.latency, 0.5)]).toEqual([1, null]);
  });

  test('has a bucket for every latency', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (latency) => {
        const { latency: counts } = of(latency);
        expect(counts).toHaveLength(LATENCY_BUCKETS);
        expect(counts.reduce((sum, one) => sum + one)).toBe(1);
      }),
    );
  });
});

describe('a percentile', () => {
  test('lies in the bucket of the answer that it is about', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 12_000, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (latencies, share) => {
          const exact = latencies.toSorted((a, b) => a - b)[Math.ceil(share * latencies.length) - 1] ?? 0;
          const end = LATENCY_ENDS.find((one) => exact <= one) ?? 10_000;
          const start = LATENCY_ENDS.findLast((one) => one < Math.min(exact, 10_000)) ?? 0;
          const found = percentile(of(...latencies).latency, share);
          // Told to a tenth of a millisecond.
          expect(found).toBeGreaterThanOrEqual(start);
          expect(found).toBeLessThanOrEqual(end);
        },
      ),
    );
  });
});
