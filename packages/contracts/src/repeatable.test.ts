import { expect, test } from 'vitest';
import { isRepeatable } from './repeatable.ts';

const orders = '/api/v1/orders';

test('an idempotency key makes a POST repeatable, and nothing a PATCH', () => {
  expect(isRepeatable('GET', orders, undefined)).toBe(true);
  expect(isRepeatable('PUT', orders, undefined)).toBe(true);
  expect(isRepeatable('DELETE', orders, undefined)).toBe(true);
  expect(isRepeatable('POST', orders, undefined)).toBe(false);
  expect(isRepeatable('POST', orders, '')).toBe(false);
  expect(isRepeatable('POST', orders, 'key')).toBe(true);
  expect(isRepeatable('PATCH', orders, 'key')).toBe(false);
});

test('so are, without a key, POSTs that come to the same when they are done twice', () => {
  const harmless = ['orders/0199/cancel', 'orders/0199/deliver', 'carts/0199/checkout', 'auth/sign-in/email'];
  for (const path of harmless.map((end) => `/api/v1/${end}`)) {
    expect(isRepeatable('POST', path, undefined)).toBe(true);
    expect(isRepeatable('PATCH', path, undefined)).toBe(false);
  }
  for (const path of ['/api/v1/orders/0199/refunds', '/api/v1/auth/sign-up/email', '/api/v1/orders/a/b/cancel']) {
    expect(isRepeatable('POST', path, undefined)).toBe(false);
  }
});
