import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@tradepost/testing/free-port';
import type { Operation } from '../closed-loop.ts';
import { type Connection, openConnection } from '../http-client.ts';
import { startProcess, untilAnswered, untilEnded } from '../processes.ts';
import { cpuOf } from '../processor.ts';
import { anyTerm, twoLines } from '../shop.ts';
import { fillOnce } from './fill.ts';
import { installedVersion, installPeer } from './install.ts';
import { anyOf, buyer, type Peer, type PeerContext } from './peer.ts';

const PASSWORD = 'correct horse battery';
/** More than are on their way at once: a customer has one open order at a time. */
const CUSTOMERS = 24;
const PAGE = 24;

export const vendure: Peer = { name: 'Vendure', start };

/** The passwords are of no use to anybody, and must be those of the start when a database is found again. */
const settings = {
  NODE_ENV: 'production',
  VENDURE_DISABLE_TELEMETRY: 'true',
  ADMIN_PASSWORD: 'for-measurements-only-0123456789',
  COOKIE_SECRET: 'for-measurements-only-0123456789',
};

/** Installs, fills and starts Vendure: a server and a worker, as it recommends for production. */
async function start(context: PeerContext) {
  const { infrastructure, started, onProgress } = context;
  const { postgres } = infrastructure;
  const folder = await installPeer('vendure', { onProgress });
  const launch = async (program: string, database: string, more: Record<string, string> = {}) => {
    const port = await freePort();
    const own = { DATABASE_URL: postgres.url(database), PORT: String(port) };
    const args = [path.join(folder, program)];
    const one = startProcess(`Vendure's ${program}`, process.execPath, args, { ...settings, ...own, ...more });
    started.defer(() => one.stop());
    return { one, origin: `http://127.0.0.1:${port}` };
  };
  const database = await fillOnce(context, folder, async (unfinished) => {
    const more = { MAKE_TABLES: 'yes', CATALOGUE: context.catalogueFile };
    await untilEnded((await launch('seed.mjs', unfinished, more)).one);
  });
  onProgress('starting Vendure');
  const server = await launch('server.mjs', database);
  await untilAnswered(server.one, `${server.origin}/health`);
  const worker = await launch('worker.mjs', database);
  return {
    name: vendure.name,
    version: installedVersion(folder, '@vendure/core'),
    origin: server.origin,
    operations: await operationsOf(context, server.origin, database),
    requests: { read: 1, list: 1, search: 1, purchase: 1 },
    processors: { server: () => cpuOf(server.one.pid), worker: () => cpuOf(worker.one.pid), postgres: postgres.cpu },
    database,
    settled: async () => {
      const pending = `select from job_record where state in ('PENDING', 'RUNNING', 'RETRYING') limit 1`;
      while ((await postgres.run(database, pending)).rowCount !== 0) await sleep(100);
    },
  };
}

const READ = `query ($slug: String!) {
  product(slug: $slug) { id name slug description variants { id name sku priceWithTax currencyCode stockLevel } } }`;
const found = `items { productId productName slug priceWithTax { ... on PriceRange { min max } } currencyCode inStock }`;
const LIST = `query ($take: Int!) { search(input: { take: $take, groupByProduct: true }) { ${found} } }`;
const SEARCH = `query ($term: String!, $take: Int!) {
  search(input: { term: $term, take: $take, groupByProduct: true }) { ${found} } }`;
/** GraphQL runs the mutations of one request one after the other. */
const PURCHASE = `mutation ($lines: [AddItemInput!]!, $address: CreateAddressInput!, $shipping: [ID!]!) {
  addItemsToOrder(inputs: $lines) { errorResults { __typename } }
  setOrderShippingAddress(input: $address) { __typename }
  setOrderShippingMethod(shippingMethodId: $shipping) { __typename }
  transitionOrderToState(state: "ArrangingPayment") { __typename }
  addPaymentToOrder(input: { method: "sandbox", metadata: {} }) {
    __typename ... on Order { code state totalQuantity lines { id } } ... on ErrorResult { message } } }`;

