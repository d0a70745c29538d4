import { expect, test } from 'vitest';
import { settleApart } from './split-batch.ts';

function message() {
  const outcomes: string[] = [];
  return { outcomes, ack: () => void outcomes.push('ack'), requeue: () => void outcomes.push('requeue') };
}

test('a message is acknowledged once, when all its events are', () => {
  const whole = message();
  const [first, second, third] = settleApart(whole, 3);
  first?.ack();
  first?.ack();
  third?.ack();
  first?.requeue();
  expect(whole.outcomes).toEqual([]);
  second?.ack();
  expect(whole.outcomes).toEqual(['ack']);
});

test('a message goes back when one of its events is to come again, and not before all are settled', () => {
  const whole = message();
  const [first, second] = settleApart(whole, 2);
  first?.requeue();
  expect(whole.outcomes).toEqual([]);
  second?.ack();
  expect(whole.outcomes).toEqual(['requeue']);
});
