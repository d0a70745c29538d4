import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@tradepost/testing/free-port';
import type { Connection } from '../http-client.ts';
import { type ServerProcess, startProcess, untilAnswered, untilEnded } from '../processes.ts';
import { cpuOf } from '../processor.ts';
import { anyTerm, twoLines } from '../shop.ts';
import { fillOnce } from './fill.ts';
import { installedVersion, installPeer } from './install.ts';
import { anyOf, buyer, type Peer, type PeerContext } from './peer.ts';

const PAGE = 24;

export const medusa: Peer = { name: 'Medusa', start };

/** The secret is of no use to anybody, and must be that of the start when a database is found again. */
const settings = {
  NODE_ENV: 'production',
  LOG_LEVEL: 'warn',
  MEDUSA_DISABLE_TELEMETRY: 'true',
  SECRET: 'for-measurements-only-0123456789',
};

/** Installs, fills and starts Medusa: one process that is server and worker, with all modules in memory that can be. */
async function start(context: PeerContext) {
  const { infrastructure, catalogue, started, onProgress } = context;
  const { postgres } = infrastructure;
  const folder = await installPeer('medusa', { onProgress });
  const launch = (database: string, args: string[], more: Record<string, string> = {}) => {
    const env = { ...settings, DATABASE_URL: postgres.url(database), ...more };
    const one = startProcess(`Medusa's ${args[0]}`, process.execPath, [path.join(folder, 'medusa.js'), ...args], env);
    started.defer(() => one.stop());
    return one;
  };
  const database = await fillOnce(context, folder, async (unfinished) => {
    await untilEnded(launch(unfinished, ['db:migrate']));
    await untilEnded(launch(unfinished, ['exec', './seed.js'], { CATALOGUE: context.catalogueFile }));
    const { rows } = await postgres.run(unfinished, 'select count(*) as number from product');
    // `medusa exec` ends with 0 when the script fails.
    if (Number(rows[0]?.number) !== catalogue.length) throw new Error('Medusa was not filled');
  });
  onProgress('starting Medusa');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = launch(database, ['start', '--host', '127.0.0.1', '--port', String(port)]);
  await untilAnswered(server, `${origin}/health`);
  return {
    name: medusa.name,
    version: installedVersion(folder, '@medusajs/medusa'),
    origin,
    operations: await operationsOf(context, database),
    requests: { read: 1, list: 1, search: 1, purchase: 5 },
    processors: { server: () => cpuOf(server.pid), postgres: postgres.cpu },
    database,
    settled: () => untilIdle(server),
  };
}

const IDLE_MS = 200;
const LONGEST_MS = 60_000;

/** Medusa handles its events in the same process and keeps no list of them: they are over when it has nothing more to do. */
async function untilIdle({ pid }: ServerProcess): Promise<void> {
  for (const deadline = Date.now() + LONGEST_MS; Date.now() < deadline; ) {
    const before = cpuOf(pid);
    await sleep(IDLE_MS);
    if (cpuOf(pid) - before < IDLE_MS / 20) return;
  }
  throw new Error('Medusa is busy a minute after the last request');
}

/** Prices and stock come only if they are asked for. */
const ITEM = 'id,title,handle,*variants.calculated_price';
const DETAILS = `${ITEM},description,variants.id,variants.title,variants.sku,variants.inventory_quantity`;

async function operationsOf({ infrastructure, catalogue }: PeerContext, database: string) {
  const idsBy = async (key: string, table: string) => {
    const { rows } = await infrastructure.postgres.run(database, `select id, ${key} as key from ${table}`);
    return new Map<string, string>(rows.map(({ id, key }) => [key, id]));
  };
  const variantIds = await idsBy('sku', 'product_variant');
  const [regionId] = (await idsBy('name', 'region')).values();
  const [optionId] = (await idsBy('name', 'shipping_option')).values();
  const [key = ''] = (await idsBy('token', `api_key where type = 'publishable'`)).keys();
  const headers = { 'x-publishable-api-key': key };
  const get = (connection: Connection, query: string) =>
    connection.expect(200, { method: 'GET', path: `/store/products?region_id=${regionId}&${query}`, headers });
  const post = async (connection: Connection, path: string, body: object) =>
    JSON.parse(await connection.expect(200, { method: 'POST', path, headers, body: JSON.stringify(body) }));
  return {
    read: async (connection: Connection) => {
      const { slug, title } = anyOf(catalogue);
      const body = await get(connection, `handle=${slug}&fields=${DETAILS}`);
      const isRight = body.includes(`"title":"${title}"`) && body.includes('"calculated_amount":');
      if (!isRight) throw new Error(`Not ${title}: ${body.slice(0, 400)}`);
    },
    list: async (connection: Connection) => {
      const body = await get(connection, `limit=${PAGE}&order=-created_at&fields=${ITEM}`);
      if (body.split('"handle"').length !== PAGE + 1) throw new Error(`Not a full page: ${body.slice(0, 400)}`);
    },
    search: async (connection: Connection) => {
      const term = anyTerm();
      const body = await get(connection, `q=${term}&limit=${PAGE}&fields=${ITEM}`);
      const isFound = body.toLowerCase().includes(`"title":"${term} `);
      if (!isFound) throw new Error(`Nothing ${term}: ${body.slice(0, 400)}`);
    },
    purchase: async (connection: Connection) => {
      const items = twoLines(catalogue.length).map(({ sku, quantity }) => ({
        variant_id: variantIds.get(sku),
        quantity,
      }));
      const { cart } = await post(connection, '/store/carts?fields=id', { region_id: regionId, items, ...guest });
      await post(connection, `/store/carts/${cart.id}/shipping-methods?fields=id`, { option_id: optionId });
      const { payment_collection: payment } = await post(connection, '/store/payment-collections?fields=id', {
        cart_id: cart.id,
      });
      const session = { provider_id: 'pp_system_default' };
      await post(connection, `/store/payment-collections/${payment.id}/payment-sessions?fields=id`, session);
      const fields = 'id,items.quantity,payment_collections.status';
      const completed = await post(connection, `/store/carts/${cart.id}/complete?fields=${fields}`, {});
      const isPaid = completed.type === 'order' && completed.order.payment_collections[0]?.status === 'authorized';
      if (!isPaid || completed.order.items.length !== 2) throw new Error(`Not paid for: ${JSON.stringify(completed)}`);
    },
  };
}

const guest = {
  email: 'robin.vermeer@example.com',
  shipping_address: {
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    address_1: buyer.line1,
    city: buyer.city,
    postal_code: buyer.postalCode,
    country_code: buyer.country.toLowerCase(),
  },
};
