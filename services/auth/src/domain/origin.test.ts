import { describe, expect, test } from 'vitest';
import { isOriginTrusted, type RequestOrigin } from './origin.ts';

const trusted = new Set(['https://shop.example']);
const request: RequestOrigin = {
  method: 'POST',
  cookie: true,
  origin: undefined,
  secFetchSite: undefined,
  host: 'api.shop.example',
};
const check = (more: Partial<RequestOrigin>) => isOriginTrusted({ ...request, ...more }, trusted);

describe('isOriginTrusted', () => {
  test('asks nothing of a request without the cookie, or that changes nothing', () => {
    expect(check({ cookie: false })).toBe(true);
    expect(check({ cookie: false, origin: 'https://evil.example' })).toBe(true);
    expect(check({ method: 'GET', origin: 'https://evil.example' })).toBe(true);
  });

  test.each([
    ['a trusted origin', { origin: 'https://shop.example' }, true],
    ['a trusted origin of another site', { origin: 'https://shop.example', secFetchSite: 'cross-site' }, true],
    ['the host that is asked', { origin: 'https://api.shop.example' }, true],
    ['the host, as the browser confirms', { origin: 'https://api.shop.example', secFetchSite: 'same-origin' }, true],
    ['the host, which the browser denies', { origin: 'https://api.shop.example', secFetchSite: 'same-site' }, false],
    ['no origin, but the browser vouches', { secFetchSite: 'same-origin' }, true],
    ['nothing at all', {}, false],
    ['a typed address', { secFetchSite: 'none' }, false],
    ['another origin', { origin: 'https://evil.example' }, false],
    ['another port', { origin: 'https://api.shop.example:8443' }, false],
    ['a look-alike', { origin: 'https://api.shop.example.evil.example' }, false],
    ['a sandbox', { origin: 'null' }, false],
    ['rubbish', { origin: 'rubbish' }, false],
  ])('%s', (_, more, expected) => {
    expect(check(more)).toBe(expected);
  });
});
