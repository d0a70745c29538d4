import { expect, test } from 'vitest';
import { isIdempotent, isSafe } from './idempotency.ts';

test('a key counts only where the operation says that it reads one', () => {
  expect(isIdempotent('always', undefined)).toBe(true);
  expect(isIdempotent('with-key', 'order-1')).toBe(true);
  for (const missing of [undefined, '', '  ']) expect(isIdempotent('with-key', missing)).toBe(false);
  expect(isIdempotent('never', 'order-1')).toBe(false);
});

test('GET, HEAD and OPTIONS are safe', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(isSafe(method)).toBe(true);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get']) expect(isSafe(method)).toBe(false);
});
