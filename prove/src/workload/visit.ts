import type { Random } from '../random.ts';
import { buyWithCart } from './cart-purchase.ts';
import { PASSWORD } from './fixtures.ts';
import { handleOrder } from './order-handling.ts';
import { buyWithoutCart } from './order-purchase.ts';
import { cancel } from './order-requests.ts';
import { finishPayment } from './waiting-payments.ts';
import {
  articlesOf,
  type Customer,
  chooseCustomer,
  goneIfBanned,
  readOrder,
  untilDecided,
  type Workload,
  wait,
} from './workload.ts';

/** Shares of the visits in which something happens besides the purchase. */
const shares = { browse: 0.6, list: 0.3, follow: 0.3, cancel: 0.07, session: 0.1, signIn: 0.02 };

/** Means of payment after which the customer has something to do, and the share of customers who do it. */
const WAITING_TOKENS = new Set(['3ds', 'declined']);
const STAYS = 0.85;

/** One visit: a shopper looks around and buys; then the order is followed, cancelled, sent or refunded, or nothing of that. */
export async function visit(o: Workload, random: Random): Promise<void> {
  const customer = chooseCustomer(o, random);
  await lookAround(o, random, customer);
  const placed = random.chance(o.behaviour.carts)
    ? await buyWithCart(o, random, customer)
    : await buyWithoutCart(o, random, customer);
  if (!placed) return;
  if (WAITING_TOKENS.has(placed.token) && random.chance(STAYS)) await finishPayment(o, random, placed);
  const lot = random.next();
  if (lot < o.behaviour.handled) {
    const decided = await untilDecided(o, placed);
    const status = decided?.body.status;
    if (status === 'confirmed' || status === 'authorized') await handleOrder(o, random, placed);
  } else if (lot < o.behaviour.handled + shares.cancel) {
    await wait(o, random.int(0, 1200));
    await cancel(o, placed);
  } else if (random.chance(shares.follow)) {
    await wait(o, random.int(100, 1000));
    await readOrder(o, placed);
  }
}

async function lookAround(o: Workload, random: Random, { account }: Customer): Promise<void> {
  const { client, fixtures } = o;
  const get = { method: 'GET', accepts: [200] } as const;
  if (random.chance(shares.list)) await client(account, { ...get, kind: 'list', path: '/api/v1/products?limit=24' });
  if (random.chance(shares.browse)) {
    const { productId, seller } = random.pick(articlesOf(fixtures));
    const isExpectedProblem = goneIfBanned(o, seller);
    await client(undefined, { ...get, kind: 'product', path: `/api/v1/products/${productId}`, isExpectedProblem });
  }
  if (!account) return;
  if (random.chance(shares.session))
    await client(account, { ...get, kind: 'session', path: '/api/v1/auth/get-session' });
  if (random.chance(shares.signIn)) {
    const body = { email: account.email, password: PASSWORD };
    const path = '/api/v1/auth/sign-in/email';
    await client(undefined, { kind: 'signIn', method: 'POST', path, body, accepts: [200] });
  }
}
