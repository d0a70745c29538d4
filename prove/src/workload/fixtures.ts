import { randomUUID } from 'node:crypto';
import { grantRole } from '@tradepost/auth/actions/ensure-account';
import type { Pool } from '@tradepost/postgres/pool';
import { type Shopper, type Site, signUp } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Random } from '../random.ts';
import { type ShopRules, setUpShopRules, TAX_CLASSES } from './shop-rules.ts';

/** Someone who sells. The session is another after each ban, which ends all sessions. */
export type Seller = {
  id: string;
  email: string;
  session: Shopper;
  /** Whether a ban was asked for and not lifted yet, or was lifted and the seller has not signed in again. */
  isBanned: boolean;
};

/** Something on sale. */
export type Article = { sku: string; productId: string; units: number; amount: number; seller: Seller };

/** The accounts and the articles of a run. */
export type Fixtures = {
  site: Site;
  admin: Shopper;
  /** All sellers. Some of those who sell what few want are banned for a while. */
  sellers: readonly Seller[];
  bannable: readonly Seller[];
  shoppers: readonly Shopper[];
  /** E-mail addresses of those who buy without an account. */
  guests: readonly string[];
  rules: ShopRules;
  /** Wanted by many, and plentiful. */
  hot: readonly Article[];
  /** Wanted by many, and soon gone. */
  lowStock: readonly Article[];
  /** One or two units each, for which shoppers race. */
  last: readonly Article[];
  /** Everything else; prices change here. */
  cold: readonly Article[];
};

export const PASSWORD = 'correct horse battery';
const PLENTY = 5_000_000;
const [HOT, LOW_STOCK, COLD] = [4, 3, 40];
const [LEAST_LAST, MOST_LAST] = [4, 60];
/** Sellers of what many want, and sellers of what few want. */
const [MAIN_SELLERS, SMALL_SELLERS] = [2, 3];

export type FixtureOptions = {
  gatewayUrl: string;
  auth: Pool;
  orders: Pool;
  shoppers: number;
  expectedOrders: number;
  random: Random;
};

/** Sets up the rules of prices, signs everybody up and puts everything on sale, through the public API where it has routes for it. */
export async function createFixtures(o: FixtureOptions): Promise<Fixtures> {
  // First: an instance keeps the rules for a second, so nothing may be priced before they are there.
  const rules = await setUpShopRules(o.orders, o.random.fork('rules'), o.expectedOrders);
  const site: Site = { gatewayUrl: o.gatewayUrl };
  const admin = await signUpWithRole(site, o.auth, 'admin');
  const sellers: Seller[] = [];
  for (let n = 0; n < MAIN_SELLERS + SMALL_SELLERS; n++) {
    const { account, session } = await signUpWithRole(site, o.auth, 'seller');
    sellers.push({ id: account.id, email: session.email, session, isBanned: false });
  }
  const shoppers: Shopper[] = [];
  for (let n = 0; n < o.shoppers; n++) shoppers.push(await signUp(site));
  const main = sellers.slice(0, MAIN_SELLERS);
  const small = sellers.slice(MAIN_SELLERS);
  const stock = async (prefix: string, o2: { count: number; units: (n: number) => number; by: readonly Seller[] }) => {
    const articles: Article[] = [];
    for (let n = 1; n <= o2.count; n++) {
      const seller = o2.by[n % o2.by.length];
      if (!seller) throw new RangeError('Articles need a seller');
      const amount = o.random.int(5, 120) * 100 - 1;
      const taxClass = TAX_CLASSES[n % TAX_CLASSES.length] ?? 'standard';
      articles.push(await putOnSale(seller, { sku: `${prefix}-${n}`, units: o2.units(n), amount, taxClass }));
    }
    return articles;
  };
  // Each article with low stock is wanted by about one order in twenty-five, so it is gone after a part of the time.
  const few = Math.max(5, Math.round(o.expectedOrders * 0.02));
  const last = Math.min(MOST_LAST, Math.max(LEAST_LAST, Math.round(o.expectedOrders * 0.01)));
  const fixtures = {
    ...{ site, admin: admin.session, sellers, bannable: small, shoppers, rules },
    guests: shoppers.map((_, n) => `guest-${n}-${randomUUID()}@example.com`),
    hot: await stock('HOT', { count: HOT, units: () => PLENTY, by: main }),
    lowStock: await stock('LOW', { count: LOW_STOCK, units: () => few, by: main }),
    last: await stock('LAST', { count: last, units: (n) => 1 + (n % 2), by: main }),
    cold: await stock('COLD', { count: COLD, units: () => PLENTY, by: small }),
  };
  await untilKnownToOrder(o.orders, HOT + LOW_STOCK + last + COLD);
  return fixtures;
}

async function signUpWithRole(site: Site, auth: Pool, role: 'admin' | 'seller') {
  const session = await until(() => signUp(site), { what: 'signing up' });
  const account = await grantRole(auth, session.email, role);
  if (!account) throw new Error(`There is no account of ${session.email}`);
  return { session, account };
}

const untilKnownToOrder = (orders: Pool, articles: number) =>
  until(
    async () => {
      const { rows } = await orders.query<{ n: number }>({ text: 'select count(*)::int as n from sellable_variant' });
      return rows[0]?.n === articles;
    },
    { what: 'the catalogue to be known to order' },
  );

async function putOnSale(
  seller: Seller,
  o: { sku: string; units: number; amount: number; taxClass: string },
): Promise<Article> {
  const { sku, units, amount, taxClass } = o;
  const variants = [{ sku, price: { amount, currency: 'EUR' }, stock: units }];
  const body = {
    title: `Article ${sku}`,
    description: 'On sale while everything else goes wrong.',
    taxClass,
    variants,
  };
  const { status, body: made } = await seller.session.call('POST', '/api/v1/products', {
    body,
    headers: { 'idempotency-key': sku },
  });
  if (status !== 201) throw new Error(`A product was answered ${status}: ${JSON.stringify(made)}`);
  return { sku, productId: String(made.id), units, amount, seller };
}
