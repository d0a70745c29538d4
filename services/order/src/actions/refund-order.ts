import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { isRefundable, planRefund, type RefundRequest } from '../domain/refund.ts';
import { lockOrders } from '../store/orders.ts';
import { insertRefunds, type Refund, refundByKey } from '../store/refunds.ts';
import { type Actor, mayHandle } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { Context } from './context.ts';
import { sameOr422 } from './fulfil-order.ts';

export type RefundOrder = { amount?: number; lines?: WantedLine[]; reason: string };

/**
 * Books a refund: the named lines, the named amount, or all that is left. It counts at once, so that two refunds never
 * give back more than was taken; the provider is asked behind the request until it has answered.
 */
export async function refundOrder(
  ctx: Context,
  actor: Actor,
  id: string,
  key: string,
  request: RefundOrder,
): Promise<Refund> {
  const hash = requestHash(request);
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const { order, seller } = mayHandle(locked.get(id) ?? null, id, actor);
    const before = await refundByKey(tx, { orderId: id, accountId: actor.accountId, key });
    if (before) return sameOr422(before.refund, before.requestHash, hash);
    const { refund, change } = prepareRefund(ctx, order, seller, request);
    await insertRefunds(tx, [{ ...refund, createdBy: actor.accountId, idempotencyKey: key, requestHash: hash }]);
    await applyTransitionsLocked(tx, ctx, locked, [change]);
    return refund;
  });
}

/**
 * A refund of a locked order, and the change that books it; refuses what cannot be refunded. Nothing is written yet. `seller` limits it to
 * their lines.
 */
export function prepareRefund(
  ctx: Pick<Context, 'now' | 'refundStepOf'>,
  order: Order,
  seller: string | null,
  request: RefundRequest & { reason: string },
): { refund: Refund; change: Change } {
  if (!isRefundable(order)) {
    throw new ProblemError('order_not_refundable', `The order is ${order.status}: there is nothing to refund`, {
      extra: { orderStatus: order.status },
    });
  }
  const plan = planRefund(order, request, seller, ctx.refundStepOf(order));
  if (!plan.ok) throw new ProblemError(plan.code, plan.detail, { errors: plan.errors });
  const { amount, lines, withdrawn } = plan;
  const { reason } = request;
  const refund: Refund = {
    ...{ id: uuidv7(), orderId: order.id, amount, reason, lines, createdAt: ctx.now() },
    status: amount > 0 ? 'pending' : 'done',
  };
  const change: Change = {
    orderId: order.id,
    input: { type: 'refund_booked', amount, lines, withdrawn },
    refund: { id: refund.id, amount, reason, withdrawn },
  };
  return { refund, change };
}
