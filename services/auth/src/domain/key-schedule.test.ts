import { describe, expect, test } from 'vitest';
import { type KeySchedule, nextKey, retiredKeys, signingKey } from './key-schedule.ts';

const hour = 3_600_000;
const schedule: KeySchedule = { rotationMs: 720 * hour, cacheMs: hour, tokenMs: hour / 4 };
const at = (hours: number) => new Date(hours * hour);
const key = (id: string, hours: number) => ({ id, signsFrom: at(hours) });

describe('signingKey', () => {
  test('is the latest whose time has come', () => {
    const keys = [key('b', 720), key('a', 0)];
    expect(signingKey(keys, at(719.9))?.id).toBe('a');
    expect(signingKey(keys, at(720))?.id).toBe('b');
  });

  test('is the first there is, when none has', () => {
    expect(signingKey([key('b', 720), key('a', 10)], at(1))?.id).toBe('a');
    expect(signingKey([], at(1))).toBeUndefined();
  });

  test('is the same everywhere when two are of one moment', () => {
    expect(signingKey([key('b', 0), key('a', 0)], at(1))?.id).toBe('b');
    expect(signingKey([key('a', 0), key('b', 0)], at(1))?.id).toBe('b');
  });
});

describe('nextKey', () => {
  test('the first signs at once', () => {
    expect(nextKey([], at(5), schedule)).toEqual(at(5));
  });

  test('is made so long before its time that every copy of the set has it', () => {
    expect(nextKey([key('a', 0)], at(718.9), schedule)).toBeUndefined();
    expect(nextKey([key('a', 0)], at(719), schedule)).toEqual(at(720));
    expect(nextKey([key('a', 0), key('b', 720)], at(719), schedule)).toBeUndefined();
  });

  test('is published for that long even when nobody was there to make it in time', () => {
    expect(nextKey([key('a', 0)], at(2000), schedule)).toEqual(at(2001));
  });
});

describe('retiredKeys', () => {
  test('are those whose last token has expired everywhere', () => {
    const keys = [key('a', 0), key('b', 720)];
    expect(retiredKeys(keys, at(721.2), schedule)).toEqual([]);
    expect(retiredKeys(keys, at(721.3), schedule).map(({ id }) => id)).toEqual(['a']);
  });

  test('never the last', () => {
    expect(retiredKeys([key('a', 0)], at(9000), schedule)).toEqual([]);
  });
});
