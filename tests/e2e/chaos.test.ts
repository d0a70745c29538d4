import { setTimeout as sleep } from 'node:timers/promises';
import { ownRabbit } from '@tradepost/testing/rabbitmq';
import type { Answer, Shopper } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, settled } from './audit.ts';
import { openAsProcesses, type Shop } from './shop.ts';

const rabbit = await ownRabbit();
const UNITS = 3000;
const SHOPPERS = 6;

describe.skipIf(!rabbit)('with every process killed and restarted in turn, and the broker restarted', () => {
  let shop: Shop;
  beforeAll(async () => {
    // Shoppers whose card is declined do not try again: their orders end with the deadline.
    if (rabbit) shop = await openAsProcesses(rabbit.url, { env: { PAYMENT_DEADLINE_MS: '10000' } });
  });
  afterAll(async () => {
    await shop?.stop();
    await rabbit?.drop();
  });

  it('settles every order that was accepted, none twice, and the stock adds up', async () => {
    const skus = await Promise.all([shop.sell(UNITS), shop.sell(UNITS), shop.sell(25)]);
    const shoppers = await Promise.all(Array.from({ length: SHOPPERS }, () => shop.shopper()));
    const accepted: Answer[] = [];
    const stopping = new AbortController();
    const buying = shoppers.map((shopper, n) => buyUntil(stopping.signal, shopper, n, skus, accepted));
    for (const instance of shop.deployment?.instances.values() ?? []) {
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        const code = await instance.end(signal);
        if (signal === 'SIGTERM') expect(code, `${instance.name} after SIGTERM`).toBe(0);
        instance.start();
        await instance.ready();
      }
    }
    // An account may have 20 unsettled orders: what waits of the restarts has to leave room for those of the outage.
    await until(async () => (await unsettledOrders(shop)) < 30, { what: 'the orders of the restarts to be settled' });
    await rabbit?.halt();
    const duringOutage = accepted.length;
    await waitForMore(accepted, duringOutage + 20);
    await rabbit?.start();
    await waitForMore(accepted, accepted.length + 20);
    stopping.abort();
    await Promise.all(buying);
    await settled(shop.books);
    await audit(shop.books, {
      accepted,
      stock: new Map(skus.map((sku, n) => [sku, n === 2 ? 25 : UNITS])),
    });
    expect(new Set(accepted.map((answer) => answer.body.id)).size).toBe(accepted.length);
    // Every shopper asked until there was an answer, so an order that nobody was told of would be a second one.
    const { rows } = await shop.databases.order.pool.query({ text: 'select 1 from orders' });
    expect(rows.length).toBe(accepted.length);
  });
});

/** Orders one thing after the other, each under a key of its own, and asks again until each is answered. */
async function buyUntil(
  signal: AbortSignal,
  shopper: Shopper,
  seed: number,
  skus: readonly string[],
  accepted: Answer[],
): Promise<void> {
  const tokens = ['ok', 'ok', 'ok', 'declined', 'flaky'];
  for (let n = seed; !signal.aborted; n++) {
    const [first = '', second = '', hot = ''] = skus;
    const lines = n % 7 === 0 ? [{ sku: hot, quantity: 1 }] : [first, second].map((sku) => ({ sku, quantity: 1 }));
    const answer = await shopper.buy(lines, { token: tokens[n % tokens.length] ?? 'ok', attempts: 500 });
    // 200: it had been accepted, and the answer was lost.
    expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
    accepted.push(answer);
    if (n % 11 === 0) await shopper.call('POST', `/api/v1/orders/${answer.body.id}/cancel`).catch(() => undefined);
    // Six shoppers in this rhythm always have orders under way, and leave most of the processor to the services that start.
    await sleep(100);
  }
}

async function unsettledOrders({ databases }: Shop): Promise<number> {
  const text = `select count(*)::int as count from orders where status in ('pending', 'reserved')`;
  const { rows } = await databases.order.pool.query<{ count: number }>({ text });
  return rows[0]?.count ?? 0;
}

const waitForMore = (accepted: readonly Answer[], count: number): Promise<boolean> =>
  until(() => accepted.length >= count, { what: `${count} orders to be accepted` });
