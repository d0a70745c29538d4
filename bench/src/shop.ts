import { randomInt, randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import type { Operation } from './closed-loop.ts';
import type { Deployment } from './deployment.ts';
import { type Connection, openConnection, type Request } from './http-client.ts';
import type { Infrastructure } from './infrastructure.ts';
import { COUPON } from './pricing-rules.ts';
import { openDatabases } from './shop-databases.ts';

/** Who asks. */
export type Shopper = { email: string; authorization: string };

/** What shoppers can do in one deployment; every operation checks that it got what it asked for. */
export type Shop = {
  shoppers: readonly Shopper[];
  read: Operation;
  /** Of few products often, of most hardly ever. */
  productReadZipf: Operation;
  /** Anonymous, and not answered from what the gateway has kept. */
  readUncached: Operation;
  listUncached: Operation;
  searchUncached: Operation;
  /** By a shopper who is signed in. */
  productReadSignedIn: Operation;
  list: Operation;
  search: Operation;
  /** For what has most to look through, and little or nothing to find. */
  searchWorst: Operation;
  purchase: Operation;
  cartPurchase: Operation;
  /** The same with a coupon, in a shop that has rules for prices. */
  pricedPurchase: Operation;
  switchRules(on: boolean): Promise<void>;
  signIn: Operation;
  /** The request that places an order under this key, without waiting until it is paid for. */
  order(key: string): Request;
  /** Resolves when no order and no message is on its way any more. */
  settled(): Promise<void>;
  /** What is on its way. */
  backlog(): Promise<{ outbox: number; unsettled: number }>;
  /** How many orders are paid for. */
  paid(): Promise<number>;
  close(): Promise<void>;
};

const PASSWORD = 'correct horse battery';
const SHOPPERS = 24;
const shippingAddress = {
  name: 'Robin Vermeer',
  line1: 'Hafenstrasse 1',
  city: 'Hamburg',
  postalCode: '20457',
  country: 'DE',
};
const payment = { provider: 'sandbox', token: 'ok' };
/** One product in twenty has each of these. */
export const terms = ['blue', 'red', 'green', 'heavy', 'light', 'small', 'large', 'vintage', 'modern', 'soft'] as const;

/** Signs the shoppers up, and opens the shop. */
export async function openShop(
  infrastructure: Infrastructure,
  deployment: Deployment,
  products: number,
): Promise<Shop> {
  const shoppers = await signUpAll(deployment);
  const databases = await openDatabases(infrastructure, deployment);
  const someone = roundRobin(shoppers);
  const wait = { prefer: 'wait=20' };
  const order = (key: string): Request => ({
    method: 'POST',
    path: '/api/v1/orders',
    headers: { authorization: someone().authorization, 'idempotency-key': key },
    body: JSON.stringify({ lines: twoLines(products), shippingAddress, payment }),
  });
  return {
    shoppers,
    read: (connection) => readProduct(connection, anySlug(products)),
    readUncached: (connection) => readProduct(connection, anySlug(products), noCache),
    listUncached: (connection) => listProducts(connection, noCache),
    searchUncached: (connection) => searchProducts(connection, noCache),
    productReadZipf: (connection) => readProduct(connection, zipfSlug(products)),
    productReadSignedIn: (connection) =>
      readProduct(connection, anySlug(products), { authorization: someone().authorization }),
    list: (connection) => listProducts(connection),
    search: (connection) => searchProducts(connection),
    async searchWorst(connection) {
      await connection.expect(200, { method: 'GET', path: `/api/v1/products?${anyWorstQuery()}` });
    },
    async purchase(connection) {
      const request = order(randomUUID());
      assertPaid(await connection.expect(201, { ...request, headers: { ...request.headers, ...wait } }));
    },
    order,
    cartPurchase: (connection) => buyByCart(connection, someone().authorization, products),
    pricedPurchase: (connection) => buyByCart(connection, someone().authorization, products, [COUPON]),
    async signIn(connection) {
      const body = JSON.stringify({ email: someone().email, password: PASSWORD });
      await connection.expect(200, { method: 'POST', path: '/api/v1/auth/sign-in/email', body });
    },
    ...databases,
  };
}

async function readProduct(connection: Connection, slug: string, headers: Record<string, string> = {}): Promise<void> {
  const body = await connection.expect(200, { method: 'GET', path: `/api/v1/products/${slug}`, headers });
  if (!body.includes('"variants"')) throw new Error(`Not a product: ${body}`);
}

const noCache = { 'cache-control': 'no-cache' };

async function listProducts(connection: Connection, headers: Record<string, string> = {}): Promise<void> {
  const body = await connection.expect(200, { method: 'GET', path: '/api/v1/products', headers });
  if (!body.includes('"nextCursor":"')) throw new Error(`Not a full page: ${body.slice(0, 200)}`);
}

async function searchProducts(connection: Connection, headers: Record<string, string> = {}): Promise<void> {
  const body = await connection.expect(200, { method: 'GET', path: `/api/v1/products?q=${anyTerm()}`, headers });
  if (body.startsWith('{"items":[]')) throw new Error(`Nothing found: ${body.slice(0, 200)}`);
}

async function buyByCart(
  connection: Connection,
  authorization: string,
  products: number,
  couponCodes?: string[],
): Promise<void> {
  const signedIn = { headers: { authorization } };
  const cart = JSON.parse(await connection.expect(201, { method: 'POST', path: '/api/v1/carts', ...signedIn }));
  for (const { sku, quantity } of twoLines(products)) {
    const path = `/api/v1/carts/${cart.id}/lines/${sku}`;
    await connection.expect(200, { method: 'PUT', path, body: JSON.stringify({ quantity }), ...signedIn });
  }
  const path = `/api/v1/carts/${cart.id}/checkout`;
  const body = JSON.stringify({ shippingAddress, payment, couponCodes });
  const headers = { authorization, 'idempotency-key': randomUUID(), prefer: 'wait=20' };
  assertPaid(await connection.expect(201, { method: 'POST', path, headers, body }));
}

export const anySlug = (products: number): string => `p-${randomInt(1, products + 1)}`;
/** Zipf's law, exponent 1: the k-th product is asked for 1/k as often as the first. Neighbours in rank are none in the catalogue. */
export const zipfSlug = (products: number): string =>
  `p-${1 + ((Math.floor(Math.exp(Math.random() * Math.log(products + 1))) * 7919) % products)}`;
export const anyTerm = (): string => terms[randomInt(terms.length)] ?? terms[0];

/**
 * Words of one product in twenty each that no product has both of, words that one in 260 has both of, and words and categories of
 * products that are out of stock, of those in stock.
 */
function anyWorstQuery(): string {
  const [one, other] = [randomInt(terms.length), randomInt(1, terms.length)];
  const queries = [
    `q=${terms[one]}+${terms[(one + other) % terms.length]}`,
    `q=${terms[one]}+lamp`,
    'q=blue&inStock=true',
    'q=solid&inStock=true&sort=price',
    `category=c-${randomInt(5)}0&inStock=true`,
  ];
  return queries[randomInt(queries.length)] ?? '';
}

/** Two different products that are in stock: all but those whose number ends in 0. */
export function twoLines(products: number): { sku: string; quantity: number }[] {
  const half = Math.floor(products / 20) * 10;
  const first = randomInt(half / 10) * 10 + randomInt(1, 10);
  const second = half + randomInt(half / 10) * 10 + randomInt(1, 10);
  return [
    { sku: `SKU-${first}-1`, quantity: 1 },
    { sku: `SKU-${second}-2`, quantity: 2 },
  ];
}

function assertPaid(order: string): void {
  if (!order.includes('"status":"confirmed"')) throw new Error(`Not paid for: ${order.slice(0, 400)}`);
}

function roundRobin<T>(list: readonly T[]): () => T {
  let turn = 0;
  return () => {
    const one = list[turn++ % list.length];
    if (one === undefined) throw new Error('There is nobody');
    return one;
  };
}

async function signUpAll(deployment: Deployment): Promise<Shopper[]> {
  const connection = openConnection(deployment.gatewayUrl);
  const shoppers: Shopper[] = [];
  while (shoppers.length < SHOPPERS) {
    const email = `shopper-${randomUUID()}@example.com`;
    const body = JSON.stringify({ name: 'Robin Vermeer', email, password: PASSWORD });
    const answer = await connection.expect(200, { method: 'POST', path: '/api/v1/auth/sign-up/email', body });
    shoppers.push({ email, authorization: `Bearer ${JSON.parse(answer).token}` });
  }
  // The first token has `order` fetch the keys of `auth`. On a busy machine that takes longer than a request waits for it.
  const headers = { authorization: shoppers[0]?.authorization ?? '' };
  const isAnswered = async () =>
    (await connection.ask({ method: 'GET', path: '/api/v1/orders', headers })).status === 200;
  await until(isAnswered, { what: 'order to have the keys of access tokens' });
  await connection.close();
  return shoppers;
}
