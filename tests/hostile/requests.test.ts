import { type Shopper, sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { table } from '../access/table.ts';
import { openInProcess, type Shop } from '../e2e/shop.ts';
import { bodiesOf, ordinaryBody } from './bodies.ts';
import { MOST_TRIES, mostTimesFor, REFERENCE_TRIES, shortestIteration } from './event-loop-iteration.ts';
import { commonHeaders, hostileHeaders, hostileTexts, moreHeaders } from './hostile-values.ts';
import { objectionTo } from './objection-to.ts';
import { type Operation, operationsOf, urlOf } from './openapi.ts';

/**
 * Every route is sent values that are too long, too many or made to cost much: in the body, in each parameter of the path and the query, in
 * headers and cookies. All services run in this process, so that the longest iteration of its event loop is what others have to wait.
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

/** What would sign the people out who ask for the rest. */
const SIGNS_OUT = ['signOut', 'revokeOtherSessions', 'revokeSession', 'changePassword'];

async function referenceIteration(): Promise<number> {
  const create = operations.find(({ name }) => name === 'createProduct');
  if (!create?.body) throw new Error('createProduct has no body');
  const body = ordinaryBody(create.body.maxBytes).toString();
  return shortestIteration(
    async () => void (await objectionTo({ shop, customer }, create, urlOf(create), { body })),
    0,
    REFERENCE_TRIES,
  );
}

/** What is wrong with the answers to some requests, or with how long the others had to wait meanwhile. */
async function objectionsTo(requests: Map<string, () => Promise<string[]>>): Promise<string[]> {
  const reference = await referenceIteration();
  const objections: string[] = [];
  for (const [what, send] of requests) {
    const mostMs = mostTimesFor(what) * reference;
    const iteration = await shortestIteration(
      async () => void objections.push(...(await send()).map((objection) => `${what}: ${objection}`)),
      mostMs,
      MOST_TRIES,
    );
    if (iteration > mostMs)
      objections.push(`${what} held others up ${(iteration / reference).toFixed(1)} times as long`);
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
            objections.push(
              ...(await objectionTo({ shop, customer }, operation, urlOf(operation, { [name]: text }), o)),
            );
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
            objections.push(...(await objectionTo({ shop, customer }, operation, urlOf(operation), o)));
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
        requests.set(`${operation.name}, ${what}`, () =>
          objectionTo({ shop, customer }, operation, urlOf(operation), { body }),
        );
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

it('requests without permission are refused before the body is parsed', async () => {
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
