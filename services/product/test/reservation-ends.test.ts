import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelled, confirmed, placed, refunded, republished, returned } from './order-events.ts';
import { deadLetters, offer } from './reservations.ts';
import { openShop, type Shop } from './shop.ts';
import { stockRow } from './stock-figures.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('an order that ends', () => {
  it('sells its reserved units, once', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const paid = confirmed(order);
    await shop.publish(paid, republished(paid));
    await shop.publish(republished(paid));
    expect(await shop.stock(sku)).toEqual({ onHand: 6, reserved: 0, available: 6 });
    expect(await stockRow(shop, sku)).toEqual({ on_hand: 6, reserved: 0, sold: 4 });
    // Nobody listens to a sale, so there is no event about it.
    expect((await shop.answers(order.subject)).map(({ type }) => type)).toEqual(['stock.reserved.v1']);
  });

  it('releases its reserved units, once', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const end = cancelled(order);
    await shop.publish(end, republished(end));
    await shop.publish(republished(end));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect((await shop.told('stock.released.v1', order.subject)).data.lines).toEqual([{ sku, quantity: 4 }]);
  });

  it('holds nothing when its cancellation comes first', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(cancelled(order));
    await shop.publish(order, republished(order));
    const together = placed([{ sku, quantity: 4 }]);
    await shop.publish(cancelled(together), together);
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect(await shop.answers(order.subject)).toEqual([]);
  });

  it('puts back on sale what was sold, when it is cancelled after all', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order, confirmed(order));
    await shop.publish(refunded(order, [{ sku, quantity: 1 }]));
    expect((await shop.stock(sku)).onHand).toBe(7);
    const end = cancelled(order);
    await shop.publish(end);
    await shop.publish(republished(end), refunded(order, [{ sku, quantity: 4 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });

  it('puts goods that came back on sale, once', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order, confirmed(order));
    const back = returned(order, [{ sku, quantity: 3 }]);
    await shop.publish(back);
    await shop.publish(republished(back), back);
    expect(await shop.stock(sku)).toEqual({ onHand: 9, reserved: 0, available: 9 });
    expect(await stockRow(shop, sku)).toEqual({ on_hand: 9, reserved: 0, sold: 1 });
  });

  it('takes back no more than was sold, in however many parts', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    // Ahead of the confirmation, which it implies.
    await shop.publish(refunded(order, [{ sku, quantity: 3 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 9, reserved: 0, available: 9 });
    await shop.publish(confirmed(order), refunded(order, [{ sku, quantity: 3 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });

  it('becomes a dead letter when it is confirmed after it was released', async () => {
    const { sku } = await offer(shop, 10);
    const order = placed([{ sku, quantity: 4 }]);
    const before = { ...confirmed(order), time: new Date(Date.now() - 1000).toISOString() };
    await shop.publish(order);
    await shop.publish(cancelled(order));
    await shop.publish(before);
    expect(await deadLetters(shop, before.id)).toEqual([]);
    const after = { ...confirmed(order), time: new Date(Date.now() + 3_600_000).toISOString() };
    await shop.publish(after);
    expect((await deadLetters(shop, after.id))[0]?.error).toContain('nothing is held for it (released)');
    const never = confirmed(placed([{ sku, quantity: 1 }]));
    await shop.publish(never);
    expect((await deadLetters(shop, never.id))[0]?.error).toContain('never reserved');
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });
});
