import { openTcpProxy, type TcpProxy } from '@tradepost/prove/cluster/tcp-proxy';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInProcess, type Shop } from './shop.ts';

describe('while the database of product is stopped', () => {
  let shop: Shop;
  let proxy: TcpProxy;
  let isStopped = false;
  beforeAll(async () => {
    shop = await openInProcess({
      async databaseUrl(name, url) {
        if (name !== 'product') return url;
        const through = new URL(url);
        const port = Number(through.port);
        proxy = await openTcpProxy('product-db', () => (isStopped ? [] : [{ port }]));
        through.port = String(proxy.port);
        return through.href;
      },
    });
  });
  afterAll(async () => {
    await shop.stop();
    await proxy.close();
  });

  const pageOf = async (sku: string): Promise<string> => {
    const found = { text: 'select product_id from stock where sku = $1', values: [sku] };
    const { rows } = await shop.databases.product.pool.query<{ product_id: string }>(found);
    return `/api/v1/products/${rows[0]?.product_id}`;
  };

  it('pages that were read before are answered as they were, and the others are once it is back', async () => {
    const [known, unknown] = [await shop.sell(10), await shop.sell(10)];
    const [page, other] = [await pageOf(known), await pageOf(unknown)];
    const ada = await shop.shopper();
    const { slug } = (await ada.call('GET', page)).body;
    const before = await ada.call('GET', `/api/v1/products/${slug}`);
    expect(before.status).toBe(200);

    isStopped = true;
    proxy.cut();
    // What was read a moment ago is fresh for a second; this goes on for longer, and nobody waits.
    const end = performance.now() + 2_500;
    let answered = 0;
    while (performance.now() < end || answered < 6) {
      for (const path of [page, `/api/v1/products/${slug}`]) {
        const answer = await ada.call('GET', path);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual(before.body);
        answered++;
      }
    }

    // Begun while the database is unavailable, answered once it is back.
    const waiting = ada.call('GET', other);
    isStopped = false;
    expect((await waiting).status).toBe(200);
  });

  it('shows the change that is made afterwards', async () => {
    const page = await pageOf(await shop.sell(10));
    const { body, headers } = await shop.seller.call('GET', page);
    const title = `${body.title}, new`;
    const change = { body: { title }, headers: { 'if-match': headers.get('etag') ?? '' } };
    expect((await shop.seller.call('PATCH', page, change)).status).toBe(200);
    const ada = await shop.shopper();
    await until(async () => (await ada.call('GET', page)).body.title === title);
  });
});
