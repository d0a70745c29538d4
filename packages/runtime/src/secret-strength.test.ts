import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { weaknessOf, weaknessOfUrl } from './secret-strength.ts';

describe('a secret is refused', () => {
  test.each([
    'a'.repeat(32),
    ' '.repeat(32),
    'ab'.repeat(16),
    'abc'.repeat(11),
    '12345678'.repeat(4),
    'changeme'.repeat(4),
    'CHANGE-ME-'.repeat(5),
    `${'a'.repeat(31)}b`,
    `b${'a'.repeat(40)}`,
    `${'xyz'.repeat(12)}!`,
    '00000000-0000-0000-0000-000000000000',
    'abcdefghijklmnopqrstuvwxyz012345',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef',
    '98765432109876543210987654321098',
    '0123456789abcdef0123456789abcdef',
    'please-change-this-secret-to-a-random-value',
    'change_me_change_this_secret_change',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'better-auth-secret-12345678901234567890',
    'replace this with a long random string',
    'supersecretsupersecretsupersecret',
    'password-password-password-password-1',
    'secret-secret-secret-secret-secret-2',
    'insert-your-secret-key-here-please!!',
    'tradepost-development-secret-tradepost',
    'qwertyuiopasdfghjklzxcvbnm123456',
    'qwertzuiopasdfghjklyxcvbnm123456',
    '1q2w3e4r5t6y7u8i9o0pazsxdcfvgbhn',
    '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL',
    'aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpP',
    'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    '00010203040506070809101112131415',
    'acegikmoqsuwybdfhjlnprtvxz135790',
    'deadbeefdeadbeefcafebabecafebabe',
  ])('%s', (secret) => {
    expect(weaknessOf(secret)).toEqual(expect.any(String));
  });
});

describe('a secret is accepted', () => {
  test('when it is random, in any of the usual spellings', () => {
    for (let i = 0; i < 500; i++) {
      expect(weaknessOf(randomBytes(32).toString('base64url'))).toBeUndefined();
      expect(weaknessOf(randomBytes(24).toString('base64'))).toBeUndefined();
      expect(weaknessOf(randomBytes(16).toString('hex'))).toBeUndefined();
      expect(weaknessOf(randomBytes(32).toString('hex'))).toBeUndefined();
      expect(weaknessOf(randomBytes(15).toString('base64url'))).toBeUndefined();
      expect(weaknessOf(BigInt(`0x${randomBytes(20).toString('hex')}`).toString())).toBeUndefined();
    }
  });

  test.each(['correct-horse-battery-staple-and-more', 'end-to-end-tests-only-0123456789abcdef'])('%s', (secret) => {
    expect(weaknessOf(secret)).toBeUndefined();
  });
});

describe('a password in a URL', () => {
  test.each([
    'postgres://app:password@db:5432/app',
    'postgres://app:p@db/app',
    'postgres://app:aaaaaaaaaaaa@db/app',
    'amqp://guest:guest@rabbitmq:5672',
    'amqp://app:x8Kd92mQp1zR@one:5672,amqp://app:changeme@two:5672',
    'postgres://app:%74%65%73%74%31%32%33%34@db/app',
    'postgres://db/app?user=app&password=changeme',
    'postgres://app:postgres@localhost/app?host=db',
    'postgres://app:qwertyuiop@db/app',
  ])('%s is refused', (url) => {
    expect(weaknessOfUrl(url)).toMatch(/^has a password/);
  });

  test.each([
    'postgres://app:x8Kd92mQp1zR@db:5432/app',
    'postgres://app@db/app',
    'postgres://app@db/app?password=x8Kd92mQp1zR',
    'postgres://app:x8Kd%4092mQp1zR%@db/app',
    'postgres://postgres:postgres@127.0.0.1:5432/app',
    'postgres://postgres:postgres@localhost/app',
    'amqp://guest:guest@[::1]:5672',
    'memory:',
  ])('%s is accepted', (url) => {
    expect(weaknessOfUrl(url)).toBeUndefined();
  });
});
