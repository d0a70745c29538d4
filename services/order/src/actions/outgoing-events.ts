import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { GuestContact, OrderSummary } from '@tradepost/contracts/events';
import { newEvent } from '@tradepost/postgres/outbox';
import { unsentUnits } from '../domain/fulfilment.ts';
import { guestCustomerId, orderToken } from '../domain/guest.ts';
import { lineTotal } from '../domain/line-worth.ts';
import type { Order } from '../domain/order.ts';
import { formatOrderNumber } from '../domain/order-number.ts';
import { totalsOf } from '../domain/pricing/totals.ts';
import type { OutgoingEvent } from '../domain/transition-result.ts';
import { type Change, traceOf } from './change.ts';
import type { Context } from './context.ts';

/** The events about an order after a change. */
export async function outgoingEvents(
  ctx: Context,
  types: readonly OutgoingEvent[],
  order: Order,
  change: Change,
): Promise<CloudEvent[]> {
  if (types.length === 0) return [];
  const summary = summaryOf(order, await encryptedContact(ctx, order));
  return types.map((type) => outgoingEvent(type, order, change, summary));
}

function outgoingEvent(type: OutgoingEvent, order: Order, change: Change, summary: OrderSummary): CloudEvent {
  const { id: orderId, customerId, total, lines } = order;
  const head = { source: '/order', subject: orderId, traceparent: traceOf(order, change) };
  const all = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const reason = order.reason ?? '';
  switch (type) {
    case 'order.confirmed.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, total, lines: all, summary } });
    case 'order.payment-needed.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...paymentNeeded(order), summary } });
    case 'order.cancelled.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, reason, lines: all, summary } });
    case 'order.rejected.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, reason, summary } });
    case 'order.delivered.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, summary } });
    case 'order.fulfilled.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...sent(order, change), summary } });
    case 'order.returned.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...cameBack(order, change), summary } });
    case 'order.refunded.v1':
      return newEvent({ ...head, type, data: { orderId, customerId, ...givenBack(order, change), summary } });
  }
}

/** What mails tell of the order. Its address is left out: whoever gets the mail knows it, and other services get the event too. */
function summaryOf(order: Order, guest: string | undefined): OrderSummary {
  const { currency } = order.total;
  const money = (amount: number) => ({ amount, currency });
  const { subtotal, discount, shipping, taxExemption, tax } = totalsOf(order.lines, order.adjustments);
  return {
    number: formatOrderNumber(order.number),
    placedAt: order.createdAt.toISOString(),
    ...(guest !== undefined && { guest }),
    ...(order.details.locale !== undefined && { locale: order.details.locale }),
    lines: order.lines.map((line) => ({
      sku: line.sku,
      title: line.title,
      sellerId: line.sellerId,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      total: money(lineTotal(order, line)),
    })),
    subtotal: money(subtotal),
    discount: money(discount),
    shipping: money(shipping),
    taxExemption: money(taxExemption),
    tax: money(tax),
    taxIncluded: order.taxIncluded,
    total: order.total,
  };
}

/** Undefined for an order of an account, also one that was a guest's before. */
async function encryptedContact(ctx: Context, { id, customerId, guestEmail: email, shippingAddress: { name } }: Order) {
  if (email === null) return undefined;
  const secret = await ctx.guestSecret();
  if (customerId !== guestCustomerId(secret, email)) return undefined;
  const contact: GuestContact = { email, name, token: orderToken(secret, id) };
  return ctx.encryptForMail(JSON.stringify(contact));
}

function paymentNeeded({ paymentAction: action, paymentProblem, payBy, updatedAt }: Order) {
  const isTransfer = action?.type === 'bank_transfer';
  return {
    reason: paymentProblem !== null ? ('declined' as const) : isTransfer ? ('transfer' as const) : ('action' as const),
    ...(isTransfer && { instructions: action.instructions }),
    payBy: (payBy ?? updatedAt).toISOString(),
  };
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

function cameBack(order: Order, { goodsReturn }: Change) {
  const { refundId = null, refunded = 0 } = goodsReturn ?? {};
  return {
    returnId: goodsReturn?.id ?? order.id,
    lines: goodsReturn?.lines ?? [],
    restock: goodsReturn?.restock ?? false,
    ...(refundId !== null && { refund: { refundId, amount: { amount: refunded, currency: order.total.currency } } }),
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
