import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { createBatcher } from './batch.ts';
import { coalesce } from './single-flight.ts';
import { DatabaseUnavailable } from './unavailable.ts';

test('one alone is served at once, and what comes meanwhile is served together', async () => {
  const calls: number[][] = [];
  const first = Promise.withResolvers<void>();
  const double = createBatcher(async (items: readonly number[]) => {
    calls.push([...items]);
    if (calls.length === 1) await first.promise;
    return items.map((n) => n * 2);
  });
  const [one, two] = [double(1), double(2)];
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(calls).toEqual([[1, 2]]);
  const rest = [double(3), double(4)];
  first.resolve();
  expect(await Promise.all([one, two, ...rest])).toEqual([2, 4, 6, 8]);
  expect(await double(5)).toBe(10);
  expect(calls).toEqual([[1, 2], [3, 4], [5]]);
});

test('what cannot be served fails alone', async () => {
  const calls: number[][] = [];
  const half = createBatcher(async (items: readonly number[]) => {
    calls.push([...items]);
    if (items.some((n) => n % 2 === 1)) throw new RangeError(`${items} are not all even`);
    return items.map((n) => n / 2);
  });
  const outcomes = await Promise.allSettled([half(2), half(3), half(4)]);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: new RangeError('3 are not all even') },
    { status: 'fulfilled', value: 2 },
  ]);
  expect(calls).toEqual([[2, 3, 4], [2], [3], [4]]);
  expect(await half(6)).toBe(3);
});

test('a call takes so many at the most', async () => {
  const sizes: number[] = [];
  const same = createBatcher(async (items: readonly number[]) => {
    sizes.push(items.length);
    return items;
  }, 100);
  const all = Array.from({ length: 250 }, (_, n) => n);
  expect(await Promise.all(all.map(same))).toEqual(all);
  expect(sizes).toEqual([100, 100, 50]);
});

test('too few results are an error, not a wait without end', async () => {
  const none = createBatcher(async () => []);
  await expect(none(1)).rejects.toThrow(RangeError);
});

test('an unavailable database fails the whole batch: no statement is tried alone', async () => {
  let calls = 0;
  const unavailable = new DatabaseUnavailable('It is unavailable', { cause: undefined, outcomeUnknown: true });
  const fail = createBatcher(async () => {
    calls++;
    throw unavailable;
  });
  const refused = { status: 'rejected', reason: unavailable };
  expect(await Promise.allSettled([fail(1), fail(2)])).toEqual([refused, refused]);
  expect(calls).toBe(1);
});

test('a call that is never answered does not keep the next from being made', async () => {
  const same = createBatcher((items: readonly number[]) =>
    items[0] === 1 ? new Promise<number[]>(() => {}) : Promise.resolve(items),
  );
  void same(1);
  await new Promise(setImmediate);
  expect(await same(2)).toBe(2);
});

test('who asks the same meanwhile shares the next call, which begins after they asked', async () => {
  const ends: PromiseWithResolvers<string>[] = [];
  const shared = coalesce<string>();
  const ask = (key = 'list') =>
    shared(key, () => {
      const end = Promise.withResolvers<string>();
      ends.push(end);
      return end.promise;
    });
  const [first, second, third] = [ask(), ask(), ask()];
  expect(ends).toHaveLength(1);
  const other = ask('another list');
  ends[1]?.resolve('other');
  expect(await other).toBe('other');
  ends[0]?.resolve('before');
  expect(await first).toBe('before');
  await until(async () => ends.length === 3);
  const late = ask();
  ends[2]?.resolve('after');
  expect(await Promise.all([second, third])).toEqual(['after', 'after']);
  await until(async () => ends.length === 4);
  ends[3]?.resolve('later still');
  expect(await late).toBe('later still');
  const alone = ask();
  expect(ends).toHaveLength(5);
  ends[4]?.reject(new RangeError('refused'));
  await expect(alone).rejects.toThrow('refused');
});

test('a call that fails or hangs does not take the next with it', async () => {
  const shared = coalesce<string>();
  const fails = shared('list', () => Promise.reject(new RangeError('refused')));
  const next = shared('list', async () => 'found');
  await expect(fails).rejects.toThrow('refused');
  expect(await next).toBe('found');
  void shared('list', () => new Promise(() => {}));
  expect(await shared('list', async () => 'found without it')).toBe('found without it');
});
