import { describe, expect, it } from 'vitest';
import { possibleQuantities } from '../src/audit/carts.ts';
import type { LineWrite } from '../src/workload/request-log.ts';

describe('what a cart may hold', () => {
  const write = (startedMs: number, quantity: number, o: Partial<LineWrite> = {}): LineWrite => ({
    ...{ attempts: 1, outcome: 'acknowledged', startedMs, endedMs: startedMs + 10, sku: 'MUG', quantity },
    ...o,
  });
  const possible = (...writes: LineWrite[]) => [...possibleQuantities(writes, [{ startedMs: 1000, endedMs: 2000 }])];

  it('is what was written last, or any of what was written at once', () => {
    expect(possible()).toEqual([0]);
    expect(possible(write(0, 1), write(20, 2))).toEqual([2]);
    expect(possible(write(0, 1), write(5, 2))).toEqual([1, 2]);
  });

  it('may be what nobody answered, and nothing if nothing was acknowledged', () => {
    const unknown = { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY } as const;
    expect(possible(write(0, 1, unknown))).toEqual([1, 0]);
    expect(possible(write(0, 1, unknown), write(20, 2))).toEqual([1, 2]);
  });

  it('may be what was sent again, or met a fault, for a while after its end', () => {
    expect(possible(write(0, 1, { attempts: 2 }), write(20, 2))).toEqual([1, 2]);
    expect(possible(write(1500, 1), write(1600, 2))).toEqual([1, 2]);
    expect(possible(write(0, 1, { attempts: 2 }), write(20_000, 2))).toEqual([2]);
  });
});