async function operationsOf({ infrastructure, catalogue }: PeerContext, origin: string, database: string) {
  const { rows } = await infrastructure.postgres.run(database, 'select id, sku from product_variant');
  const variantIds = new Map<string, string>(rows.map(({ id, sku }) => [sku, String(id)]));
  const { rows: methods } = await infrastructure.postgres.run(database, 'select id from shipping_method');
  const idle = await signUpAll(origin);
  const purchase: Operation = async (connection) => {
    const customer = idle.pop();
    if (customer === undefined) throw new Error('More purchases at once than customers');
    const lines = twoLines(catalogue.length).map(({ sku, quantity }) => ({
      productVariantId: variantIds.get(sku),
      quantity,
    }));
    const variables = { lines, address, shipping: [String(methods[0]?.id)] };
    const body = await query(connection, PURCHASE, variables, { authorization: `Bearer ${customer}` });
    const isPaid = body.includes('"state":"PaymentSettled"') && body.includes('"totalQuantity":3');
    if (!isPaid) throw new Error(`Not paid for: ${body}`);
    idle.push(customer);
  };
  return {
    read: async (connection: Connection) => {
      const { slug, title } = anyOf(catalogue);
      const body = await query(connection, READ, { slug });
      if (!body.includes(`"name":"${title}"`)) throw new Error(`Not ${title}: ${body}`);
    },
    list: async (connection: Connection) => {
      const body = await query(connection, LIST, { take: PAGE });
      if (body.split('"slug"').length !== PAGE + 1) throw new Error(`Not a full page: ${body}`);
    },
    search: async (connection: Connection) => {
      const term = anyTerm();
      const body = await query(connection, SEARCH, { term, take: PAGE });
      if (!body.toLowerCase().includes(`"productname":"${term} `)) throw new Error(`Nothing ${term}: ${body}`);
    },
    purchase,
  };
}

const address = {
  fullName: `${buyer.firstName} ${buyer.lastName}`,
  streetLine1: buyer.line1,
  city: buyer.city,
  postalCode: buyer.postalCode,
  countryCode: buyer.country,
};

/** The text of the response; throws when GraphQL reports an error, which it does with status 200 as well. */
async function query(
  connection: Connection,
  text: string,
  variables: object,
  headers: Record<string, string> = {},
): Promise<string> {
  const body = JSON.stringify({ query: text, variables });
  const response = await connection.expect(200, { method: 'POST', path: '/shop-api', headers, body });
  if (response.startsWith('{"errors"')) throw new Error(`GraphQL reports an error: ${response.slice(0, 400)}`);
  return response;
}

const SIGN_UP = `mutation ($input: RegisterCustomerInput!) { registerCustomerAccount(input: $input) { __typename } }`;
const SIGN_IN = `mutation ($email: String!, $password: String!) {
  login(username: $email, password: $password) { __typename } }`;

/** The tokens of customers who are signed in. */
async function signUpAll(origin: string): Promise<string[]> {
  const connection = openConnection(origin);
  const tokens: string[] = [];
  const { firstName, lastName } = buyer;
  for (let n = 0; n < CUSTOMERS; n++) {
    const emailAddress = `shopper-${randomUUID()}@example.com`;
    await query(connection, SIGN_UP, { input: { emailAddress, firstName, lastName, password: PASSWORD } });
    const signIn = JSON.stringify({ query: SIGN_IN, variables: { email: emailAddress, password: PASSWORD } });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${origin}/shop-api`, { method: 'POST', headers, body: signIn });
    const token = response.headers.get('vendure-auth-token');
    if (token === null) throw new Error(`Vendure does not sign in: ${await response.text()}`);
    await response.body?.cancel();
    tokens.push(token);
  }
  await connection.close();
  return tokens;
}
