import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { apiAs, type DemoShop } from './shop.ts';
import { databaseOf, publish } from './staff.ts';

export type DeadLetters = {
  /** Lets `product` hear of an order being paid of which it holds nothing: it cannot handle that, and parks it. */
  park(orderId: string, subject?: string): Promise<CloudEvent>;
  /** Lets it hear of what would have come first; the dead letter can be handled from then on. */
  hold(orderId: string): Promise<void>;
  close(): Promise<void>;
};

const lines = [{ sku: 'MUG-MOSS', quantity: 1 }];
const total = { amount: 1800, currency: 'EUR' };

export async function openDeadLetters(shop: Pick<DemoShop, 'url' | 'data'>): Promise<DeadLetters> {
  const orders = await databaseOf(shop, 'order');
  const admin = await apiAs(shop, 'admin');
  return {
    async park(orderId, subject = orderId) {
      const event = confirmation(orderId, subject);
      await publish(orders, event);
      const address = `/api/v1/admin/product/dead-letters/${event.id}`;
      await until(async () => (await admin('GET', address)).status === 200, { what: 'the message to be parked' });
      return event;
    },
    async hold(orderId) {
      await publish(orders, placing(orderId));
      const address = `/api/v1/admin/product/reservations/${orderId}`;
      await until(async () => (await admin('GET', address)).body.status === 'held', { what: 'the stock to be held' });
    },
    close: () => orders.end(),
  };
}

function confirmation(orderId: string, subject: string): CloudEvent {
  const data = { orderId, customerId: uuidv7(), total, lines };
  return newEvent({ source: 'order', type: 'order.confirmed.v1', subject, data });
}

function placing(orderId: string): CloudEvent {
  const unitPrice = { amount: 1800, currency: 'EUR' };
  const data = {
    ...{ orderId, customerId: uuidv7(), placedAt: new Date().toISOString(), total },
    lines: lines.map((line) => ({ ...line, unitPrice, priceVersion: 1 })),
  };
  return newEvent({ source: 'order', type: 'order.placed.v1', subject: orderId, data });
}
