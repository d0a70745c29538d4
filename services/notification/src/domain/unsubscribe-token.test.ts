import { expect, test } from 'vitest';
import { readUnsubscribeToken, unsubscribeKeys, unsubscribeToken } from './unsubscribe-token.ts';

const [secret, other] = ['s'.repeat(32), 'o'.repeat(32)];
const ofSeller = { accountId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d13', kind: 'new_order' } as const;
const token = unsubscribeToken(unsubscribeKeys(secret, []), ofSeller);

test('a token says whose mails of which kind it ends, also after the key was rotated', () => {
  expect(token).toMatch(/^[A-Za-z0-9._-]+$/);
  expect(readUnsubscribeToken(unsubscribeKeys(secret, []), token)).toEqual(ofSeller);
  expect(readUnsubscribeToken(unsubscribeKeys(other, [secret]), token)).toEqual(ofSeller);
});

test.each([
  ['another kind', token.replace('new_order', 'low_stock')],
  ['another account', token.replace('9d13', '9d14')],
  ['a changed signature', `${token.slice(0, -2)}AA`],
  ['a part of the signature', token.slice(0, -8)],
  ['no signature', token.split('.').slice(0, 2).join('.')],
  ['more parts', `${token}.x`],
  ['nothing', ''],
])('a token with %s is none', (_, changed) => {
  expect(readUnsubscribeToken(unsubscribeKeys(secret, []), changed)).toBeUndefined();
});

test('a token of another key is none', () => {
  expect(readUnsubscribeToken(unsubscribeKeys(other, []), token)).toBeUndefined();
});
