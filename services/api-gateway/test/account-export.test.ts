import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ RATE_LIMIT_EXPORT: '2/3600' });
});
afterAll(() => gateway.stop());

const get = (accountId: string) =>
  fetch(`${gateway.url}/api/v1/account/export`, { headers: gateway.auth.issuer.headers({ accountId }) });

test('an export is refused beyond its rate, and whole or not at all', async () => {
  const accountId = uuidv7();
  const whole = await get(accountId);
  expect([whole.status, whole.headers.get('cache-control')]).toEqual([200, 'no-store']);
  // as: what the API answers.
  const { parts } = (await whole.json()) as { parts: Record<string, unknown> };
  expect(Object.keys(parts)).toEqual(['auth', 'product', 'order', 'notification', 'api-gateway']);
  await gateway.order.kill();
  const broken = await get(accountId);
  expect(broken.status).toBe(503);
  expect(await broken.text()).toContain('not complete without order');
  expect((await get(accountId)).status).toBe(429);
});
