import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Order } from '../domain/order.ts';
import type { PaymentOutcome, PaymentProviders } from '../payments/provider.ts';
import { lockOrders } from '../store/orders.ts';
import { type Actor, mayPay } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Change } from './change.ts';
import { type PaymentChoice, problemOfChoice } from './offered-payment.ts';
import { inputOf, providerOf, startedPayment } from './payment-requests.ts';
import type { PaymentContext } from './process-payments.ts';
import { findOrder } from './read-orders.ts';
import { withTimeout } from './with-timeout.ts';

/** `offered` are the providers that a customer may name. */
export type PayContext = PaymentContext & { offered: PaymentProviders };

/**
 * Pays an order by another means, while its stock is reserved. A try that is still open is called off first, so that an order is
 * never paid twice. An order that is being paid, or was paid, stays as it is.
 */
export async function payOrder(ctx: PayContext, actor: Actor, id: string, choice: PaymentChoice): Promise<Order> {
  const order = mayPay(await findOrder(ctx.pool, id), id, actor);
  const problem = problemOfChoice(ctx.offered, choice, '');
  if (problem) throw problem;
  // An operator has said that the money of a transfer has come.
  if (order.status !== 'awaiting_payment' || order.captureRequested) return refuseEnded(order);
  const ended = order.paymentProblem === null ? await ask(ctx, order, 'cancel') : null;
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [order.id]);
    const current = locked.get(order.id) ?? order;
    if (current.paymentTry !== order.paymentTry || current.captureRequested) return current;
    const input = ended && inputOf(ended, current.paymentTry);
    const changes: Change[] = input ? [{ orderId: order.id, input }] : [];
    changes.push({ orderId: order.id, input: { type: 'payment_retried', ...choice } });
    const { orders } = await applyTransitionsLocked(tx, ctx, locked, changes);
    return orders.get(order.id) ?? current;
  });
}

/** Asks the provider now where the payment of an order stands, as when the shopper has come back from its page. */
export async function checkPayment(ctx: PaymentContext, actor: Actor, id: string): Promise<Order> {
  const order = mayPay(await findOrder(ctx.pool, id), id, actor);
  if (order.status !== 'awaiting_payment' || order.paymentProblem !== null) return order;
  const input = inputOf(await ask(ctx, order, 'authorize'), order.paymentTry);
  if (!input) return order;
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [order.id]);
    const { orders } = await applyTransitionsLocked(tx, ctx, locked, [{ orderId: order.id, input }]);
    return orders.get(order.id) ?? order;
  });
}

async function ask(ctx: PaymentContext, order: Order, question: 'cancel' | 'authorize'): Promise<PaymentOutcome> {
  try {
    return await withTimeout(ctx.timeoutMs, ctx.stopping, (signal) =>
      providerOf(ctx, order)[question](startedPayment(order), signal),
    );
  } catch (err) {
    ctx.log.warn({ err, orderId: order.id }, 'a payment provider did not answer');
    throw new ProblemError('unavailable', 'The payment provider does not answer: try again soon', { retryAfter: 5 });
  }
}

function refuseEnded(order: Order): Order {
  const { status } = order;
  if (status !== 'rejected' && status !== 'cancelled' && status !== 'refunded') return order;
  throw new ProblemError('order_not_payable', `The order is ${status}: there is nothing to pay any more`, {
    extra: { orderStatus: status },
  });
}
