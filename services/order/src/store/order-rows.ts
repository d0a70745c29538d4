import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Address, Order, OrderDetails, OrderLine, OrderShipping } from '../domain/order.ts';
import type { PaymentAction } from '../domain/payment.ts';
import type { Adjustment } from '../domain/pricing/adjustment.ts';

/** A row of `orders`, as `orderColumns` selects it. */
export type OrderRow = {
  id: string;
  number: number;
  customer_id: string;
  guest_email: string | null;
  cart_id: string | null;
  status: OrderStatus;
  version: number;
  amount: number;
  currency: string;
  shipping_address: Address;
  reason: string | null;
  cancel_requested: boolean;
  payment_provider: string;
  payment_token: string | null;
  payment_attempts: number;
  payment_try: number;
  payment_reference: string | null;
  payment_action: PaymentAction | null;
  payment_problem: string | null;
  capture_requested: boolean;
  sends_first: boolean;
  reserved_at: Date | null;
  pay_by: Date | null;
  captured: number;
  refunded: number;
  created_at: Date;
  updated_at: Date;
  traceparent: string | null;
  tax_included: boolean;
  shipping: OrderShipping | null;
  adjustments: Adjustment[];
  details: OrderDetails;
};

/** A row of `order_line`, as `lineColumns` selects it. */
export type LineRow = {
  sku: string;
  product_id: string;
  seller_id: string;
  title: string;
  quantity: number;
  amount: number;
  price_version: number;
  discount: number;
  tax: number;
  tax_exemption: number;
  fulfilled: number;
  refunded: number;
  withdrawn: number;
  returned: number;
};

export const orderColumns = `o.id, o.number, o.customer_id, o.guest_email, o.cart_id, o.status, o.version, o.amount, o.currency, o.shipping_address, o.reason,
  o.cancel_requested, o.payment_provider, o.payment_token, o.payment_attempts, o.payment_try,
  o.payment_reference, o.payment_action, o.payment_problem, o.capture_requested, o.sends_first, o.reserved_at, o.pay_by, o.captured, o.refunded,
  o.created_at, o.updated_at, o.traceparent, o.tax_included, o.shipping, o.adjustments, o.details`;

const lineNames = [
  ...['sku', 'product_id', 'seller_id', 'title', 'quantity', 'amount', 'price_version'],
  ...['discount', 'tax', 'tax_exemption', 'fulfilled', 'refunded', 'withdrawn', 'returned'],
];

/** Columns of `order_line l`. */
export const lineColumns = lineNames.map((name) => `l.${name}`).join(', ');

/**
 * The lines of order `o` as one JSON array. Only for statements that take no lock: one that waits for a lock would see the lines as
 * they were before it waited.
 */
export const linesAsJson = `(select json_agg(json_build_object(${lineNames.map((name) => `'${name}', l.${name}`).join(', ')})
  order by l.position) from order_line l where l.order_id = o.id) as lines`;

export function toOrder(row: OrderRow, lines: readonly LineRow[]): Order {
  const { currency } = row;
  return {
    id: row.id,
    number: row.number,
    customerId: row.customer_id,
    guestEmail: row.guest_email,
    cartId: row.cart_id,
    status: row.status,
    version: row.version,
    total: { amount: row.amount, currency },
    taxIncluded: row.tax_included,
    shipping: row.shipping,
    adjustments: row.adjustments,
    captured: row.captured,
    refunded: row.refunded,
    cancelRequested: row.cancel_requested,
    reason: row.reason,
    paymentProvider: row.payment_provider,
    paymentToken: row.payment_token,
    paymentAttempts: row.payment_attempts,
    paymentTry: row.payment_try,
    paymentReference: row.payment_reference,
    paymentAction: row.payment_action,
    paymentProblem: row.payment_problem,
    captureRequested: row.capture_requested,
    sendsFirst: row.sends_first,
    shippingAddress: row.shipping_address,
    details: row.details,
    reservedAt: row.reserved_at,
    payBy: row.pay_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    traceparent: row.traceparent,
    lines: lines.map((line) => toLine(line, currency)),
  };
}

function toLine(row: LineRow, currency: string): OrderLine {
  return {
    sku: row.sku,
    productId: row.product_id,
    sellerId: row.seller_id,
    title: row.title,
    quantity: row.quantity,
    unitPrice: { amount: row.amount, currency },
    priceVersion: row.price_version,
    discount: row.discount,
    tax: row.tax,
    taxExemption: row.tax_exemption,
    fulfilled: row.fulfilled,
    refunded: row.refunded,
    withdrawn: row.withdrawn,
    returned: row.returned,
  };
}
