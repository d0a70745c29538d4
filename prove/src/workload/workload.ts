import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Shopper } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import type { Client, Exchange } from './client.ts';
import type { Article, Fixtures, Seller } from './fixtures.ts';
import type { RequestLog } from './request-log.ts';

/** How shoppers behave. */
export type Behaviour = {
  /** How they pay, by weight. The tokens are those of the sandbox. */
  tokens: Readonly<Record<string, number>>;
  /** Share of the purchases of something with low stock. */
  lowStock: number;
  /** Share of the purchases that are made with a cart. */
  carts: number;
  /** Share of the orders of which parcels, refunds, cancellations and deliveries are recorded. */
  handled: number;
  /** Share of the purchases of guests. */
  guests: number;
  /** Share of the purchases that name coupons. */
  coupons: number;
  /** Share of the purchases that expect the total of a quote. */
  quoted: number;
  /** Between two races for the last use of a coupon, in milliseconds. */
  couponRaceEveryMs: number;
  /** Between two races for the last unit of an article, in milliseconds. */
  stockRaceEveryMs: number;
};

export const usualBehaviour: Behaviour = {
  tokens: { ok: 72, declined: 7, flaky: 8, timeout: 2, '3ds': 8, processing: 3 },
  ...{ lowStock: 0.12, carts: 0.35, handled: 0.2, guests: 0.2, coupons: 0.3, quoted: 0.25 },
  ...{ couponRaceEveryMs: 15_000, stockRaceEveryMs: 15_000 },
};

/** What every part of the workload works with. */
export type Workload = {
  fixtures: Fixtures;
  client: Client;
  requestLog: RequestLog;
  behaviour: Behaviour;
  now: () => number;
  signal: AbortSignal;
};

export type Line = { sku: string; quantity: number };

/** Who buys: an account, or a guest, who has an e-mail address alone. */
export type Customer = { email: string; account: Shopper | undefined };

/** An order of which its customer was told. */
export type PlacedOrder = {
  orderId: string;
  customer: Customer;
  /** Opens the order of a guest. */
  guestToken: string | undefined;
  /** The means of payment of whoever placed it, as far as is known. */
  token: string;
};

export const accountCustomer = (account: Shopper): Customer => ({ email: account.email, account });

export function chooseCustomer({ fixtures, behaviour }: Workload, random: Random): Customer {
  return random.chance(behaviour.guests)
    ? { email: random.pick(fixtures.guests), account: undefined }
    : accountCustomer(random.pick(fixtures.shoppers));
}

/** What a guest sends with an order in the place of an account. */
export const emailOfGuest = ({ email, account }: Customer): object => (account ? {} : { email });

/** The order of a response. */
export const placedOrder = (customer: Customer, token: string, { body }: Answer): PlacedOrder => ({
  token,
  orderId: String(body.id),
  customer,
  guestToken: customer.account ? undefined : String(body.token),
});

/** The path of an order, or of something that is done with it, as its customer asks for it. */
export const pathForCustomer = ({ orderId, guestToken }: PlacedOrder, action = ''): string =>
  `/api/v1/orders/${orderId}${action}${guestToken ? `?token=${guestToken}` : ''}`;

export const articlesOf = ({ hot, lowStock, last, cold }: Fixtures): readonly Article[] => [
  ...hot,
  ...lowStock,
  ...last,
  ...cold,
];

/** Between one and `most` different articles, of several sellers where there are several. */
export function chooseLines({ fixtures, behaviour }: Workload, random: Random, most: number): Line[] {
  const { hot, lowStock, cold } = fixtures;
  const chosen = new Map<string, number>();
  const add = (article: Article) => chosen.set(article.sku, random.chance(0.6) ? 1 : random.int(2, 3));
  if (random.chance(behaviour.lowStock)) add(random.pick(lowStock));
  if (random.chance(0.6)) add(random.pick(hot));
  if (chosen.size === 0 || random.chance(0.4)) add(random.pick(cold));
  for (let more = random.int(0, most - 1); more > 0 && chosen.size < most; more--) add(random.pick([...hot, ...cold]));
  return [...chosen].slice(0, most).map(([sku, quantity]) => ({ sku, quantity }));
}

export function chooseWeighted(weights: Readonly<Record<string, number>>, random: Random): string {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  let left = random.next() * sum;
  for (const [name, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return name;
  }
  return Object.keys(weights)[0] ?? '';
}

export const wait = (o: Pick<Workload, 'signal'>, ms: number): Promise<unknown> =>
  sleep(ms, undefined, { signal: o.signal }).catch(() => undefined);

const OFF_SALE = new Set(['not_for_sale', 'unknown_sku']);

/**
 * Whether a refusal is right because the seller of one of the SKUs was banned when the request began, or was banned meanwhile.
 * Called when the request begins; the result is called with the response. `skus` may grow meanwhile.
 */
export function offSaleIfBanned({ fixtures }: Workload, skus: Iterable<string>): (answer: Answer) => boolean {
  const bannedBefore = new Set(fixtures.bannable.filter(({ isBanned }) => isBanned));
  return ({ status, body }) => {
    if (status !== 422 || !OFF_SALE.has(String(body?.code))) return false;
    const wanted = new Set(skus);
    const sellers = articlesOf(fixtures).flatMap(({ sku, seller }) => (wanted.has(sku) ? [seller] : []));
    return sellers.some((seller) => seller.isBanned || bannedBefore.has(seller));
  };
}

/** Whether a seller was refused because a ban had ended the session. */
export function refusedIfBanned(seller: Seller): (answer: Answer) => boolean {
  const { session, isBanned } = seller;
  return ({ status }) =>
    (status === 401 || status === 403) && (isBanned || seller.isBanned || seller.session !== session);
}

/** How long the last of a seller's products may take to be shown again after a ban. */
const RESTORED_MS = 60_000;

/** Whether a product is not found because of a ban of its seller: what was on sale may be gone, and comes back product by product. */
export function goneIfBanned({ requestLog }: Workload, seller: Seller): (answer: Answer) => boolean {
  const wasBanned = seller.isBanned;
  const wasJustBanned = () =>
    requestLog.bans.some((ban) => ban.sellerId === seller.id && Date.now() - ban.liftedAt < RESTORED_MS);
  return ({ status }) => status === 404 && (wasBanned || seller.isBanned || wasJustBanned());
}

const DECISION_PATIENCE_MS = 20_000;

/** Asks for an order, less and less often, until it is decided; undefined if it is not in time. */
export async function untilDecided(o: Workload, placed: PlacedOrder): Promise<Answer | undefined> {
  let pause = 200;
  for (
    const until = performance.now() + DECISION_PATIENCE_MS;
    performance.now() < until;
    pause = Math.min(pause * 2, 4000)
  ) {
    await wait(o, pause);
    if (o.signal.aborted) return undefined;
    const { answer } = await readOrder(o, placed);
    const status = String(answer?.body?.status ?? 'pending');
    if (answer && status !== 'pending' && status !== 'reserved') return answer;
  }
  return undefined;
}

export const readOrder = (o: Workload, placed: PlacedOrder): Promise<Exchange> =>
  o.client(placed.customer.account, {
    ...{ kind: 'follow', method: 'GET', path: pathForCustomer(placed), accepts: [200] },
  });
