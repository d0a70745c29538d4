// What shoppers do while a drill disturbs the cluster. It runs as a pod there (run.ts), through the Service of the gateway, and
// talks to its starter in lines of JSON:  {"seller": …} asks for that account to be made a seller · {"shopping": true} · {"result": …}
// It ends its shopping when the file END appears, waits until every accepted order is decided, and tells the result.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@tradepost/client/client';

export type LoadResult = {
  requests: number;
  failures: number;
  accepted: number;
  settled: number;
  lost: number;
  /** The first failures, for whoever has to explain them. */
  examples: string[];
};

type Answer = { data?: unknown; error?: unknown; response: Response };
/** The calls that are made here, with the shapes that are read here. */
type Calls = {
  GET(path: string, o?: object): Promise<Answer>;
  POST(path: string, o?: object): Promise<Answer>;
};

const SHOPPERS = 4;
/** Two requests each time: well below the rate that the gateway grants an account. */
const PAUSE_MS = 150;
const SETTLE_MS = 120_000;
const address = { name: 'Drill', line1: '1 Drill Street', city: 'Berlin', postalCode: '10115', country: 'DE' };
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

function callsFor(baseUrl: string, token?: string): Calls {
  // as: the paths are chosen at run time here; what is read of the answers is checked where it is read.
  return createClient({ baseUrl, token: () => token }) as unknown as Calls;
}

const textOf = (data: unknown, key: string): string => {
  const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
  return typeof value === 'string' ? value : '';
};

async function untilAnswered(what: () => Promise<string>): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await what().catch(() => '');
    if (found !== '') return found;
    await sleep(200);
  }
  throw new Error('It was never answered');
}

type Account = { email: string; password: string };

async function signUp(baseUrl: string): Promise<Account & { token: string }> {
  const account = { email: `drill-${randomUUID()}@example.com`, password: randomUUID() };
  const options = { body: { name: 'Drill', ...account } };
  const post = () => callsFor(baseUrl).POST('/api/v1/auth/sign-up/email', options);
  return { ...account, token: await untilAnswered(async () => textOf((await post()).data, 'token')) };
}

/** Puts something on sale, as soon as the account may. */
async function stockShop(baseUrl: string): Promise<{ sku: string; productId: string }> {
  const { email, password } = await signUp(baseUrl);
  say({ seller: email });
  const sku = `DRILL-${randomUUID().slice(0, 8).toUpperCase()}`;
  const variants = [{ sku, price: { amount: 100, currency: 'EUR' }, stock: 1_000_000 }];
  const product = { title: 'Drill', description: 'Only a drill.', variants };
  const productId = await untilAnswered(async () => {
    // Signed in anew each time: what an account may do is known for as long as its token is.
    await sleep(2000);
    const { data } = await callsFor(baseUrl).POST('/api/v1/auth/sign-in/email', { body: { email, password } });
    const options = { body: product, headers: { 'idempotency-key': sku } };
    return textOf((await callsFor(baseUrl, textOf(data, 'token')).POST('/api/v1/products', options)).data, 'id');
  });
  return { sku, productId };
}

async function shop(baseUrl: string, endFile: string): Promise<LoadResult> {
  const result: LoadResult = { requests: 0, failures: 0, accepted: 0, settled: 0, lost: 0, examples: [] };
  const { sku, productId } = await stockShop(baseUrl);
  const order = (calls: Calls, key: string) =>
    calls.POST('/api/v1/orders', {
      body: { lines: [{ sku, quantity: 1 }], shippingAddress: address, payment: { provider: 'sandbox', token: 'ok' } },
      headers: { 'idempotency-key': key },
    });
  const accounts = await Promise.all(Array.from({ length: SHOPPERS }, () => signUp(baseUrl)));
  const all = accounts.map(({ token }) => ({ token, calls: callsFor(baseUrl, token), orders: new Set<string>() }));
  // The first order waits until the catalogue has got around; it is not counted.
  for (const { calls } of all) await untilAnswered(async () => textOf((await order(calls, randomUUID())).data, 'id'));
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
  const shopper = async ({ token, calls, orders }: (typeof all)[number]): Promise<void> => {
    while (!existsSync(endFile)) {
      await attempt('order', async () => {
        const { data, response } = await order(calls, randomUUID());
        const id = textOf(data, 'id');
        if (id) orders.add(id);
        return response.status;
      });
      await attempt('page, new connection', () => getOnNewConnection(`${baseUrl}/api/v1/products/${productId}`, token));
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(all.map(shopper));
  for (const { calls, orders } of all) {
    result.accepted += orders.size;
    result.settled += await countSettled(calls, orders);
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

async function countSettled(calls: Calls, orders: ReadonlySet<string>): Promise<number> {
  const open = new Set(orders);
  const deadline = Date.now() + SETTLE_MS;
  while (open.size > 0 && Date.now() < deadline) {
    for (const id of open) {
      const status = await calls.GET(`/api/v1/orders/${id}`).then(
        ({ data }) => textOf(data, 'status'),
        () => '',
      );
      if (status !== '' && status !== 'pending' && status !== 'reserved') open.delete(id);
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
