import { describe, expect, it } from 'vitest';
import { allFaultKinds, targetsOf } from '../src/faults/kinds.ts';
import { makePlan } from '../src/faults/plan.ts';
import { createRandom } from '../src/random.ts';

const surroundings = { replicas: 2, brokerNodes: 3 };
const planOf = (seed: number, durationMs?: number) =>
  makePlan(createRandom(seed), allFaultKinds, { ...surroundings, durationMs });

describe('a plan', () => {
  it('follows from its seed, and another seed gives another', () => {
    expect(planOf(1)).toEqual(planOf(1));
    expect(planOf(1)).not.toEqual(planOf(2));
  });

  it('holds every fault there is, once', () => {
    const { faults } = planOf(3);
    const wanted = allFaultKinds.flatMap((kind) => targetsOf(kind, surroundings).map((target) => `${kind} ${target}`));
    expect(faults.map(({ kind, target }) => `${kind} ${target}`).sort()).toEqual(wanted.sort());
    expect(new Set(wanted).size).toBe(wanted.length);
    expect(wanted).toContain('kill api-gateway-2');
    expect(wanted).toContain('postgres order');
  });

  it('lets them happen in order, within the time that there is', () => {
    const { faults, durationMs } = planOf(4, 700_000);
    expect(durationMs).toBe(700_000);
    const times = faults.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThan(700_000);
  });

  it('loses no node of a broker that has one only', () => {
    expect(targetsOf('broker-node', { replicas: 2, brokerNodes: 1 })).toEqual([]);
  });
});

describe('randomness with a seed', () => {
  it('is the same for the same seed and purpose, independent of other draws', () => {
    const [one, other] = [createRandom(7), createRandom(7)];
    other.next();
    expect(one.fork('load').int(0, 1e9)).toBe(other.fork('load').int(0, 1e9));
    expect(one.fork('load').next()).not.toBe(one.fork('plan').next());
  });

  it('shuffles without losing anything, and stays within bounds', () => {
    const random = createRandom(8);
    const list = Array.from({ length: 50 }, (_, n) => n);
    const shuffled = random.shuffle(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
    const drawn = list.flatMap(() => [random.int(3, 5), random.int(3, 5)]);
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5]));
  });
});
