import { Validator } from '@seriousme/openapi-schema-validator';
import { rabbitForTests, type TestRabbit } from '@tradepost/testing/rabbitmq';
import { type Answer, sendRequest, signIn } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, settled } from './audit.ts';
import { createContract } from './contract.ts';
import { openAsProcesses, openInProcess, type Shop } from './shop.ts';

const rabbit = await rabbitForTests();

describe.each([
  ['in one process, over memory', (_rabbit: TestRabbit | undefined) => openInProcess()],
  ['as processes, over RabbitMQ', (broker: TestRabbit | undefined) => openAsProcesses(broker?.url ?? '')],
] as const)('a purchase, %s', (name, open) => {
  const isSkipped = name.includes('RabbitMQ') && !rabbit;
  let shop: Shop;
  beforeAll(async () => {
    if (!isSkipped) shop = await open(rabbit);
  });
  afterAll(async () => {
    await shop?.stop();
    if (name.includes('RabbitMQ')) await rabbit?.drop();
  });
  const test = it.skipIf(isSkipped);

  test('goes from sign-up to a confirmed order, and on to delivery and refund', async () => {
    const sku = await shop.sell(20);
    const ada = await shop.shopper();
    const placed = await ada.buy([{ sku, quantity: 2 }], { prefer: 'wait=20' });
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'confirmed', total: { amount: 2500, currency: 'EUR' } },
    });
    await until(async () => (await shop.books.stockOf(sku)).onHand === 18);
    const path = `/api/v1/orders/${placed.body.id}`;
    const headers = { 'idempotency-key': 'once' };
    expect((await shop.seller.call('POST', `${path}/fulfilments`, { body: { carrier: 'Post' }, headers })).status).toBe(
      201,
    );
    expect((await ada.call('GET', path)).body.status).toBe('fulfilled');
    expect((await shop.seller.call('POST', `${path}/deliver`)).body.status).toBe('delivered');
    const refund = await shop.seller.call('POST', `${path}/refunds`, { body: { reason: 'broken' }, headers });
    expect(refund).toMatchObject({ status: 201, body: { amount: { amount: 2500, currency: 'EUR' } } });
    expect((await ada.call('GET', path)).body).toMatchObject({ status: 'refunded', payment: { status: 'refunded' } });
    const timeline = await ada.call('GET', `${path}/events`);
    expect(timeline.body.items.map((item: { type: string }) => item.type)).toEqual([
      'placed',
      'stock_reserved',
      'payment_captured',
      'lines_fulfilled',
      'delivered',
      'refund_booked',
    ]);
  });

  test('can be made from a cart', async () => {
    const sku = await shop.sell(5);
    const ada = await shop.shopper();
    const cart = await ada.call('POST', '/api/v1/carts');
    await ada.call('PUT', `/api/v1/carts/${cart.body.id}/lines/${sku}`, { body: { quantity: 3 } });
    const body = {
      shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
      payment: { provider: 'sandbox', token: 'ok' },
    };
    const placed = await ada.call('POST', `/api/v1/carts/${cart.body.id}/checkout`, {
      body,
      headers: { prefer: 'wait=20' },
    });
    expect(placed).toMatchObject({ status: 201, body: { status: 'confirmed', total: { amount: 3750 } } });
  });

  test('ends with every sandbox token as the token says, and puts the stock back where it was not paid', async () => {
    const sku = await shop.sell(10);
    const ada = await shop.shopper();
    const [ok, declined, timeout, flaky, processing] = await Promise.all(
      ['ok', 'declined', 'timeout', 'flaky', 'processing'].map((token) =>
        ada.buy([{ sku, quantity: 1 }], { token, prefer: 'wait=30' }),
      ),
    );
    expect(ok?.body.status).toBe('confirmed');
    expect(declined?.body).toMatchObject({ status: 'awaiting_payment', payment: { problem: 'payment_declined' } });
    const cancelled = await ada.call('POST', `/api/v1/orders/${declined?.body.id}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'cancelled' });
    expect(timeout?.body.status).toBe('confirmed');
    expect(flaky?.body.status).toBe('confirmed');
    expect(processing?.body.status).toBe('confirmed');
    await until(async () => (await shop.books.stockOf(sku)).available === 6);
  });

  test('is one order, however often it is asked for', async () => {
    const sku = await shop.sell(10);
    const ada = await shop.shopper();
    const key = 'the-same';
    const answers = await Promise.all(Array.from({ length: 10 }, () => ada.buy([{ sku, quantity: 1 }], { key })));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    await until(async () => (await shop.books.stockOf(sku)).onHand === 9);
    expect((await ada.buy([{ sku, quantity: 2 }], { key })).body.code).toBe('idempotency_key_reused');
  });

  test('sixty shoppers race for ten units: exactly ten get one', async () => {
    const sku = await shop.sell(10);
    const shoppers = await Promise.all(Array.from({ length: 60 }, () => shop.shopper()));
    const answers: Answer[] = await Promise.all(
      shoppers.map((shopper) => shopper.buy([{ sku, quantity: 1 }], { prefer: 'wait=30', attempts: 5 })),
    );
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    await settled(shop.books);
    const { rows } = await shop.databases.order.pool.query<{ status: string; n: number }>({
      text: `select o.status, count(*)::int as n from orders o join order_line l on l.order_id = o.id
        where l.sku = $1 group by o.status order by o.status`,
      values: [sku],
    });
    expect(rows).toEqual([
      { status: 'confirmed', n: 10 },
      { status: 'rejected', n: 50 },
    ]);
    await until(async () => (await shop.books.stockOf(sku)).reserved === 0);
    expect(await shop.books.stockOf(sku)).toMatchObject({ onHand: 0, reserved: 0, available: 0 });
    await audit(shop.books, { accepted: answers, stock: new Map([[sku, 10]]) });
  });

  test('is refused once the shopper has signed out', async () => {
    const sku = await shop.sell(1);
    const ada = await shop.shopper();
    const again = await signIn(shop.site, ada.email, 'correct horse battery');
    expect((await ada.call('GET', '/api/v1/orders')).status).toBe(200);
    expect((await ada.call('POST', '/api/v1/auth/sign-out')).status).toBe(200);
    await until(async () => (await ada.buy([{ sku, quantity: 1 }])).status === 401);
    expect((await again.call('GET', '/api/v1/orders')).status).toBe(200);
    expect((await sendRequest(shop.site, 'GET', '/api/v1/orders')).status).toBe(401);
  });

  test('was answered, all along, as /openapi.json says', async () => {
    const { body } = await until(async () => {
      const answer = await sendRequest(shop.site, 'GET', '/openapi.json');
      return Object.keys(answer.body.paths).some((path) => path.startsWith('/api/v1/orders')) ? answer : null;
    });
    const validation = await new Validator().validate(structuredClone(body));
    expect(validation).toMatchObject({ valid: true });
    expect(body.openapi).toMatch(/^3\.1\./);
    const check = createContract(body);
    const exchanges = shop.exchanges.filter(({ path }) => path.startsWith('/api/'));
    expect(exchanges.length).toBeGreaterThan(100);
    expect(exchanges.map(check).filter((problem) => problem !== null)).toEqual([]);
  });
});
