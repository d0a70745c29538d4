import { grantRole } from '@tradepost/auth/actions/ensure-account';
import type { Pool } from '@tradepost/postgres/pool';
import { type Shopper, type Site, signUp } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Random } from '../random.ts';

/** Something on sale. */
export type Article = { sku: string; productId: string; units: number; amount: number };

/** Who buys and sells, and what there is. */
export type Fixtures = {
  site: Site;
  admin: Shopper;
  seller: Shopper;
  shoppers: readonly Shopper[];
  /** Wanted by many, and plentiful. */
  hot: readonly Article[];
  /** Wanted by many, and soon gone. */
  scarce: readonly Article[];
  /** Everything else; prices change here. */
  cold: readonly Article[];
};

const PLENTY = 5_000_000;
const [HOT, SCARCE, COLD] = [4, 3, 40];

/** Signs everybody up and puts everything on sale, through the public API. `orders` is how many are to be expected. */
export async function createFixtures(o: {
  gatewayUrl: string;
  auth: Pool;
  orders: Pool;
  shoppers: number;
  expectedOrders: number;
  random: Random;
}): Promise<Fixtures> {
  const site: Site = { gatewayUrl: o.gatewayUrl };
  const withRole = async (role: 'admin' | 'seller') => {
    const someone = await until(() => signUp(site), { what: 'signing up' });
    await grantRole(o.auth, someone.email, role);
    return someone;
  };
  const [admin, seller] = [await withRole('admin'), await withRole('seller')];
  const shoppers: Shopper[] = [];
  for (let n = 0; n < o.shoppers; n++) shoppers.push(await signUp(site));
  // Each is wanted by about one order in twenty-five, so it is gone after a part of the time.
  const few = Math.max(5, Math.round(o.expectedOrders * 0.02));
  const stock = async (prefix: string, count: number, units: number) => {
    const articles: Article[] = [];
    for (let n = 1; n <= count; n++) {
      articles.push(await putOnSale(seller, { sku: `${prefix}-${n}`, units, amount: o.random.int(5, 120) * 100 - 1 }));
    }
    return articles;
  };
  const fixtures = {
    ...{ site, admin, seller, shoppers },
    hot: await stock('HOT', HOT, PLENTY),
    scarce: await stock('SCARCE', SCARCE, few),
    cold: await stock('COLD', COLD, PLENTY),
  };
  const wanted = HOT + SCARCE + COLD;
  await until(
    async () => {
      const { rows } = await o.orders.query<{ n: number }>({ text: 'select count(*)::int as n from sellable_variant' });
      return rows[0]?.n === wanted;
    },
    { what: 'the catalogue to be known to order' },
  );
  return fixtures;
}

async function putOnSale(seller: Shopper, o: { sku: string; units: number; amount: number }): Promise<Article> {
  const { sku, units, amount } = o;
  const variants = [{ sku, price: { amount, currency: 'EUR' }, stock: units }];
  const body = { title: `Article ${sku}`, description: 'On sale while everything else goes wrong.', variants };
  const { status, body: made } = await seller.call('POST', '/api/v1/products', {
    body,
    headers: { 'idempotency-key': sku },
  });
  if (status !== 201) throw new Error(`A product was answered ${status}: ${JSON.stringify(made)}`);
  return { sku, productId: String(made.id), units, amount };
}
