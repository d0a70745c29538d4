import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { newEvent } from '@tradepost/postgres/outbox';
import { unsentUnits } from '../domain/fulfilment.ts';
import type { Order } from '../domain/order.ts';
import type { OutgoingEvent } from '../domain/transition-result.ts';
import { type Change, traceOf } from './change.ts';

/** The event of one type about an order after a change. */
export function outgoingEvent(type: OutgoingEvent, order: Order, change: Change): CloudEvent {
  const { id: orderId, customerId, total, lines } = order;
  const head = { source: '/order', subject: orderId, traceparent: traceOf(order, change) };
  const all = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const reason = order.reason ?? '';
  switch (type) {
    case 'order.confirmed.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, total, lines: all } });
    case 'order.cancelled.v1':
      return newEvent({ ...head, type, data: { orderId, reason, lines: all } });
    case 'order.rejected.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, reason } });
    case 'order.delivered.v1':
      return newEvent({ ...head, type, data: { orderId, customerId } });
    case 'order.fulfilled.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...sent(order, change) } });
    case 'order.refunded.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...givenBack(order, change) } });
  }
}

function sent(order: Order, { fulfilment }: Change) {
  return {
    fulfilmentId: fulfilment?.id ?? order.id,
    complete: order.lines.every((line) => unsentUnits(line) === 0),
    lines: fulfilment?.lines ?? [],
    ...(fulfilment?.carrier ? { carrier: fulfilment.carrier } : {}),
    ...(fulfilment?.trackingNumber ? { trackingNumber: fulfilment.trackingNumber } : {}),
  };
}

function givenBack(order: Order, { refund }: Change) {
  return {
    refundId: refund?.id ?? order.id,
    amount: { amount: refund?.amount ?? 0, currency: order.total.currency },
    complete: order.status === 'refunded',
    restock: refund?.withdrawn ?? [],
  };
}

/** `product` holds stock for an order that does not exist here (it was never committed): it may let it go. */
export const unknownOrder = (orderId: string): CloudEvent =>
  newEvent({
    source: '/order',
    type: 'order.cancelled.v1',
    subject: orderId,
    data: { orderId, reason: 'unknown_order', lines: [] },
  });

/** The event that asks `product` to reserve; sent again, under another id, when no answer comes. */
export function orderPlaced(order: Order) {
  return newEvent({
    source: '/order',
    type: 'order.placed.v1',
    subject: order.id,
    traceparent: order.traceparent ?? undefined,
    data: {
      orderId: order.id,
      customerId: order.customerId,
      placedAt: order.createdAt.toISOString(),
      total: order.total,
      lines: order.lines.map(({ sku, quantity, unitPrice, priceVersion }) => ({
        sku,
        quantity,
        unitPrice,
        priceVersion,
      })),
    },
  });
}
