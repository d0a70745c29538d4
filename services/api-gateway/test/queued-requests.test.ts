import type { ServerResponse } from 'node:http';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { echo } from './upstreams.ts';

let gateway: TestGateway;
/** Requests that `order` has received whole, and not answered, with the names that the test has given them. */
let held: { name: string; response: ServerResponse }[];

beforeEach(async () => {
  gateway = await startGateway({ TRUSTED_PROXY_HOPS: 1 });
  held = [];
  gateway.order.handler = (request, response, body) => {
    if (request.method === 'POST') held.push({ name: String(request.headers['x-name']), response });
    else void echo(request, response, body);
  };
});
afterEach(() => gateway.stop());

const large = Buffer.alloc(20_000, 'x');

type Sent = { body?: Buffer | ReadableStream; signal?: AbortSignal; name?: string };

function post(address: string, { body = large, signal, name = '' }: Sent = {}): Promise<number> {
  const sent = fetch(`${gateway.url}/api/v1/orders`, {
    ...{ method: 'POST', body, duplex: 'half', headers: { 'x-forwarded-for': address, 'x-name': name } },
    ...(signal && { signal }),
  });
  return sent.then((response) => response.status);
}

const get = (address: string) =>
  fetch(`${gateway.url}/api/v1/orders`, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);

const answer = () => held.shift()?.response.writeHead(200).end();

test('large bodies of one client go to the services one after the other; nobody else waits, nor do its small requests', async () => {
  const first = post('203.0.113.1', { name: 'first' });
  await until(() => held.length === 1);
  const second = post('203.0.113.1', { name: 'second', body: new Blob([large]).stream() });
  const other = post('203.0.113.2', { name: 'other' });
  const small = post('203.0.113.1', { name: 'small', body: Buffer.from('{}') });
  await until(() => held.some(({ name }) => name === 'other') && held.some(({ name }) => name === 'small'));
  expect(await get('203.0.113.1')).toBe(200);
  expect(held.map(({ name }) => name)).not.toContain('second');
  answer();
  expect(await first).toBe(200);
  await until(() => held.some(({ name }) => name === 'second'));
  while (held.length > 0) answer();
  expect(await Promise.all([second, other, small])).toEqual([200, 200, 200]);
});

test('searches of one client, too; another client does not wait, nor does what is no search', async () => {
  const asked: { path: string; response: ServerResponse }[] = [];
  gateway.product.handler = (request, response) => void asked.push({ path: request.url ?? '', response });
  const ask = (address: string, query: string) =>
    fetch(`${gateway.url}/api/v1/products${query}`, { headers: { 'x-forwarded-for': address } });
  const all = [ask('203.0.113.1', '?q=first')];
  await until(() => asked.length === 1);
  all.push(ask('203.0.113.1', '?limit=2&q=second'), ask('203.0.113.2', '?q=other'), ask('203.0.113.1', '?limit=2'));
  const paths = () => asked.map(({ path }) => path.split('?')[1]).sort();
  await until(() => asked.length === 3);
  expect(paths()).toEqual(['limit=2', 'q=first', 'q=other']);
  const upload = post('203.0.113.3', { name: 'upload' });
  await until(() => held.length === 1);
  all.push(ask('203.0.113.3', '?q=beside'));
  await until(() => paths().includes('q=beside'));
  answer();
  await upload;
  asked[0]?.response.end();
  await until(() => paths().includes('limit=2&q=second'));
  for (const { response } of asked) response.end();
  for (const one of all) expect((await one).status).toBe(200);
});

test('a client that leaves makes room for its next large body, whether it waited or not', async () => {
  const leaving = new AbortController();
  const gone = ['first', 'second'].map(() => post('203.0.113.1', { signal: leaving.signal }).catch(() => 'gone'));
  await until(() => held.length === 1);
  leaving.abort();
  expect(await Promise.all(gone)).toEqual(['gone', 'gone']);
  const next = post('203.0.113.1');
  await until(() => held.length === 2);
  held.shift();
  answer();
  expect(await next).toBe(200);
});

test('of one client only so many wait; the others get 429', async () => {
  const statuses: number[] = [];
  const sent = Array.from({ length: 60 }, async () => statuses.push(await post('203.0.113.1')));
  await until(() => statuses.length === 9);
  await until(() => {
    answer();
    return statuses.length === 60;
  });
  await Promise.all(sent);
  expect(statuses.slice(0, 9)).toEqual(Array(9).fill(429));
  expect(statuses.slice(9)).toEqual(Array(51).fill(200));
});

test('a body above the limit that the operation declares is refused before anything of it is sent to the service', async () => {
  gateway.order.openapi = {
    openapi: '3.1.0',
    info: { title: 'order', version: '1' },

    paths: {
      '/api/v1/orders': {
        post: { requestBody: { 'x-max-body-bytes': 15_000 } },
        get: { operationId: 'listOrdersHere' },
      },
    },
  };
  const reference = () => fetch(`${gateway.url}/openapi.json`).then((response) => response.text());
  await until(async () => (await reference()).includes('listOrdersHere'));
  expect(await post('203.0.113.1')).toBe(413);
  expect(await post('203.0.113.1', { body: new Blob([large]).stream() })).toBe(413);
  expect(gateway.order.seen).toEqual([]);
});
