// What shoppers do while a drill disturbs the cluster. It runs as a pod there (run.ts), through the Service of the gateway, and
// talks to its starter in lines of JSON:  {"seller": …} asks for that account to be made a seller · {"shopping": true} · {"result": …}
// It ends its shopping when the file END appears, waits until every accepted order is decided, and tells the result.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, apiFor, signUp, stockShop, untilAnswered } from './load-accounts.ts';

export type LoadResult = {
  requests: number;
  failures: number;
  accepted: number;
  settled: number;
  lost: number;
  /** The first failures, for whoever has to explain them. */
  examples: string[];
};

const SHOPPERS = 4;
/** Two requests each time: well below the rate that the gateway grants an account. */
const PAUSE_MS = 150;
const SETTLE_MS = 120_000;
const address = { name: 'Drill', line1: '1 Drill Street', city: 'Berlin', postalCode: '10115', country: 'DE' };
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

async function shop(baseUrl: string, endFile: string): Promise<LoadResult> {
  const result: LoadResult = { requests: 0, failures: 0, accepted: 0, settled: 0, lost: 0, examples: [] };
  const { sku, productId } = await stockShop(baseUrl, (seller) => say({ seller }));
  const order = (api: Api) =>
    api.POST('/api/v1/orders', {
      params: { header: { 'idempotency-key': randomUUID() } },
      body: { lines: [{ sku, quantity: 1 }], shippingAddress: address, payment: { provider: 'sandbox', token: 'ok' } },
    });
  const accounts = await Promise.all(Array.from({ length: SHOPPERS }, () => signUp(baseUrl)));
  const all = accounts.map(({ token }) => ({ token, api: apiFor(baseUrl, token), orders: new Set<string>() }));
  // The first order waits until the catalogue has got around; it is not counted.
  for (const { api } of all) await untilAnswered(async () => (await order(api)).data?.id);
  say({ shopping: true });

  const attempt = async (what: string, request: () => Promise<number>): Promise<void> => {
    result.requests++;
    const outcome = await request().catch((error: unknown) =>
      error instanceof Error ? `${error.message} ${error.cause ?? ''}` : String(error),
    );
    if (typeof outcome === 'number' && outcome < 400) return;
    result.failures++;
    if (result.examples.length < 10) result.examples.push(`${new Date().toISOString()} ${what}: ${outcome}`);
  };
  const shopper = async ({ token, api, orders }: (typeof all)[number]): Promise<void> => {
    while (!existsSync(endFile)) {
      await attempt('order', async () => {
        const { data, response } = await order(api);
        if (data) orders.add(data.id);
        return response.status;
      });
      await attempt('page, new connection', () => getOnNewConnection(`${baseUrl}/api/v1/products/${productId}`, token));
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(all.map(shopper));
  for (const { api, orders } of all) {
    result.accepted += orders.size;
    result.settled += await countSettled(api, orders);
  }
  result.lost = result.accepted - result.settled;
  return result;
}

/** Kept connections hide what happens to new ones. */
function getOnNewConnection(url: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      url,
      { agent: false, timeout: 30_000, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer within 30 s')));
    request.once('error', reject);
  });
}

async function countSettled(api: Api, orders: ReadonlySet<string>): Promise<number> {
  const open = new Set(orders);
  const deadline = Date.now() + SETTLE_MS;
  while (open.size > 0 && Date.now() < deadline) {
    for (const id of open) {
      const status = await api.GET('/api/v1/orders/{id}', { params: { path: { id } } }).then(
        ({ data }) => data?.status,
        () => undefined,
      );
      if (status !== undefined && status !== 'pending' && status !== 'reserved') open.delete(id);
    }
    if (open.size > 0) await sleep(1000);
  }
  return orders.size - open.size;
}

const [baseUrl, endFile] = process.argv.slice(2);
if (!baseUrl || !endFile) {
  process.stderr.write('usage: load <url of the gateway> <file that ends it>\n');
  process.exit(2);
}
say({ result: await shop(baseUrl, endFile) });
