import { setTimeout as sleep } from 'node:timers/promises';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { type Answer, sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, settled } from './audit.ts';
import { openAsProcesses, type Shop } from './shop.ts';

const rabbit = await rabbitForTests();

describe.skipIf(!rabbit)('a service that is stopped under load, with a second instance there', () => {
  let shop: Shop;
  beforeAll(async () => {
    if (rabbit) shop = await openAsProcesses(rabbit.url, { replicas: { auth: 2, product: 2, order: 2 } });
  });
  afterAll(async () => {
    await shop?.stop();
    await rabbit?.drop();
  });

  it.each(['order', 'product', 'auth'])('%s: no request fails at the gateway', async (service) => {
    const sku = await shop.sell(10_000);
    const ada = await shop.shopper();
    const accepted: Answer[] = [];
    const failed: string[] = [];
    let asked = 0;
    const kinds: (() => Promise<Answer>)[] = [
      () => sendRequest(shop.site, 'GET', '/api/v1/products?limit=2'),
      () =>
        ada
          .call('GET', `/api/v1/stock/${sku}`)
          .then((answer) => (answer.status === 403 ? { ...answer, status: 200 } : answer)),
      () => ada.call('GET', '/api/v1/orders?limit=2'),
      () => ada.call('GET', '/api/v1/auth/get-session'),
      async () => {
        const answer = await ada.buy([{ sku, quantity: 1 }]);
        accepted.push(answer);
        return answer;
      },
    ];
    const stopping = new AbortController();
    // No client here asks twice: what fails, fails the test.
    const load = kinds.map(async (ask) => {
      while (!stopping.signal.aborted) {
        asked++;
        try {
          const { status, body } = await ask();
          if (status >= 400) failed.push(`${status} ${JSON.stringify(body)}`);
        } catch (err) {
          failed.push(String(err));
        }
        // As often as shoppers click: without a pause the load takes the processor from the services that start.
        await sleep(40);
      }
    });
    for (const n of [1, 2]) {
      const instance = shop.deployment?.instances.get(`${service}-${n}`);
      expect(await instance?.end('SIGTERM'), 'exit code').toBe(0);
      instance?.start();
      await instance?.ready();
    }
    stopping.abort();
    await Promise.all(load);
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
    await settled(shop.books);
    await audit(shop.books, { accepted, stock: new Map([[sku, 10_000]]) });
  });
});
