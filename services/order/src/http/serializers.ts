import type { Static } from 'typebox';
import type { PricedCart } from '../actions/carts.ts';
import { adjustmentView, totalsView } from '../actions/quote-view.ts';
import type { VisibleOrder, VisibleRefund } from '../actions/visible-part.ts';
import { lineTotal } from '../domain/line-worth.ts';
import type { OrderShipping } from '../domain/order.ts';
import { formatOrderNumber } from '../domain/order-number.ts';
import { totalsOf } from '../domain/pricing/totals.ts';
import type { Fulfilment } from '../store/fulfilments.ts';
import type { GoodsReturn } from '../store/returns.ts';
import type { TimelineEntry } from '../store/timeline.ts';
import type * as responses from './response-schemas.ts';

/** An order as it is answered to somebody who may see this much of it. */
export function orderView(order: VisibleOrder): Static<typeof responses.Order> {
  const { currency } = order.total;
  return {
    id: order.id,
    number: formatOrderNumber(order.number),
    status: order.status,
    ...(order.isSellersPart ? {} : { customerId: order.customerId }),
    ...(order.guestEmail !== null && { email: order.guestEmail }),
    lines: order.lines.map((line) => ({
      sku: line.sku,
      productId: line.productId,
      sellerId: line.sellerId,
      title: line.title,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: { amount: line.discount, currency },
      taxExemption: { amount: line.taxExemption, currency },
      tax: { amount: line.tax, currency },
      total: { amount: lineTotal(order, line), currency },
      fulfilled: line.fulfilled,
      refunded: line.refunded,
      withdrawn: line.withdrawn,
      returned: line.returned,
    })),
    ...totalsView(totalsOf(order.lines, order.adjustments), currency),
    taxIncluded: order.taxIncluded,
    adjustments: order.adjustments.map((adjustment) => adjustmentView(adjustment, currency)),
    total: order.total,
    ...(order.shipping && { shippingMethod: shippingMethodView(order.shipping) }),
    refunded: { amount: order.refunded, currency },
    shippingAddress: order.shippingAddress,
    ...order.details,
    payment: paymentView(order),
    cancelRequested: order.cancelRequested,
    ...(order.reason ? { reason: order.reason } : {}),
    version: order.version,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** An order as it is answered to whoever places it; with a token for a guest. */
export const placedOrderView = (
  order: VisibleOrder,
  token: string | undefined,
): Static<typeof responses.PlacedOrder> => ({
  ...orderView(order),
  ...(token !== undefined && { token }),
});

const shippingMethodView = ({ methodId, name, deliveryTime }: OrderShipping) => ({ id: methodId, name, deliveryTime });

function paymentView(order: VisibleOrder): Static<typeof responses.Order>['payment'] {
  const status = paymentStatus(order);
  if (order.isSellersPart) return { status };
  const { paymentProvider: provider, paymentReference, paymentAction, paymentProblem } = order;
  return {
    provider,
    status,
    ...(paymentReference !== null && { reference: paymentReference }),
    ...(status === 'requires_action' && paymentAction && { action: paymentAction }),
    ...(status === 'declined' && paymentProblem && { problem: paymentProblem }),
    ...(order.status === 'awaiting_payment' && order.payBy && { payBy: order.payBy.toISOString() }),
  };
}

function paymentStatus(order: VisibleOrder) {
  if (order.status === 'pending' || order.status === 'reserved') return 'waiting';
  if (order.status === 'awaiting_payment') return order.paymentProblem === null ? 'requires_action' : 'declined';
  if (order.status === 'authorized') return order.sendsFirst ? 'due' : 'authorized';
  if (order.status === 'rejected') return 'not_taken';
  if (order.captured > 0) return order.refunded === order.captured ? 'refunded' : 'captured';
  return order.status === 'cancelled' ? 'not_taken' : 'captured';
}

export function cartView(cart: PricedCart): Static<typeof responses.Cart> {
  return {
    id: cart.id,
    lines: cart.lines.map(({ sku, quantity, variant }) => ({
      sku,
      quantity,
      forSale: variant?.forSale ?? false,
      ...(variant?.sellerSuspended && { offSaleReason: 'seller_suspended' as const }),
      ...(variant
        ? {
            productId: variant.productId,
            title: variant.title,
            unitPrice: variant.price,
            total: { amount: variant.price.amount * quantity, currency: variant.price.currency },
          }
        : {}),
    })),
    total: cart.total,
    ...(cart.orderId ? { orderId: cart.orderId } : {}),
    ...(cart.mergedInto ? { mergedInto: cart.mergedInto } : {}),
    updatedAt: cart.updatedAt.toISOString(),
  };
}

export function fulfilmentView(fulfilment: Fulfilment): Static<typeof responses.Fulfilment> {
  const { id, orderId, lines, carrier, trackingNumber, createdAt } = fulfilment;
  return {
    id,
    orderId,
    lines,
    ...(carrier ? { carrier } : {}),
    ...(trackingNumber ? { trackingNumber } : {}),
    createdAt: createdAt.toISOString(),
  };
}

export function refundView(refund: VisibleRefund, currency: string): Static<typeof responses.Refund> {
  const { id, orderId, amount, status, reason, lines, createdAt } = refund;
  return {
    ...{ id, orderId, amount: { amount, currency }, status },
    ...(reason === null ? {} : { reason }),
    ...{ lines, createdAt: createdAt.toISOString() },
  };
}

export function returnView(made: GoodsReturn): Static<typeof responses.Return> {
  const { id, orderId, lines, restock, reason, refundId, createdAt } = made;
  return {
    ...{ id, orderId, lines, restock, reason },
    ...(refundId !== null && { refundId }),
    createdAt: createdAt.toISOString(),
  };
}

export function timelineView(entry: TimelineEntry): Static<typeof responses.TimelineEntry> {
  const { version, type, status, at, data } = entry;
  return { version, type, status, at: at.toISOString(), data };
}
