import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createClient } from '@tradepost/client/client';
import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientTypes } from '../../packages/client/tools/types.ts';
import { openInProcess, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openInProcess();
});
afterAll(() => shop?.stop());

it('buys something through the typed client', async () => {
  const sku = await shop.sell(3, 900);
  let token: string | undefined;
  const client = createClient({ baseUrl: shop.site.gatewayUrl, token: () => token });
  const account = { name: 'Ada', email: `${randomUUID()}@example.com`, password: 'correct horse battery' };
  const { data: signedUp } = await client.POST('/api/v1/auth/sign-up/email', { body: account });
  token = signedUp?.token;
  const { data: found } = await client.GET('/api/v1/products', { params: { query: { q: sku } } });
  expect(found?.items.map((product) => product.variants[0]?.sku)).toEqual([sku]);
  const { data: order, response } = await client.POST('/api/v1/orders', {
    params: { header: { 'idempotency-key': randomUUID(), prefer: 'wait=20' } },
    body: {
      lines: [{ sku, quantity: 2 }],
      shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
      payment: { provider: 'sandbox', token: 'ok' },
    },
  });
  expect(response.status).toBe(201);
  expect(order).toMatchObject({ status: 'confirmed', total: { amount: 1800, currency: 'EUR' } });
  const { data, error } = await client.GET('/api/v1/orders/{id}', { params: { path: { id: randomUUID() } } });
  expect(data).toBeUndefined();
  expect(error).toMatchObject({ status: 404, code: 'not_found' });
});

it('is typed by what the services serve (npm run generate writes it)', async () => {
  const document = await until(async () => {
    const { body } = await sendRequest(shop.site, 'GET', '/openapi.json');
    const paths = Object.keys(body.paths);
    return ['/orders', '/products', '/auth'].every((part) => paths.some((path) => path.includes(part))) ? body : null;
  });
  const written = await readFile(new URL('../../packages/client/src/schema.ts', import.meta.url), 'utf8');
  expect(await clientTypes(document)).toBe(written);
});
