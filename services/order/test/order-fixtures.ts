import { planLines, returnableUnits, unsentUnits } from '../src/domain/fulfilment.ts';
import type { Order, OrderLine } from '../src/domain/order.ts';
import type { OrderInput } from '../src/domain/order-input.ts';
import { firstTry } from '../src/domain/payment.ts';
import type { WantedLine } from '../src/domain/pricing.ts';
import { planRefund, type RefundRequest } from '../src/domain/refund.ts';
import { transition } from '../src/domain/transition.ts';

/** A line of an order. */
export const makeLine = (over: Partial<OrderLine> = {}): OrderLine => ({
  sku: 'MUG',
  productId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
  sellerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d12',
  title: 'Mug',
  quantity: 2,
  unitPrice: { amount: 500, currency: 'EUR' },
  priceVersion: 1,
  discount: 0,
  tax: 0,
  taxExemption: 0,
  fulfilled: 0,
  refunded: 0,
  withdrawn: 0,
  returned: 0,
  ...over,
});

/** A pending order. */
export const makeOrder = (over: Partial<Order> = {}): Order => ({
  id: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d13',
  customerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d14',
  number: 10_000_001,
  guestEmail: null,
  cartId: null,
  status: 'pending',
  version: 1,
  total: { amount: 1000, currency: 'EUR' },
  taxIncluded: true,
  shipping: null,
  adjustments: [],
  details: {},
  captured: 0,
  refunded: 0,
  cancelRequested: false,
  reason: null,
  paymentProvider: 'sandbox',
  paymentToken: 'ok',
  ...firstTry,
  shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
  reservedAt: null,
  payBy: null,
  traceparent: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  lines: [makeLine()],
  ...over,
});

/** The order after an input. */
export const applyInput = (before: Order, input: OrderInput): Order => {
  const outcome = transition(before, input);
  if (outcome.kind === 'unchanged') return before;
  return {
    ...before,
    status: outcome.status,
    lines: outcome.lines ?? before.lines,
    captured: outcome.captured ?? before.captured,
    refunded: before.refunded + (outcome.refund ?? 0),
    cancelRequested: outcome.cancelRequested ?? before.cancelRequested,
    ...outcome.payment,
    // What the payment task does before it asks the provider.
    paymentAttempts: outcome.status === 'reserved' ? 1 : before.paymentAttempts,
  };
};

/** The order after several inputs. */
export const applyInputs = (inputs: readonly OrderInput[], from = makeOrder()): Order =>
  inputs.reduce(applyInput, from);

/** Something that is asked of a paid order; what cannot be planned changes nothing. */
export type OrderStep =
  | { send: WantedLine[] }
  | { refund: RefundRequest }
  | { back: WantedLine[]; withRefund: boolean };

export function takeStep(before: Order, step: OrderStep): Order {
  if ('send' in step) {
    const plan = planLines(before, step.send, null, unsentUnits);
    return plan.ok ? applyInput(before, { type: 'lines_fulfilled', lines: plan.lines }) : before;
  }
  if ('back' in step) return takeBack(before, step.back, step.withRefund);
  const plan = planRefund(before, step.refund, null);
  return plan.ok ? applyInput(before, { type: 'refund_booked', ...plan }) : before;
}

/** As `returnGoods` does: the refund is planned before the return, and both happen or neither. */
function takeBack(before: Order, back: WantedLine[], withRefund: boolean): Order {
  const plan = planLines(before, back, null, returnableUnits);
  if (!plan.ok) return before;
  const returned: OrderInput = { type: 'goods_returned', lines: plan.lines };
  if (!withRefund) return applyInput(before, returned);
  const refund = planRefund(before, { lines: plan.lines, returned: true }, null);
  return refund.ok ? applyInputs([returned, { type: 'refund_booked', ...refund }], before) : before;
}
