import { expect, test } from 'vitest';
import { isJwt, readBearerToken, readCookie } from './credentials.ts';

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc.d+e/f= ', 'abc.d+e/f='],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Basic YWRhOnBhc3N3b3Jk', undefined],
  ['', undefined],
  [`Bearer ${'a'.repeat(5000)}`, undefined],
])('the bearer token of %s', (header, token) => {
  expect(readBearerToken(header)).toBe(token);
});

test('a token with three parts has the shape of a JWT, also without a signature', () => {
  expect(['aaa.bbb.ccc', 'aaa.bbb.'].map(isJwt)).toEqual([true, true]);
  expect(['aaa', 'aaa.bbb', 'a.b.c.d', 'a.b.c+d', ''].map(isJwt)).toEqual([false, false, false, false, false]);
});

test('a cookie is found by its very name', () => {
  expect(readCookie('xname=1; name=2', 'name')).toBe('2');
  expect(readCookie('name=; name=2', 'name')).toBe('2');
  expect(readCookie('name = 2 ; other=3', 'name')).toBe('2');
  expect(readCookie('__Secure-name=1', 'name')).toBeUndefined();
  expect(readCookie(undefined, 'name')).toBeUndefined();
  // The check of the origin must not overlook a cookie.
  expect(readCookie(`other=${'x'.repeat(20_000)}; name=1`, 'name')).toBe('1');
});
