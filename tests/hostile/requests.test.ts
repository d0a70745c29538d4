import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Answer, type Shopper, sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { table } from '../access/table.ts';
import { openInProcess, type Shop } from '../e2e/shop.ts';
import { bodiesOf, ordinaryBody } from './bodies.ts';
import { type Operation, operationsOf } from './openapi.ts';

/**
 * Every route is sent values that are too long, too many or made to cost much: in the body, in each parameter of the path and the query, in
 * headers and cookies. All four services run in this process, so that the delay of its event loop is what others have to wait.
 */
let shop: Shop;
let operations: Operation[];
let customer: Shopper;
beforeAll(async () => {
  shop = await openInProcess();
  operations = operationsOf((await sendRequest(shop.site, 'GET', '/openapi.json')).body);
  customer = await shop.shopper();
});
afterAll(() => shop?.stop());

/** Units of a long value: the URL with it still fits into the 16 KiB of all headers. */
const LONG = 5_000;
const longText = (part: string): string =>
  part.repeat(Math.ceil(LONG / encodeURIComponent(part.toWellFormed()).length));
const hostileTexts = [
  ...['', '0', '-1', '1e999', 'NaN', '%', '\u0000', '..', '__proto__', "' or 1=1 --", '[]', 'null', 'a'.repeat(257)],
  ...['a', '9', '-', 't', ',', ' ', 'a,', '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11,'].map(longText),
  ...['e\u0301', 'ب\u200d', '\u{1f468}\u200d', '\u200b', '\u0301\u200b', '\u00ad', '茶'].map(longText),
];
/** What a header may hold, of these: bytes, and no control characters. */
const hostileHeaders = ['a', '9', ',', '"', 'W/"a",', 'wait=', 'a=b;', ';q=', '\u00e9', '%'].map((part) =>
  part.repeat(LONG / part.length),
);
const commonHeaders = [
  'accept',
  'accept-language',
  'accept-encoding',
  'authorization',
  'cookie',
  'if-match',
  'if-none-match',
];
const moreHeaders = [
  'idempotency-key',
  'origin',
  'prefer',
  'range',
  'traceparent',
  'user-agent',
  'x-forwarded-for',
  'x-request-id',
];

const SOME_ID = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';

type Values = Record<string, string>;

