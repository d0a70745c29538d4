import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Actor } from '../../src/actions/access.ts';
import { applyTransitions } from '../../src/actions/apply-transitions.ts';
import { cancelOrder } from '../../src/actions/cancel-order.ts';
import type { Context } from '../../src/actions/context.ts';
import { deliverOrder, type FulfilOrder, fulfilOrder } from '../../src/actions/fulfil-order.ts';
import { actorFor, claimOrder } from '../../src/actions/guests.ts';
import { type RefundOrder, refundOrder } from '../../src/actions/refund-order.ts';
import { orderToken } from '../../src/domain/guest.ts';
import type { OrderInput } from '../../src/domain/order-input.ts';

/** Who places the orders. */
export const GUEST = 'ada@example.com';

export const customer: Actor = { accountId: uuidv7(), role: 'customer' };
export const mugSeller: Actor = { accountId: uuidv7(), role: 'seller' };
export const teaSeller: Actor = { accountId: uuidv7(), role: 'seller' };
const admin: Actor = { accountId: uuidv7(), role: 'admin' };

/** The states that an order of 3 MUG (of one seller) and 1 TEA (of another) is in when two operations meet on it. */
export const states = ['pending', 'reserved', 'cancelling', 'confirmed', 'partly sent', 'fulfilled'] as const;
export type State = (typeof states)[number];

const open: readonly State[] = ['pending', 'reserved', 'cancelling'];
const paid: readonly State[] = ['confirmed', 'partly sent', 'fulfilled'];

export type OrderOperation = {
  name: string;
  /** The input of the state machine that it makes; none for what does not change the state. */
  input?: OrderInput['type'];
  /** The route that does it, by its `operationId`; none for messages, payments and timers. */
  route?: string;
  /** The states in which it can do something. */
  states: readonly State[];
  run(ctx: Context, orderId: string): Promise<unknown>;
};

const apply = (name: string, input: OrderInput, states: readonly State[]): OrderOperation => ({
  ...{ name, input: input.type, states },
  run: (ctx, orderId) => ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId, input }])),
});

const send = (name: string, actor: Actor, request: FulfilOrder): OrderOperation => ({
  ...{ name, input: 'lines_fulfilled', route: 'fulfilOrder', states: ['confirmed', 'partly sent'] },
  run: (ctx, id) => fulfilOrder(ctx, actor, id, uuidv7(), request),
});

const refund = (name: string, actor: Actor, request: Omit<RefundOrder, 'reason'>): OrderOperation => ({
  ...{ name, input: 'refund_booked', route: 'refundOrder', states: paid },
  run: (ctx, id) => refundOrder(ctx, actor, id, uuidv7(), { ...request, reason: 'test' }),
});

/** The order is a guest's; its token is used as the link would. */
const withToken = async (ctx: Context, id: string) => ({ id, token: orderToken(await ctx.guestSecret(), id) });

const cancel = (name: string, actor: Actor): OrderOperation => ({
  ...{ name, input: 'cancel_requested', route: 'cancelOrder', states: [...open, 'confirmed'] },
  run: (ctx, id) => cancelOrder(ctx, actor, id),
});

/** Everything that can change an order. A route or an input of the state machine that is missing here fails the test. */
export const operations: readonly OrderOperation[] = [
  apply('stock reserved', { type: 'stock_reserved' }, ['pending']),
  apply('stock rejected', { type: 'stock_rejected', reason: 'MUG: insufficient_stock' }, ['pending']),
  apply('reservation expired', { type: 'reservation_expired' }, ['pending']),
  apply('never reserved', { type: 'never_reserved' }, ['pending']),
  apply('payment captured', { type: 'payment_captured' }, ['reserved', 'cancelling']),
  apply('payment declined', { type: 'payment_declined', reason: 'declined' }, ['reserved', 'cancelling']),
  apply('payment voided', { type: 'payment_voided' }, ['reserved', 'cancelling']),
  {
    ...{
      name: 'cancelled by the customer',
      input: 'cancel_requested',
      route: 'cancelOrder',
      states: [...open, 'confirmed'],
    },
    run: async (ctx, id) => cancelOrder(ctx, await actorFor(ctx, undefined, await withToken(ctx, id)), id),
  },
  {
    ...{ name: 'claimed by an account', route: 'claimOrder', states },
    run: async (ctx, id) => {
      const { token } = await withToken(ctx, id);
      return claimOrder(ctx, { ...customer, email: GUEST }, { orderId: id, token });
    },
  },
  cancel('cancelled by an operator', admin),
  send('parcel of one unit', mugSeller, { lines: [{ sku: 'MUG', quantity: 1 }] }),
  send('parcel of all units', admin, {}),
  refund('refund of one unit', mugSeller, { lines: [{ sku: 'MUG', quantity: 1 }] }),
  refund('refund of a line', teaSeller, {}),
  refund('refund of an amount', admin, { amount: 500 }),
  refund('refund of all', admin, {}),
  {
    ...{ name: 'delivered', input: 'delivered', route: 'deliverOrder', states: ['fulfilled'] },
    run: (ctx, id) => deliverOrder(ctx, admin, id),
  },
];

/** Compiles only while every input of the state machine has its place in the table. */
export const covered: Record<OrderInput['type'], boolean> = {
  stock_reserved: has('stock_reserved'),
  stock_rejected: has('stock_rejected'),
  reservation_expired: has('reservation_expired'),
  never_reserved: has('never_reserved'),
  payment_captured: has('payment_captured'),
  payment_declined: has('payment_declined'),
  payment_voided: has('payment_voided'),
  cancel_requested: has('cancel_requested'),
  lines_fulfilled: has('lines_fulfilled'),
  delivered: has('delivered'),
  refund_booked: has('refund_booked'),
};

function has(type: OrderInput['type']): boolean {
  return operations.some(({ input }) => input === type);
}

/** Brings a new order into the state. */
export async function bringTo(ctx: Context, orderId: string, state: State): Promise<void> {
  const apply = (input: OrderInput) => ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId, input }]));
  if (state === 'pending') return;
  await apply({ type: 'stock_reserved' });
  if (state === 'cancelling') await apply({ type: 'cancel_requested', by: 'customer' });
  if (open.includes(state)) return;
  await apply({ type: 'payment_captured' });
  if (state === 'partly sent')
    await fulfilOrder(ctx, mugSeller, orderId, uuidv7(), { lines: [{ sku: 'MUG', quantity: 1 }] });
  if (state === 'fulfilled') await fulfilOrder(ctx, admin, orderId, uuidv7(), {});
}
