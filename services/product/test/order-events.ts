import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData } from '@tradepost/contracts/events';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';

/** What `order` publishes; `lines` are of one currency at 19.99 each, unless they say otherwise. */
export function placed(
  lines: { sku: string; quantity: number; amount?: number; currency?: string }[],
  orderId = uuidv7(),
): CloudEvent<'order.placed.v1'> {
  const data: EventData<'order.placed.v1'> = {
    orderId,
    customerId: uuidv7(),
    placedAt: new Date().toISOString(),
    total: { amount: lines.reduce((sum, { quantity, amount = 1999 }) => sum + quantity * amount, 0), currency: 'EUR' },
    lines: lines.map(({ sku, quantity, amount = 1999, currency = 'EUR' }) => ({
      sku,
      quantity,
      unitPrice: { amount, currency },
      priceVersion: 1,
    })),
  };
  return newEvent({ source: 'order', type: 'order.placed.v1', subject: orderId, data });
}

export function confirmed({ data }: CloudEvent<'order.placed.v1'>): CloudEvent<'order.confirmed.v1'> {
  const { orderId, customerId, total } = data;
  const lines = data.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return newEvent({
    source: 'order',
    type: 'order.confirmed.v1',
    subject: orderId,
    data: { orderId, customerId, total, lines },
  });
}

export function cancelled({ data }: CloudEvent<'order.placed.v1'>): CloudEvent<'order.cancelled.v1'> {
  const { orderId } = data;
  const lines = data.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return newEvent({
    source: 'order',
    type: 'order.cancelled.v1',
    subject: orderId,
    data: { orderId, reason: 'payment_declined', lines },
  });
}

export function refunded(
  { data }: CloudEvent<'order.placed.v1'>,
  restock: { sku: string; quantity: number }[],
): CloudEvent<'order.refunded.v1'> {
  const { orderId, customerId, total } = data;
  return newEvent({
    source: 'order',
    type: 'order.refunded.v1',
    subject: orderId,
    data: { orderId, customerId, refundId: uuidv7(), amount: total, complete: true, restock },
  });
}

export function returned(
  { data }: CloudEvent<'order.placed.v1'>,
  lines: { sku: string; quantity: number }[],
): CloudEvent<'order.returned.v1'> {
  const { orderId, customerId } = data;
  const back = { orderId, customerId, returnId: uuidv7(), lines, restock: true };
  return newEvent({ source: 'order', type: 'order.returned.v1', subject: orderId, data: back });
}

/** The same event once more, as another publication of it. */
export const republished = <E extends CloudEvent>(event: E): E => ({ ...event, id: uuidv7() });
