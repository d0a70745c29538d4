import { expect, test } from 'vitest';
import { isOriginAllowed, type RequestOrigin } from './request-origin.ts';

const trusted = new Set(['https://shop.example']);
const host = 'API.shop.example:8080';

test.each<[string, Partial<RequestOrigin>, boolean]>([
  ['a trusted origin', { origin: 'https://shop.example' }, true],
  ['a trusted origin of another site', { origin: 'https://shop.example', fetchSite: 'cross-site' }, true],
  ['the host that is asked', { origin: 'http://api.shop.example:8080' }, true],
  ['the same host by https', { origin: 'https://api.shop.example:8080' }, true],
  ['the host, as the browser confirms', { origin: 'http://api.shop.example:8080', fetchSite: 'same-origin' }, true],
  ['the host, which the browser denies', { origin: 'http://api.shop.example:8080', fetchSite: 'same-site' }, false],
  ['the host from another site', { origin: 'http://api.shop.example:8080', fetchSite: 'cross-site' }, false],
  ['no origin, but the browser vouches', { fetchSite: 'same-origin' }, true],
  ['nothing at all', {}, false],
  ['a typed address', { fetchSite: 'none' }, false],
  ['another site without an origin', { fetchSite: 'cross-site' }, false],
  ['another origin', { origin: 'https://evil.example' }, false],
  ['another port', { origin: 'http://api.shop.example' }, false],
  ['a name that begins like the host', { origin: 'https://api.shop.example.evil.example' }, false],
  ['a name that begins like a trusted one', { origin: 'https://shop.example.evil.example' }, false],
  ['a sandbox', { origin: 'null' }, false],
  ['an empty origin', { origin: '' }, false],
  ['no URL', { origin: 'rubbish' }, false],
  ['a host that is not known', { origin: 'http://api.shop.example:8080', host: undefined }, false],
])('%s', (_name, more, expected) => {
  expect(isOriginAllowed({ origin: undefined, fetchSite: undefined, host, ...more }, trusted)).toBe(expected);
});
