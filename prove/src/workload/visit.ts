import { randomUUID } from 'node:crypto';
import { newOrder, type Shopper } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import { buyWithCart } from './cart-purchase.ts';
import { PASSWORD } from './fixtures.ts';
import { handleOrder } from './order-handling.ts';
import { cancel } from './order-requests.ts';
import type { Purchase } from './request-log.ts';
import {
  articlesOf,
  chooseLines,
  chooseWeighted,
  type Line,
  offSaleIfBanned,
  type PlacedOrder,
  readOrder,
  untilDecided,
  type Workload,
  wait,
} from './workload.ts';

/** Shares of the visits in which something happens besides the purchase. */
const shares = { browse: 0.6, list: 0.3, follow: 0.3, cancel: 0.07, session: 0.1, signIn: 0.02 };
const MOST_LINES = 3;

/** One visit: a shopper looks around and buys; then the order is followed, cancelled, sent or refunded, or nothing of that. */
export async function visit(o: Workload, random: Random): Promise<void> {
  const shopper = random.pick(o.fixtures.shoppers);
  await lookAround(o, random, shopper);
  const placed = random.chance(o.behaviour.carts)
    ? await buyWithCart(o, random, shopper)
    : await placeOrder(o, random, shopper);
  if (!placed) return;
  const lot = random.next();
  if (lot < o.behaviour.handled) {
    const decided = await untilDecided(o, placed);
    if (decided?.body.status === 'confirmed') await handleOrder(o, random, placed);
  } else if (lot < o.behaviour.handled + shares.cancel) {
    await wait(o, random.int(0, 1200));
    await cancel(o, placed);
  } else if (random.chance(shares.follow)) {
    await wait(o, random.int(100, 1000));
    await readOrder(o, placed);
  }
}

async function lookAround(o: Workload, random: Random, shopper: Shopper): Promise<void> {
  const { client, fixtures } = o;
  const get = { method: 'GET', accepts: [200] } as const;
  if (random.chance(shares.list)) await client(shopper, { ...get, kind: 'list', path: '/api/v1/products?limit=24' });
  if (random.chance(shares.browse)) {
    const { productId, seller } = random.pick(articlesOf(fixtures));
    const wasBanned = seller.isBanned;
    // What a banned seller had on sale may be gone.
    const isRefusal = ({ status }: { status: number }) => status === 404 && (wasBanned || seller.isBanned);
    await client(undefined, { ...get, kind: 'product', path: `/api/v1/products/${productId}`, isRefusal });
  }
  if (random.chance(shares.session))
    await client(shopper, { ...get, kind: 'session', path: '/api/v1/auth/get-session' });
  if (random.chance(shares.signIn)) {
    const body = { email: shopper.email, password: PASSWORD };
    const path = '/api/v1/auth/sign-in/email';
    await client(undefined, { kind: 'signIn', method: 'POST', path, body, accepts: [200] });
  }
}

async function placeOrder(o: Workload, random: Random, shopper: Shopper): Promise<PlacedOrder | undefined> {
  const lines = chooseLines(o, random, MOST_LINES);
  return order(o, shopper, { lines, token: chooseWeighted(o.behaviour.tokens, random) });
}

/** Orders by `POST /orders` under a key of its own. */
export async function order(
  o: Workload,
  shopper: Shopper,
  { lines, token }: { lines: readonly Line[]; token: string },
): Promise<PlacedOrder | undefined> {
  const purchase: Purchase = {
    ...{ key: randomUUID(), email: shopper.email, lines, token },
    ...{ orderId: undefined, outcome: 'unknown' },
  };
  o.requestLog.purchases.push(purchase);
  const skus = lines.map(({ sku }) => sku);
  const { answer, outcome } = await o.client(shopper, {
    ...{ kind: 'order', method: 'POST', path: '/api/v1/orders' },
    body: newOrder(lines, token),
    headers: { 'idempotency-key': purchase.key },
    // 200: it had been accepted, and the response was lost.
    accepts: [201, 200],
    isRefusal: offSaleIfBanned(o, skus),
  });
  purchase.outcome = outcome;
  if (!answer || outcome !== 'acknowledged') return undefined;
  purchase.orderId = String(answer.body.id);
  o.requestLog.acknowledged.add(purchase.orderId);
  return { orderId: purchase.orderId, customer: shopper };
}
