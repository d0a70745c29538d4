import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { planLines, unsentUnits } from '../domain/fulfilment.ts';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { isSendable } from '../domain/transition.ts';
import { type Fulfilment, fulfilmentByKey, insertFulfilment } from '../store/fulfilments.ts';
import { lockOrders } from '../store/orders.ts';
import { type Actor, mayDeliver, mayHandle } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Context } from './context.ts';
import { waitForOrder } from './wait-for-order.ts';

export type FulfilOrder = { lines?: WantedLine[]; carrier?: string; trackingNumber?: string };

/** `captureSeconds`: how long a parcel waits for money that is taken first. */
export type KeyedFulfilment = { key: string; request: FulfilOrder; captureSeconds: number };

/**
 * Records that units were sent: those named, or all that are left of the actor's lines. Where the money was only authorised, it is taken
 * first: nothing is sent that cannot be paid any more.
 */
export async function fulfilOrder(
  ctx: Context,
  actor: Actor,
  id: string,
  wanted: KeyedFulfilment,
): Promise<Fulfilment> {
  const made = await tryToFulfil(ctx, actor, id, wanted);
  if (!('capturing' in made)) return made;
  const captured = await waitForOrder(ctx, made.capturing, wanted.captureSeconds, (order) => order.captureRequested);
  const again = captured.captureRequested ? made : await tryToFulfil(ctx, actor, id, wanted);
  if (!('capturing' in again)) return again;
  throw new ProblemError(
    'payment_not_captured',
    'The payment provider has not yet said that it took the money: send it again soon',
    {
      extra: { orderStatus: captured.status },
    },
  );
}

/** The fulfilment, or the order whose money was asked for instead. */
async function tryToFulfil(
  ctx: Context,
  actor: Actor,
  id: string,
  { key, request }: KeyedFulfilment,
): Promise<Fulfilment | { capturing: Order }> {
  const hash = requestHash(request);
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const { order, seller } = mayHandle(locked.get(id) ?? null, id, actor);
    const before = await fulfilmentByKey(tx, { orderId: id, accountId: actor.accountId, key });
    if (before) return sameOr422(before.fulfilment, before.requestHash, hash);
    const needsCapture = order.status === 'authorized' && !order.sendsFirst && !order.cancelRequested;
    if (!isSendable(order) && !needsCapture) {
      throw new ProblemError('order_not_fulfillable', `The order is ${order.status}: only one that is paid is sent`, {
        extra: { orderStatus: order.status },
      });
    }
    const plan = planLines(order, request.lines, seller, unsentUnits);
    if (!plan.ok) throw new ProblemError('order_not_fulfillable', plan.detail, { errors: plan.errors });
    if (needsCapture) {
      const { orders } = await applyTransitionsLocked(tx, ctx, locked, [
        { orderId: id, input: { type: 'capture_requested' } },
      ]);
      return { capturing: orders.get(id) ?? order };
    }
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
