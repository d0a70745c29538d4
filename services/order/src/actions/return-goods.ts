import { hasPermission } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { planLines, returnableUnits } from '../domain/fulfilment.ts';
import { internalKey } from '../domain/internal-key.ts';
import { lineTotal } from '../domain/line-worth.ts';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { lockOrders } from '../store/orders.ts';
import { insertRefunds } from '../store/refunds.ts';
import { type GoodsReturn, insertReturn, returnByKey } from '../store/returns.ts';
import { type Actor, mayHandle } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { Context } from './context.ts';
import { sameOr422 } from './fulfil-order.ts';
import { prepareRefund } from './refund-order.ts';

/** `restock` is true and `refund` false where they are missing: money goes back only where the request says so. */
export type ReturnGoods = { lines?: WantedLine[]; reason: string; restock?: boolean; refund?: boolean };

/**
 * Records that units came back: those named, or all of the actor's lines that were sent and did not come back yet. With `refund`, what
 * was paid for them is given back in the same transaction.
 */
export async function returnGoods(
  ctx: Context,
  actor: Actor,
  id: string,
  key: string,
  request: ReturnGoods,
): Promise<GoodsReturn> {
  const hash = requestHash(request);
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const { order, seller } = mayHandle(locked.get(id) ?? null, id, actor);
    if (request.refund) assertMayRefund(actor);
    const before = await returnByKey(tx, { orderId: id, accountId: actor.accountId, key });
    if (before) return sameOr422(before.made, before.requestHash, hash);
    const plan = planLines(order, request.lines, seller, returnableUnits);
    if (!plan.ok) throw new ProblemError('order_not_returnable', plan.detail, { errors: plan.errors });
    const { lines } = plan;
    const { reason, restock = true } = request;
    const booked =
      request.refund && wasPaidFor(order, lines)
        ? prepareRefund(ctx, order, seller, { lines, reason, returned: true })
        : null;
    const made: GoodsReturn = {
      ...{ id: uuidv7(), orderId: id, lines, restock, reason },
      refundId: booked?.refund.id ?? null,
      createdAt: ctx.now(),
    };
    const author = { createdBy: actor.accountId, requestHash: hash };
    // The same account may have refunded with `key` before.
    const refundKey = internalKey(`return ${made.id}`);
    if (booked) await insertRefunds(tx, [{ ...booked.refund, ...author, idempotencyKey: refundKey }]);
    await insertReturn(tx, { ...made, ...author, idempotencyKey: key });
    const returned: Change = {
      ...{ orderId: id, input: { type: 'goods_returned', lines } },
      goodsReturn: { ...made, refunded: booked?.refund.amount ?? 0 },
    };
    await applyTransitionsLocked(tx, ctx, locked, booked ? [returned, booked.change] : [returned]);
    return made;
  });
}

/** Goods that cost nothing come back without a refund, also where one is asked for. */
const wasPaidFor = (order: Order, lines: readonly WantedLine[]): boolean =>
  order.lines.some((line) => lineTotal(order, line) > 0 && lines.some(({ sku }) => sku === line.sku));

/** The route asks operators for `orders:write` only; money is another permission. Sellers refund their own lines. */
function assertMayRefund(actor: Actor): void {
  if (actor.isOperator && !hasPermission(actor, 'refunds:write')) {
    throw new ProblemError('forbidden', 'You may record a return, but not refund it');
  }
}
