import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, newOrder, type Shopper } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import type { Client } from './client.ts';
import type { Article, Fixtures } from './fixtures.ts';

/** What a shopper wanted to buy, and was told. */
export type Purchase = {
  key: string;
  email: string;
  lines: readonly { sku: string; quantity: number }[];
  /** Token of the sandbox. */
  token: string;
  /** The order that was answered; undefined if nobody ever answered, so that it may exist or not. */
  orderId: string | undefined;
};

/** What shoppers are after. */
export type Appetite = {
  /** How they pay, by weight. The tokens are those of the sandbox. */
  tokens: Readonly<Record<string, number>>;
  /** Share of the orders for something that is scarce. */
  scarce: number;
};

export const usualAppetite: Appetite = { tokens: { ok: 82, declined: 8, flaky: 8, timeout: 2 }, scarce: 0.12 };

export type Shopping = {
  fixtures: Fixtures;
  client: Client;
  purchases: Purchase[];
  appetite: Appetite;
  signal: AbortSignal;
};

/** Share of the purchases after which something else happens. */
const odds = {
  browse: 0.6,
  list: 0.3,
  follow: 0.35,
  cancel: 0.07,
  fulfil: 0.07,
  refund: 0.05,
  session: 0.1,
  signIn: 0.02,
};
const CONFIRM_PATIENCE_MS = 20_000;

/** One visit of a shopper: looks, buys, and sometimes follows, cancels, or is sent what was bought and sends it back. */
export async function visit(o: Shopping, random: Random): Promise<void> {
  const shopper = random.pick(o.fixtures.shoppers);
  const lines = chooseLines(o, random);
  await look(o, random, shopper, lines[0]?.sku ?? '');
  const purchase: Purchase = {
    key: randomUUID(),
    email: shopper.email,
    lines,
    token: weighted(o.appetite.tokens, random),
    orderId: undefined,
  };
  o.purchases.push(purchase);
  const answer = await o.client(shopper, {
    kind: 'order',
    method: 'POST',
    path: '/api/v1/orders',
    body: newOrder(lines, purchase.token),
    headers: { 'idempotency-key': purchase.key },
    // 200: it had been accepted, and the answer was lost.
    expected: [201, 200],
  });
  if (!answer) return;
  purchase.orderId = String(answer.body.id);
  await afterwards(o, random, shopper, purchase.orderId);
}

function chooseLines({ fixtures, appetite }: Shopping, random: Random): { sku: string; quantity: number }[] {
  const { hot, scarce, cold } = fixtures;
  const chosen = new Map<string, number>();
  const add = (article: Article) => chosen.set(article.sku, random.chance(0.8) ? 1 : random.int(2, 3));
  if (random.chance(appetite.scarce)) add(random.pick(scarce));
  if (random.chance(0.6)) add(random.pick(hot));
  if (chosen.size === 0 || random.chance(0.4)) add(random.pick(cold));
  return [...chosen].map(([sku, quantity]) => ({ sku, quantity }));
}

function weighted(weights: Readonly<Record<string, number>>, random: Random): string {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  let left = random.next() * sum;
  for (const [name, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return name;
  }
  return Object.keys(weights)[0] ?? 'ok';
}

async function look(o: Shopping, random: Random, shopper: Shopper, sku: string): Promise<void> {
  const { client, fixtures } = o;
  const get = { method: 'GET', expected: [200] } as const;
  if (random.chance(odds.list)) await client(shopper, { ...get, kind: 'list', path: '/api/v1/products?limit=24' });
  const article = [...fixtures.hot, ...fixtures.scarce, ...fixtures.cold].find((one) => one.sku === sku);
  if (article && random.chance(odds.browse)) {
    await client(undefined, { ...get, kind: 'product', path: `/api/v1/products/${article.productId}` });
  }
  if (random.chance(odds.session)) await client(shopper, { ...get, kind: 'session', path: '/api/v1/auth/get-session' });
  if (random.chance(odds.signIn)) {
    const body = { email: shopper.email, password: 'correct horse battery' };
    await client(undefined, {
      kind: 'signIn',
      method: 'POST',
      path: '/api/v1/auth/sign-in/email',
      body,
      expected: [200],
    });
  }
}

async function afterwards(o: Shopping, random: Random, shopper: Shopper, orderId: string): Promise<void> {
  const path = `/api/v1/orders/${orderId}`;
  const follow = () => o.client(shopper, { kind: 'follow', method: 'GET', path, expected: [200] });
  const lot = random.next();
  if (lot < odds.cancel) {
    await wait(o, random.int(0, 1200));
    // 409: it was declined, rejected or sent meanwhile.
    await o.client(shopper, { kind: 'cancel', method: 'POST', path: `${path}/cancel`, expected: [200, 409] });
  } else if (lot < odds.cancel + odds.fulfil + odds.refund) {
    if ((await untilDecided(o, follow)) !== 'confirmed') return;
    if (lot < odds.cancel + odds.fulfil) await send(o, path, random);
    else await refund(o, path, random);
  } else if (random.chance(odds.follow)) {
    await wait(o, random.int(100, 1000));
    await follow();
  }
}

async function untilDecided(o: Shopping, follow: () => Promise<Answer | undefined>): Promise<string> {
  let pause = 200;
  for (
    const until = performance.now() + CONFIRM_PATIENCE_MS;
    performance.now() < until;
    pause = Math.min(pause * 2, 4000)
  ) {
    await wait(o, pause);
    const status = String((await follow())?.body?.status ?? 'pending');
    if (status !== 'pending' && status !== 'reserved') return status;
    if (o.signal.aborted) return status;
  }
  return 'pending';
}

async function send(o: Shopping, path: string, random: Random): Promise<void> {
  const handle = { kind: 'handle', method: 'POST' } as const;
  const { seller } = o.fixtures;
  const keyed = () => ({ 'idempotency-key': randomUUID() });
  const sent = await o.client(seller, {
    ...handle,
    path: `${path}/fulfilments`,
    body: { carrier: 'Post' },
    headers: keyed(),
    expected: [201],
  });
  if (!sent) return;
  if (random.chance(0.5)) await o.client(seller, { ...handle, path: `${path}/deliver`, expected: [200] });
  if (random.chance(0.3)) await refund(o, path, random);
}

/** All of it, or a part of the money. */
async function refund(o: Shopping, path: string, random: Random): Promise<void> {
  const body = random.chance(0.5) ? { reason: 'broken' } : { reason: 'late', amount: random.int(1, 100) };
  await o.client(o.fixtures.seller, {
    kind: 'handle',
    method: 'POST',
    path: `${path}/refunds`,
    body,
    headers: { 'idempotency-key': randomUUID() },
    expected: [201],
  });
}

/** The seller changes the price of something that few want. */
export async function changePrice(o: Shopping, random: Random): Promise<void> {
  const { productId, sku } = random.pick(o.fixtures.cold);
  const path = `/api/v1/products/${productId}`;
  const seen = await o.client(undefined, { kind: 'product', method: 'GET', path, expected: [200] });
  if (!seen) return;
  const variants = [{ sku, price: { amount: random.int(5, 120) * 100 - 1, currency: 'EUR' } }];
  const headers = { 'if-match': seen.headers.get('etag') ?? '' };
  // 412: the answer to the first attempt was lost, or another was first.
  await o.client(o.fixtures.seller, {
    kind: 'change',
    method: 'PATCH',
    path,
    body: { variants },
    headers,
    expected: [200, 412],
  });
}

const wait = (o: Shopping, ms: number): Promise<unknown> =>
  sleep(ms, undefined, { signal: o.signal }).catch(() => undefined);
