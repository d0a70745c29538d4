import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { planLines, unsentUnits } from '../domain/fulfilment.ts';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { type Fulfilment, fulfilmentByKey, insertFulfilment } from '../store/fulfilments.ts';
import { lockOrders } from '../store/orders.ts';
import { type Actor, mayDeliver, mayHandle } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Context } from './context.ts';

export type FulfilOrder = { lines?: WantedLine[]; carrier?: string; trackingNumber?: string };

/** Records that units were sent: those named, or all that are left of the actor's lines. */
export async function fulfilOrder(
  ctx: Context,
  actor: Actor,
  id: string,
  key: string,
  request: FulfilOrder,
): Promise<Fulfilment> {
  const hash = requestHash(request);
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const { order, seller } = mayHandle(locked.get(id) ?? null, id, actor);
    const before = await fulfilmentByKey(tx, { orderId: id, accountId: actor.accountId, key });
    if (before) return sameOr422(before.fulfilment, before.requestHash, hash);
    if (order.status !== 'confirmed') {
      throw new ProblemError('order_not_fulfillable', `The order is ${order.status}: only a confirmed one is sent`, {
        extra: { orderStatus: order.status },
      });
    }
    const plan = planLines(order, request.lines, seller, unsentUnits);
    if (!plan.ok) throw new ProblemError('order_not_fulfillable', plan.detail, { errors: plan.errors });
    const fulfilment: Fulfilment = {
      id: uuidv7(),
      orderId: id,
      lines: plan.lines,
      carrier: request.carrier ?? null,
      trackingNumber: request.trackingNumber ?? null,
      createdAt: ctx.now(),
    };
    await insertFulfilment(tx, { ...fulfilment, createdBy: actor.accountId, idempotencyKey: key, requestHash: hash });
    const input = { type: 'lines_fulfilled', lines: plan.lines } as const;
    await applyTransitionsLocked(tx, ctx, locked, [{ orderId: id, input, fulfilment }]);
    return fulfilment;
  });
}

/** What the key made before, if it was asked for the same. */
export function sameOr422<T>(before: T, hashBefore: Buffer, hash: Buffer): T {
  if (hashBefore.equals(hash)) return before;
  throw new ProblemError('idempotency_key_reused', 'This key was used with another request: send a new key');
}

/** Records that everything has arrived. Saying so again changes nothing. */
export async function deliverOrder(ctx: Context, actor: Actor, id: string): Promise<Order> {
  return ctx.pool.transaction(async (tx: Tx) => {
    const locked = await lockOrders(tx, [id]);
    const order = mayDeliver(locked.get(id) ?? null, id, actor);
    const { orders, changed } = await applyTransitionsLocked(tx, ctx, locked, [
      { orderId: id, input: { type: 'delivered' } },
    ]);
    const after = orders.get(id) ?? order;
    if (changed.has(id) || after.status === 'delivered') return after;
    throw new ProblemError('order_not_fulfillable', `The order is ${after.status}: only a fulfilled one is delivered`, {
      extra: { orderStatus: after.status },
    });
  });
}
