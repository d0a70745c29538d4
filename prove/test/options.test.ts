import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from '../src/options.ts';

const read = (...args: string[]) => readOptions(args, () => 77);

describe('the command line', () => {
  it('needs nothing', () => {
    expect(read()).toEqual({
      ...{ seed: 77, rate: undefined, orders: undefined, durationMs: undefined, faults: undefined },
      ...{ json: undefined, report: undefined, sabotage: undefined },
    });
  });

  it('is read', () => {
    const args = [
      '--seed',
      '5',
      '--orders=2000',
      '--duration',
      '60',
      '--faults',
      'kill,broker,kill',
      '--sabotage',
      'inbox',
    ];
    expect(read(...args)).toMatchObject({
      ...{ seed: 5, orders: 2000, durationMs: 60_000, faults: ['kill', 'broker'], sabotage: 'inbox' },
    });
    expect(read('--faults', 'none')).toMatchObject({ faults: [] });
    expect(read('--help')).toBeUndefined();
  });

  it.each([
    ['--orders', 'many'],
    ['--orders', '0'],
    ['--rate', '-1'],
    ['--seed', '1.5'],
    ['--faults', 'kill,rain'],
    ['--sabotage', 'rain'],
    ['--rain'],
    ['rain'],
    ['--json'],
  ])('is refused, with a reason: %s %s', (...args) => {
    expect(() => read(...args.filter((arg) => arg !== undefined))).toThrow(UsageError);
  });
});
