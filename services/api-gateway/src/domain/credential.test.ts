import { expect, test } from 'vitest';
import { readCredential } from './credential.ts';

test('a bearer token is a JWT by its shape, or else something to be exchanged', () => {
  expect(readCredential('Bearer a.b.c', undefined)).toEqual({ kind: 'jwt', value: 'a.b.c' });
  expect(readCredential('bearer a.b.', undefined)).toEqual({ kind: 'jwt', value: 'a.b.' });
  expect(readCredential('Bearer abc', undefined)).toEqual({ kind: 'token', value: 'abc' });
  expect(readCredential('Bearer abc.d+e/f=', undefined)).toEqual({ kind: 'token', value: 'abc.d+e/f=' });
});

test('of a cookie header only the session cookie counts', () => {
  expect(readCredential(undefined, 'a=b; better-auth.session_token=x.y%3D; c=d')).toEqual({
    kind: 'cookie',
    value: 'better-auth.session_token=x.y%3D',
  });
  expect(readCredential(undefined, '__Secure-better-auth.session_token=s')?.value).toBe(
    '__Secure-better-auth.session_token=s',
  );
  expect(readCredential(undefined, 'x-better-auth.session_token=s')).toBeUndefined();
  expect(readCredential(undefined, 'better-auth.session_token=')).toBeUndefined();
});

test('an Authorization header wins over a cookie, even one that is not understood', () => {
  const cookie = 'better-auth.session_token=s';
  expect(readCredential('Bearer t', cookie)?.kind).toBe('token');
  expect(readCredential('Basic eDp5', cookie)).toBeUndefined();
  expect(readCredential('Bearer ', cookie)).toBeUndefined();
  expect(readCredential(`Bearer ${'x'.repeat(10_000)}`, cookie)).toBeUndefined();
});
