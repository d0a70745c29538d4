import { ownRabbit } from '@tradepost/testing/rabbitmq';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, settled } from './audit.ts';
import { openAsProcesses, type Shop } from './shop.ts';

const rabbit = await ownRabbit();

describe.skipIf(!rabbit)('with product, auth and RabbitMQ stopped', () => {
  let shop: Shop;
  beforeAll(async () => {
    if (rabbit) shop = await openAsProcesses(rabbit.url);
  });
  afterAll(async () => {
    await shop?.stop();
    await rabbit?.drop();
  });

  it('takes the order of a shopper who is signed in, and confirms it once they are back', async () => {
    const sku = await shop.sell(10);
    const ada = await shop.shopper();
    expect((await ada.call('GET', '/api/v1/orders')).status).toBe(200);
    const away = ['auth-1', 'product-1'].map((name) => shop.deployment?.instances.get(name));
    for (const instance of away) await instance?.end('SIGKILL');
    await rabbit?.halt();

    const placed = await ada.buy([{ sku, quantity: 2 }]);
    expect(placed).toMatchObject({ status: 201, body: { status: 'pending' } });
    const late = await ada.buy([{ sku, quantity: 1 }], { prefer: 'wait=1' });
    expect(late).toMatchObject({ status: 201, body: { status: 'pending' } });
    const catalogue = await ada.call('GET', '/api/v1/products');
    expect(catalogue).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(catalogue.headers.get('retry-after')).toBeTruthy();

    // Even a restart of what takes the orders does not need those who are unavailable.
    const order = shop.deployment?.instances.get('order-1');
    await order?.end('SIGKILL');
    order?.start();
    const after = await until(async () => {
      const answer = await ada.buy([{ sku, quantity: 1 }]);
      return answer.status === 201 ? answer : null;
    });

    await rabbit?.start();
    for (const instance of away) instance?.start();
    for (const { body } of [placed, late, after]) {
      await until(async () => (await ada.call('GET', `/api/v1/orders/${body.id}`)).body.status === 'confirmed', {
        what: `order ${body.id} to be confirmed`,
      });
    }
    await settled(shop.books);
    // Nobody above needed sign-in, so it may still be starting; the audit's operator does.
    await until(async () => (await shop.admin.call('GET', '/api/v1/orders')).status === 200, {
      what: 'sign-in to be back',
    });
    await audit(shop.books, { accepted: [placed, late, after], stock: new Map([[sku, 10]]) });
  });
});
