import { expect, test } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

function recordingQueue(o: { maxWaiting?: number; maxWaitMs?: number } = {}) {
  const queue = new KeyedQueue({ maxWaiting: 10, maxWaitMs: 60_000, ...o });
  const events: string[] = [];
  const enqueue = (key: string, name: string) =>
    queue.enqueue(
      key,
      () => events.push(name),
      () => events.push(`${name} gives up`),
    );
  return { queue, events, enqueue };
}

test('a key has one entry under way at a time, in order; another key does not wait for it', () => {
  const { events, enqueue } = recordingQueue();
  const first = enqueue('a', 'a1');
  const second = enqueue('a', 'a2');
  enqueue('a', 'a3');
  enqueue('b', 'b1');
  expect(events).toEqual(['a1', 'b1']);
  first?.end();
  first?.end();
  expect(events).toEqual(['a1', 'b1', 'a2']);
  second?.end();
  expect(events).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('one that leaves while it waits never begins, and one that is the last leaves nothing behind', () => {
  const { queue, events, enqueue } = recordingQueue();
  const first = enqueue('a', 'a1');
  const second = enqueue('a', 'a2');
  second?.end();
  first?.end();
  expect(events).toEqual(['a1']);
  expect(queue.size).toBe(0);
});

test('one that ends as soon as it begins lets the next begin', () => {
  const queue = new KeyedQueue({ maxWaiting: 10, maxWaitMs: 60_000 });
  const giveUp = () => undefined;
  let begun = 0;
  const first = queue.enqueue('a', () => undefined, giveUp);
  for (let n = 0; n < 3; n++)
    queue.enqueue(
      'a',
      (entry) => {
        begun++;
        entry.end();
      },
      giveUp,
    );
  first?.end();
  expect(begun).toBe(3);
  expect(queue.size).toBe(0);
});

test('only so many of one key wait', () => {
  const { enqueue } = recordingQueue({ maxWaiting: 1 });
  expect(enqueue('a', 'a1')).toBeDefined();
  expect(enqueue('a', 'a2')).toBeDefined();
  expect(enqueue('a', 'a3')).toBeUndefined();
});

test('one that waits too long gives up, and does not begin later', async () => {
  const { events, enqueue } = recordingQueue({ maxWaitMs: 1 });
  const first = enqueue('a', 'a1');
  enqueue('a', 'a2');
  await expect.poll(() => events).toEqual(['a1', 'a2 gives up']);
  first?.end();
  expect(events).toEqual(['a1', 'a2 gives up']);
});
