import { expect, test } from 'vitest';
import { clearedCookie, sessionCookie, setSessionCookie, signedValue, tokenInCookie } from './cookies.ts';

const token = 'oqgX3D8Pz670TFRl8MkAz5TVQ2fenj0H';

test('a cookie is read with the secret that signed it, and with no other', () => {
  const value = signedValue(token, 'new secret');
  expect(tokenInCookie(value, ['new secret'])).toBe(token);
  expect(tokenInCookie(value, ['newer secret', 'new secret'])).toBe(token);
  expect(tokenInCookie(value, ['newer secret'])).toBeUndefined();
});

test.each(['', '.', token, `${token}.`, `${token}.AAAA`, '%', `${token}.%E0%A4%A`])(
  '%s is no cookie of ours',
  (value) => {
    expect(tokenInCookie(value, ['secret'])).toBeUndefined();
  },
);

test('another token under a signature is not accepted', () => {
  const [, signature] = decodeURIComponent(signedValue(token, 'secret')).split('.');
  expect(tokenInCookie(`${'A'.repeat(32)}.${signature}`, ['secret'])).toBeUndefined();
});

test('is only sent to where it belongs', () => {
  const plain = sessionCookie('http://localhost:8080', 600);
  expect(setSessionCookie(plain, token, 'secret')).toMatch(
    /^better-auth\.session_token=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const secure = sessionCookie('https://shop.example', 600);
  expect(setSessionCookie(secure, token, 'secret')).toMatch(/^__Secure-better-auth\.session_token=.*; Secure$/);
  expect(clearedCookie(secure)).toBe(
    '__Secure-better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
  );
});
