import { describe, expect, test } from 'vitest';
import { normalizePassword, passwordWeakness } from './password-policy.ts';

const account = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };
const weakness = (password: string) => passwordWeakness(password, account);

describe('passwordWeakness', () => {
  test.each([
    'tradepost-demo',
    'correct horse battery staple',
    'xkcd-0936-tr0ub',
    '8 chars!',
    'пароль-не-простой',
    '😀😁😂🤣😃😄😅😆',
    'a'.repeat(127).concat('bc').slice(-128),
    "'; drop table user_account; --",
  ])('accepts %s', (password) => {
    expect(weakness(password)).toBeUndefined();
  });

  test.each([
    ['short', /at least 8/],
    // Seven characters, however many bytes.
    ['😀😁😂🤣😃😄😅', /at least 8/],
    [`${'ab1'.repeat(43)}`, /at most 128/],
    ['password', /tried first/],
    ['P@ssw0rd!', /tried first/],
    ['Password123', /tried first/],
    ['ｐａｓｓｗｏｒｄ', /tried first/],
    ['12345678', /tried first/],
    ['1234567890', /tried first/],
    ['87654321', /tried first/],
    ['qwertyuiop', /tried first/],
    ['aaaaaaaaaa', /tried first/],
    ['abababababab', /tried first/],
    ['abcdefgh', /tried first/],
    ['Ada.Lovelace@Example.com', /e-mail/],
    ['ada.lovelace', /e-mail/],
    ['ada lovelace', /the name/],
  ])('refuses %s', (password, reason) => {
    expect(weakness(password)).toMatch(reason);
  });

  test('counts characters, not bytes: 128 of four bytes each are accepted', () => {
    const letters = [...'😀😁😂🤣😃😄😅😆'];
    expect(weakness(Array.from({ length: 128 }, (_, i) => letters[(i * i) % 8]).join(''))).toBeUndefined();
  });
});

test('a password is the same however it was typed', () => {
  expect(normalizePassword('Zu\u0308rich-1')).toBe(normalizePassword('Z\u00fcrich-1'));
});
