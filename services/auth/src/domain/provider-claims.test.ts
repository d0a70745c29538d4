import { expect, test } from 'vitest';
import { claimsOf } from './provider-claims.ts';

const said = { sub: '7', email: 'Ada@Example.com', verified: true, name: ' Ada  Lovelace ' };
const strict = { emailsAreVerified: false };

test('an address is verified where the provider says so, or where all of its addresses are', () => {
  expect(claimsOf(strict, said)).toMatchObject({ subject: '7', email: 'ada@example.com', emailVerified: true });
  for (const verified of [false, 'true', 1, undefined]) {
    expect(claimsOf(strict, { ...said, verified }).emailVerified).toBe(false);
  }
  expect(claimsOf({ emailsAreVerified: true }, { ...said, verified: undefined }).emailVerified).toBe(true);
  expect(claimsOf({ emailsAreVerified: true }, { ...said, verified: false }).emailVerified).toBe(false);
});

test('what is no address or no name is none', () => {
  expect(claimsOf(strict, { ...said, email: 'nobody' })).toMatchObject({ email: undefined, emailVerified: false });
  expect(claimsOf(strict, { ...said, name: 7 }).name).toBe('ada');
  expect(claimsOf(strict, { ...said, name: 'x'.repeat(300) }).name).toHaveLength(100);
});
