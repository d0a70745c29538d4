import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres } from '@tradepost/postgres/embedded';
import { unlimitedSettings } from '@tradepost/testing/unlimited';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../src/health-check.ts';
import { customer, PASSWORD } from '../src/seed/accounts.ts';
import type { Answer, Api } from '../src/seed/api.ts';
import { type ShopProcess, startProcess } from './shop-process.ts';

const SKUS = ['MUG-MOSS', 'TAPES-4'] as const;
const SHOPPERS = 6;
/** Accepted orders after which the process is killed, each time. */
const KILL_AFTER = [12, 45];

type Attempt = { key: string; body: object; quantity: number; accepted: string | undefined };
type Order = { id: string; status: string };

let data: string;
let shop: ShopProcess | undefined;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'tradepost-kill-'));
  // For root, PostgreSQL runs as another user, who has to pass.
  await chmod(data, 0o711);
});
afterAll(async () => {
  shop?.kill('SIGKILL');
  await shop?.exit;
  await removePostgres(join(data, 'postgres'));
  await rm(data, { recursive: true, force: true });
});

async function open(): Promise<{ process: ShopProcess; api: Api; token: string }> {
  // Rates and limits are for one shopper, not for a test that stands for many.
  shop = startProcess(data, { env: unlimitedSettings });
  const { api } = await shop.ready();
  const { body } = await signIn(api, { email: customer.email, password: PASSWORD });
  return { process: shop, api, token: String(body.token) };
}

function attempt(index: number): Attempt {
  const quantity = 1 + (index % 2);
  // Most pay at once; of the others one is declined, and one answers only when it is asked again.
  const payment = index % 7 === 3 ? 'declined' : index % 7 === 5 ? 'flaky' : 'ok';
  return {
    key: randomUUID(),
    quantity,
    accepted: undefined,
    body: {
      lines: SKUS.map((sku) => ({ sku, quantity })),
      shippingAddress: { name: 'Robin', line1: 'Kai 1', city: 'Hamburg', postalCode: '20457', country: 'DE' },
      payment: { provider: 'sandbox', token: payment },
    },
  };
}

/** Sends it; an answer that was cut off leaves it open whether there is an order. */
async function send(api: Api, token: string, one: Attempt): Promise<Answer | undefined> {
  const headers = { 'idempotency-key': one.key };
  const answer = await api('POST', '/api/v1/orders', { token, body: one.body, headers }).catch(() => undefined);
  if (answer?.status === 201) one.accepted = String(answer.body.id);
  return answer;
}

/** Buys with several shoppers at once until the process is gone. */
async function buyUntilKilled(enough: number, attempts: Attempt[]): Promise<void> {
  const { process, api, token } = await open();
  const before = accepted(attempts).length;
  let alive = true;
  process.exit.then(() => {
    alive = false;
  });
  const shopper = async () => {
    while (alive) {
      const one = attempt(attempts.length);
      attempts.push(one);
      const answer = await send(api, token, one);
      if (answer) expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      if (accepted(attempts).length - before >= enough) process.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: SHOPPERS }, shopper));
  expect((await process.exit).signal).toBe('SIGKILL');
}

const accepted = (attempts: readonly Attempt[]) => attempts.filter((one) => one.accepted !== undefined);

async function allOrders(api: Api, token: string): Promise<Order[]> {
  const orders: Order[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await api('GET', `/api/v1/orders?limit=100${cursor && `&cursor=${cursor}`}`, { token });
    if (!Array.isArray(body.items)) throw new Error(JSON.stringify(body));
    orders.push(...body.items);
    if (typeof body.nextCursor !== 'string') return orders;
    cursor = encodeURIComponent(body.nextCursor);
  }
}

async function stockOf(api: Api, sku: string) {
  const { body } = await api('GET', `/api/v1/stock/${sku}`);
  return { onHand: Number(body.onHand), reserved: Number(body.reserved), available: Number(body.available) };
}

test('kill -9 during purchases: every order that was accepted settles, none twice, and the stock adds up', async () => {
  const first = await open();
  const initial = await Promise.all(SKUS.map((sku) => stockOf(first.api, sku)));
  first.process.kill('SIGKILL');
  await first.process.exit;

  const attempts: Attempt[] = [];
  for (const enough of KILL_AFTER) await buyUntilKilled(enough, attempts);

  const { process, api, token } = await open();
  const known = await allOrders(api, token);
  // What was answered 201 is there.
  const ids = new Set(known.map(({ id }) => id));
  for (const one of accepted(attempts)) expect(ids).toContain(one.accepted);
  expect(accepted(attempts).length).toBeGreaterThanOrEqual(KILL_AFTER.reduce((sum, one) => sum + one));

  // Every shopper who got no answer asks again, and every other one as well: nobody gets a second order.
  for (const one of attempts) {
    const before = one.accepted;
    const answer = await send(api, token, one);
    expect([200, 201]).toContain(answer?.status);
    if (before !== undefined) expect(answer?.body.id).toBe(before);
    one.accepted = String(answer?.body.id);
  }
  expect(new Set(attempts.map((one) => one.accepted)).size).toBe(attempts.length);

  const settled = await until(
    async () => {
      const orders = await allOrders(api, token);
      return orders.every(({ status }) => !['pending', 'reserved'].includes(status)) ? orders : undefined;
    },
    { what: 'every order to be settled' },
  );
  expect(settled.map(({ id }) => id).sort()).toEqual(attempts.map((one) => one.accepted ?? '').sort());

  const status = new Map(settled.map((order) => [order.id, order.status]));
  expect([...new Set(status.values())].sort()).toEqual(['awaiting_payment', 'confirmed']);
  // Whoever was declined goes back to the cart, which lets the stock go.
  for (const [id, now] of status) {
    if (now === 'awaiting_payment') await api('POST', `/api/v1/orders/${id}/cancel`, { token });
  }
  const sold = attempts
    .filter((one) => status.get(one.accepted ?? '') === 'confirmed')
    .reduce((sum, one) => sum + one.quantity, 0);
  for (const [index, sku] of SKUS.entries()) {
    const stock = await until(async () => {
      const now = await stockOf(api, sku);
      return now.reserved === 0 ? now : undefined;
    });
    expect(stock.onHand).toBe((initial[index]?.onHand ?? 0) - sold);
    expect(stock.available).toBe(stock.onHand);
  }
  process.kill('SIGTERM');
  expect(await process.exit).toEqual({ code: 0, signal: null });
});