function urlOf({ path, parameters }: Operation, values: Values = {}): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? SOME_ID));
  const queried = parameters.filter((one) => one.in === 'query' && values[one.name] !== undefined);
  const query = queried.map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? '')}`).join('&');
  return query === '' ? filled : `${filled}?${query}`;
}

/** What would sign the people out who ask for the rest. */
const SIGNS_OUT = ['signOut', 'revokeOtherSessions', 'revokeSession', 'changePassword'];

/** Sends a request as somebody who may, and says what is wrong with its answer: a failure, or a refusal that does not say why. */
async function objectionTo(
  { name, method }: Operation,
  url: string,
  o: { body?: string; headers?: Values },
): Promise<string[]> {
  const by = name.includes('Order') || name.includes('Cart') ? customer : shop.seller;
  const asked = /^\/api\/v1\/(admin|audit|traffic|auth\/admin)/.test(url) ? shop.admin : by;
  const headers = { 'if-match': '*', 'idempotency-key': crypto.randomUUID(), ...o.headers };
  const answer: Answer = await asked.call(method, url, { ...o, headers });
  const isRefused = answer.status >= 400;
  const isClear = !isRefused || method === 'HEAD' || typeof answer.body?.code === 'string';
  return answer.status < 500 && isClear
    ? []
    : [`${name}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`];
}

/** The longest that the event loop was late while this was done, in milliseconds. */
async function longestDelay(work: () => Promise<void>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await work();
  // The timer that measures has its turn after what held it up.
  await new Promise((resolve) => setImmediate(resolve));
  delays.disable();
  return delays.max / 1_000_000;
}

/** Others wait no longer than this many times what they wait for the largest ordinary body, parsed and refused. */
const MOST = 8;
/** Where half a megabyte of text is put into the normal form NFC it was 10 times; see body-cost.test.ts. */
const MOST_NORMALISED = 20;
const mostFor = (what: string): number => (/marks|compatibility/.test(what) ? MOST_NORMALISED : MOST);

/** Other processes and garbage collections only add to a delay, on a busy machine nearly always: the least of many tries counts. */
const MOST_TRIES = 50;
const REFERENCE_TRIES = 6;

async function leastDelay(work: () => Promise<void>, enoughMs: number, tries: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries && least > enoughMs; attempt++)
    least = Math.min(least, await longestDelay(work));
  return least;
}

async function referenceDelay(): Promise<number> {
  const create = operations.find(({ name }) => name === 'createProduct');
  if (!create?.body) throw new Error('createProduct has no body');
  const body = ordinaryBody(create.body.maxBytes).toString();
  return leastDelay(async () => void (await objectionTo(create, urlOf(create), { body })), 0, REFERENCE_TRIES);
}

/** What is wrong with the answers to some requests, or with how long the others had to wait meanwhile. */
async function objectionsTo(requests: Map<string, () => Promise<string[]>>): Promise<string[]> {
  const reference = await referenceDelay();
  const objections: string[] = [];
  for (const [what, send] of requests) {
    const mostMs = mostFor(what) * reference;
    const delay = await leastDelay(
      async () => void objections.push(...(await send()).map((objection) => `${what}: ${objection}`)),
      mostMs,
      MOST_TRIES,
    );
    if (delay > mostMs) objections.push(`${what} held others up ${(delay / reference).toFixed(1)} times as long`);
  }
  return [...new Set(objections)];
}

const asked = () => operations.filter(({ name }) => !SIGNS_OUT.includes(name));

describe('hostile values', () => {
  it('in the path and the query are refused or looked up, and hold nobody up', async () => {
    const requests = new Map<string, () => Promise<string[]>>();
    for (const operation of asked()) {
      const names = operation.parameters
        .filter((one) => one.in !== 'header' && one.in !== 'cookie')
        .map(({ name }) => name);
      for (const name of names) {
        requests.set(`${operation.name} ${name}`, async () => {
          const objections: string[] = [];
          for (const text of hostileTexts) {
            const o = operation.body ? { body: '{}' } : {};
            objections.push(...(await objectionTo(operation, urlOf(operation, { [name]: text }), o)));
          }
          return objections;
        });
      }
    }
    expect(requests.size).toBeGreaterThan(60);
    expect(await objectionsTo(requests)).toEqual([]);
  });

  it('in headers and cookies are refused or left aside, and hold nobody up', async () => {
    const requests = new Map<string, () => Promise<string[]>>();
    for (const operation of asked()) {
      const own = operation.parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase());
      const isExample = ['listProducts', 'placeOrder', 'getSession'].includes(operation.name);
      for (const name of isExample ? [...new Set([...own, ...commonHeaders, ...moreHeaders])] : own) {
        requests.set(`${operation.name} ${name}`, async () => {
          const objections: string[] = [];
          for (const value of hostileHeaders) {
            const o = { headers: { [name]: value }, ...(operation.body && { body: '{}' }) };
            objections.push(...(await objectionTo(operation, urlOf(operation), o)));
          }
          return objections;
        });
      }
    }
    expect(requests.size).toBeGreaterThan(40);
    expect(await objectionsTo(requests)).toEqual([]);
  });

  it('in the largest bodies are refused or taken, and hold nobody up', async () => {
    const requests = new Map<string, () => Promise<string[]>>();
    for (const operation of asked()) {
      if (!operation.body) continue;
      for (const [what, body] of bodiesOf(operation.body)) {
        requests.set(`${operation.name}, ${what}`, () => objectionTo(operation, urlOf(operation), { body }));
      }
    }
    expect(requests.size).toBeGreaterThan(500);
    expect(await objectionsTo(requests)).toEqual([]);
  });
});

describe('too many', () => {
  it('parameters in a query are refused by the gateway and by every service', async () => {
    const query = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=1`).join('&');
    for (const [name, gatewayUrl] of Object.entries(shop.serviceUrls)) {
      const answer = await sendRequest({ gatewayUrl }, 'GET', `/openapi.json?${query(101)}`);
      expect([name, answer.status, answer.body.code]).toEqual([name, 400, 'malformed_request']);
      expect((await sendRequest({ gatewayUrl }, 'GET', `/openapi.json?${query(100)}`)).status).toBe(200);
    }
  });

  it('headers are refused by the gateway and by every service', async () => {
    const headers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-h${index}`, '1']));
    for (const [name, gatewayUrl] of Object.entries(shop.serviceUrls)) {
      const answer = await sendRequest({ gatewayUrl }, 'GET', '/openapi.json', { headers: headers(101) });
      expect([name, answer.status, answer.body.code]).toEqual([name, 431, 'header_too_large']);
      expect((await sendRequest({ gatewayUrl }, 'GET', '/openapi.json', { headers: headers(80) })).status).toBe(200);
    }
  });
});

it('who may not use a route is told so before the body is parsed', async () => {
  const forbidden = new Set(
    table.filter(({ may, refused }) => refused === 403 && !may.includes('customer')).map(({ operation }) => operation),
  );
  const withBody = operations.filter(({ name, body }) => body && forbidden.has(name));
  expect(withBody.length).toBeGreaterThan(5);
  for (const operation of withBody) {
    const statuses: number[] = [];
    for (const body of ['{"title": ', '[]', `{"title":"${'a'.repeat(15_000)}\u0007"}`]) {
      const headers = { 'if-match': '*', 'idempotency-key': crypto.randomUUID() };
      statuses.push((await customer.call(operation.method, urlOf(operation), { body, headers })).status);
    }
    expect([operation.name, ...statuses]).toEqual([operation.name, 403, 403, 403]);
  }
});
