import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, placed } from './order-events.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ RESERVATION_TTL_MS: 100 });
});
afterAll(() => shop.service.stop());

describe('a reservation past its time', () => {
  it('is asked about until it is answered, and never freed by itself', async () => {
    const sku = newSku();
    await shop.as('seller').call('POST', '/api/v1/products', mug(sku));
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const { data: held } = await shop.told('stock.reserved.v1', order.subject);
    const { data } = await shop.told('stock.reservation-expired.v1', order.subject);
    expect(data).toEqual({ orderId: order.subject, expiredAt: held.expiresAt });
    expect((await shop.stock(sku)).reserved).toBe(4);
    const due = async () => {
      const { rows } = await shop.service.pool.query<{ reminders: number; wait: number }>({
        text: `select reminders, extract(epoch from remind_at - now())::int as wait from reservation where order_id = $1`,
        values: [order.subject],
      });
      return rows[0];
    };
    expect(await due()).toMatchObject({ reminders: 1 });
    await shop.service.pool.query({ text: 'update reservation set remind_at = now()' });
    await until(async () => (await due())?.reminders === 2);
    expect((await due())?.wait).toBeGreaterThan(100);
    await shop.publish(confirmed(order));
    expect(await shop.stock(sku)).toEqual({ onHand: 6, reserved: 0, available: 6 });
    await shop.service.pool.query({ text: 'update reservation set remind_at = now()' });
    // Another one that is due shows that the task has been round.
    const next = placed([{ sku, quantity: 1 }]);
    await shop.publish(next);
    await shop.told('stock.reservation-expired.v1', next.subject);
    expect((await due())?.reminders).toBe(2);
  });
});
