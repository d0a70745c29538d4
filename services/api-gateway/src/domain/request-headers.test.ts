import { expect, test } from 'vitest';
import { buildUpstreamHeaders, type GatewayHeaders, type IncomingHeaders } from './request-headers.ts';

const own: GatewayHeaders = {
  forwardedFor: '203.0.113.7',
  protocol: 'https',
  host: 'shop.example',
  requestId: 'request-1',
  traceparent: '00-1-2-01',
  authorization: 'Bearer a.b.c',
  cookies: false,
  contentLength: undefined,
};

function passed(incoming: IncomingHeaders, more: Partial<GatewayHeaders> = {}) {
  const flat = buildUpstreamHeaders(incoming, { ...own, ...more }).slice(2);
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return pairs;
}

test('nobody but the gateway says who and where the caller is', () => {
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'gopher',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-user': 'admin',
    'x-forwarded-prefix': '/x',
    'x-user-id': 'admin',
    'x-user': 'admin',
    'x-account-id': 'admin',
    'x-account-role': 'admin',
    'x-tradepost-role': 'admin',
    x_user_id: 'admin',
    'x-auth-request-user': 'admin',
    'x-real-ip': '6.6.6.6',
    forwarded: 'for=6.6.6.6',
    'x-original-url': '/internal',
    'x-rewrite-url': '/internal',
    'x-http-method-override': 'DELETE',
    'proxy-authorization': 'x',
    'x-request-id': 'forged',
    traceparent: 'forged',
    authorization: 'Bearer forged',
    cookie: 'better-auth.session_token=s',
  };
  expect(passed(forged)).toEqual([
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', 'shop.example'],
    ['x-request-id', 'request-1'],
    ['traceparent', '00-1-2-01'],
    ['authorization', 'Bearer a.b.c'],
  ]);
});

test('what belongs to the connection stays on it, and so does what Connection names', () => {
  const names = passed({
    connection: 'close, X-Secret , authorization',
    'x-secret': '1',
    'keep-alive': 'timeout=5',
    'transfer-encoding': 'chunked',
    'content-length': '5',
    te: 'trailers',
    trailer: 'x',
    upgrade: 'websocket',
    expect: '100-continue',
    host: 'shop.example',
    accept: '*/*',
    'if-match': '"1"',
  }).map(([name]) => name);
  expect(names).toEqual([
    'accept',
    'if-match',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-host',
    'x-request-id',
    'traceparent',
    'authorization',
  ]);
});

test('repeated headers, cookies where they are due, and the length of a stream are passed on', () => {
  expect(passed({ 'set-thing': ['a', 'b'], cookie: 'c=d' }, { cookies: true, contentLength: '70000' })).toEqual(
    expect.arrayContaining([
      ['set-thing', 'a'],
      ['set-thing', 'b'],
      ['cookie', 'c=d'],
      ['content-length', '70000'],
    ]),
  );
});
