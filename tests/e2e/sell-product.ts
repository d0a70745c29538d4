import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@tradepost/testing/postgres';
import { type Shopper, type Site, sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';

/** Puts a product on sale and waits until it can be ordered; answers its SKU. */
export async function sellProduct(
  site: Site,
  seller: Shopper,
  orders: TestDatabase,
  units: number,
  amount: number,
): Promise<string> {
  const sku = `SKU-${randomBytes(4).toString('hex')}`;
  const body = {
    title: `Mug ${sku}`,
    description: 'Holds tea.',
    variants: [{ sku, title: 'Blue', price: { amount, currency: 'EUR' }, stock: units }],
  };
  const made = await seller.call('POST', '/api/v1/products', { body, headers: { 'idempotency-key': sku } });
  if (made.status !== 201) throw new Error(`The product was answered ${made.status}: ${JSON.stringify(made.body)}`);
  await until(async () => (await sendRequest(site, 'GET', `/api/v1/products/${made.body.id}`)).status === 200);
  await until(
    async () => {
      const { rows } = await orders.pool.query({
        text: 'select 1 from sellable_variant where sku = $1',
        values: [sku],
      });
      return rows.length === 1;
    },
    { what: `${sku} to be known to order` },
  );
  return sku;
}
