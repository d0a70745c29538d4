import { expect, test } from 'vitest';
import { guestCustomerId, isOrderToken, orderToken } from './guest.ts';

const secret = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

test('a guest has one id for each address and shop', () => {
  const id = guestCustomerId(secret, 'ada@example.com');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(guestCustomerId(secret, 'ada@example.com')).toBe(id);
  expect(guestCustomerId(secret, 'bob@example.com')).not.toBe(id);
  expect(guestCustomerId(other, 'ada@example.com')).not.toBe(id);
});

test('a token opens the order that it was made for, and no other', () => {
  const token = orderToken(secret, 'one');
  expect(isOrderToken(secret, 'one', token)).toBe(true);
  for (const wrong of ['', token.slice(1), `${token}=`, orderToken(secret, 'two'), orderToken(other, 'one')]) {
    expect(isOrderToken(secret, 'one', wrong)).toBe(false);
  }
});
