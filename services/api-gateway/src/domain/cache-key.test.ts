import { describe, expect, it } from 'vitest';
import { cacheKeyOf, mayLead, mayUseCache } from './cache-key.ts';

describe('the key of an answer', () => {
  it.each([
    ['/p', '/p'],
    ['/p?', '/p'],
    ['/p?a=1', '/p?a=1'],
    ['/p?b=2&a=1', '/p?a=1&b=2'],
    ['/p?a=2&b&a=1&', '/p?a=2&a=1&b'],
    ['/p?&', '/p'],
    ['/p?ab=1&a=2', '/p?a=2&ab=1'],
  ])('of %s is %s', (target, key) => {
    expect(cacheKeyOf(target)).toBe(key);
  });

  it('is none for a long target', () => {
    expect(cacheKeyOf(`/p?q=${'x'.repeat(1024)}`)).toBeUndefined();
  });
});

describe('a request that may use the cache', () => {
  it.each([
    {},
    { cookie: 'theme=dark' },
    { accept: 'application/json' },
    { 'content-length': '0' },
    { 'if-none-match': '"1"' },
  ])('has %o', (headers) => {
    expect(mayUseCache('GET', headers)).toBe(true);
    expect(mayUseCache('HEAD', headers)).toBe(true);
    expect(mayUseCache('POST', headers)).toBe(false);
  });

  it.each([
    { authorization: '' },
    { 'proxy-authorization': 'Basic x' },
    { 'x-api-key': 'x' },
    { cookie: 'a=b; better-auth.session_token=' },
    { range: 'bytes=0-1' },
    { 'if-match': '"1"' },
    { 'content-length': '1' },
    { 'transfer-encoding': 'chunked' },
    { accept: 'text/event-stream' },
    { 'cache-control': 'No-Cache' },
    { pragma: 'no-cache' },
  ])('does not have %o', (headers) => {
    expect(mayUseCache('GET', headers)).toBe(false);
  });

  it('is shared when it is a plain GET', () => {
    expect([mayLead('GET', {}), mayLead('HEAD', {}), mayLead('GET', { 'if-none-match': '"1"' })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
