import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Actor } from '../../src/actions/access.ts';
import { applyTransitions } from '../../src/actions/apply-transitions.ts';
import { cancelOrder } from '../../src/actions/cancel-order.ts';
import { captureOrder } from '../../src/actions/capture-order.ts';
import type { Context } from '../../src/actions/context.ts';
import { deliverOrder, type FulfilOrder, fulfilOrder } from '../../src/actions/fulfil-order.ts';
import { actorFor, claimOrder } from '../../src/actions/guests.ts';
import { checkPayment, type PayContext, payOrder } from '../../src/actions/pay-order.ts';
import { type RefundOrder, refundOrder } from '../../src/actions/refund-order.ts';
import { type ReturnGoods, returnGoods } from '../../src/actions/return-goods.ts';
import { orderToken } from '../../src/domain/guest.ts';
import type { OrderInput } from '../../src/domain/order-input.ts';
import type { PaymentAction } from '../../src/domain/payment.ts';

/** Who places the orders. */
export const GUEST = 'ada@example.com';

export const customer: Actor = { accountId: uuidv7(), role: 'customer' };
export const mugSeller: Actor = { accountId: uuidv7(), role: 'seller' };
export const teaSeller: Actor = { accountId: uuidv7(), role: 'seller' };
const admin: Actor = { accountId: uuidv7(), role: 'admin', isOperator: true };

/** The states that an order of 3 MUG (of one seller) and 1 TEA (of another) is in when two operations meet on it. */
export const states = [
  ...(['pending', 'reserved', 'cancelling', 'awaiting action', 'awaiting transfer', 'declined'] as const),
  ...(['authorized', 'capturing', 'on invoice', 'on invoice, partly sent'] as const),
  ...(['confirmed', 'partly sent', 'fulfilled'] as const),
];
export type State = (typeof states)[number];

const asked: readonly State[] = ['reserved', 'cancelling', 'awaiting action', 'awaiting transfer', 'declined'];
const authorized: readonly State[] = ['authorized', 'capturing', 'on invoice', 'on invoice, partly sent'];
const open: readonly State[] = ['pending', ...asked];
const paid: readonly State[] = ['confirmed', 'partly sent', 'fulfilled'];

const awaiting: readonly State[] = ['awaiting action', 'awaiting transfer', 'declined'];

const challenge: PaymentAction = { type: 'redirect', redirectUrl: '/sandbox/payments/1' };
const transfer: PaymentAction = { type: 'bank_transfer', reference: 'T-10000001', instructions: 'DE02 …' };

const parcel = (request: FulfilOrder) => ({ key: uuidv7(), request, captureSeconds: 0 });

export type OrderOperation = {
  name: string;
  /** The input of the state machine that it makes; none for what does not change the state. */
  input?: OrderInput['type'];
  /** The route that does it, by its `operationId`; none for messages, payments and timers. */
  route?: string;
  /** The states in which it can do something. */
  states: readonly State[];
  run(ctx: PayContext, orderId: string): Promise<unknown>;
};

const apply = (name: string, input: OrderInput, states: readonly State[]): OrderOperation => ({
  ...{ name, input: input.type, states },
  run: (ctx, orderId) => ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId, input }])),
});

const send = (name: string, actor: Actor, request: FulfilOrder): OrderOperation => ({
  ...{ name, input: 'lines_fulfilled', route: 'fulfilOrder', states: [...authorized, 'confirmed', 'partly sent'] },
  run: (ctx, id) => fulfilOrder(ctx, actor, id, parcel(request)),
});

const refund = (name: string, actor: Actor, request: Omit<RefundOrder, 'reason'>): OrderOperation => ({
  ...{ name, input: 'refund_booked', route: 'refundOrder', states: paid },
  run: (ctx, id) => refundOrder(ctx, actor, id, uuidv7(), { ...request, reason: 'test' }),
});

const takeBack = (name: string, actor: Actor, request: Omit<ReturnGoods, 'reason'>): OrderOperation => ({
  ...{ name, input: 'goods_returned', route: 'returnGoods' },
  states: ['on invoice, partly sent', 'partly sent', 'fulfilled'],
  run: (ctx, id) => returnGoods(ctx, actor, id, uuidv7(), { ...request, reason: 'test' }),
});

/** The order is a guest's; its token is used as the link would. */
const withToken = async (ctx: Context, id: string) => ({ id, token: orderToken(await ctx.guestSecret(), id) });

const cancel = (name: string, actor: Actor): OrderOperation => ({
  ...{ name, input: 'cancel_requested', route: 'cancelOrder', states: [...open, ...authorized, 'confirmed'] },
  run: (ctx, id) => cancelOrder(ctx, actor, id),
});

/** Everything that can change an order. A route or an input of the state machine that is missing here fails the test. */
export const operations: readonly OrderOperation[] = [
  apply('stock reserved', { type: 'stock_reserved' }, ['pending']),
  apply('stock rejected', { type: 'stock_rejected', reason: 'MUG: insufficient_stock' }, ['pending']),
  apply('reservation expired', { type: 'reservation_expired' }, ['pending']),
  apply('never reserved', { type: 'never_reserved' }, ['pending']),
  apply('payment captured', { type: 'payment_captured', paymentTry: 1 }, [...asked, ...authorized]),
  apply('payment declined', { type: 'payment_declined', paymentTry: 1, reason: 'declined' }, [...asked, ...authorized]),
  apply('payment voided', { type: 'payment_voided', paymentTry: 1 }, [...asked, ...authorized]),
  apply('payment authorized', { type: 'payment_authorized', paymentTry: 1 }, asked),
  apply('payment on invoice', { type: 'payment_authorized', paymentTry: 1, sendsFirst: true }, asked),
  apply('payment needs the customer', { type: 'payment_requires_action', paymentTry: 1, action: challenge }, [
    'reserved',
  ]),
  {
    ...{ name: 'paid by another means', input: 'payment_retried', route: 'payOrder', states: awaiting },
    run: (ctx, id) => payOrder(ctx, admin, id, { provider: 'sandbox', token: 'ok' }),
  },
  {
    ...{ name: 'payment asked about', route: 'checkPayment', states: ['awaiting action'] },
    run: (ctx, id) => checkPayment(ctx, admin, id),
  },
  {
    ...{ name: 'money asked for', input: 'capture_requested', route: 'captureOrder' },
    states: ['awaiting transfer', 'authorized', 'on invoice', 'on invoice, partly sent'],
    run: (ctx, id) => captureOrder(ctx, admin, id),
  },
  {
    ...{
      name: 'cancelled by the customer',
      input: 'cancel_requested',
      route: 'cancelOrder',
      states: [...open, ...authorized, 'confirmed'],
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
  takeBack('return of one unit', mugSeller, { lines: [{ sku: 'MUG', quantity: 1 }] }),
  takeBack('return of all that was sent, with its money', admin, { refund: true }),
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
  payment_authorized: has('payment_authorized'),
  payment_requires_action: has('payment_requires_action'),
  payment_retried: has('payment_retried'),
  capture_requested: has('capture_requested'),
  cancel_requested: has('cancel_requested'),
  lines_fulfilled: has('lines_fulfilled'),
  delivered: has('delivered'),
  goods_returned: has('goods_returned'),
  refund_booked: has('refund_booked'),
};

function has(type: OrderInput['type']): boolean {
  return operations.some(({ input }) => input === type);
}

/** Brings a new order into the state. */
export async function bringTo(ctx: Context, orderId: string, state: State): Promise<void> {
  for (const input of waysTo[state]) {
    await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId, input }]));
  }
  if (state.endsWith('partly sent')) {
    await fulfilOrder(ctx, mugSeller, orderId, parcel({ lines: [{ sku: 'MUG', quantity: 1 }] }));
  }
  if (state === 'fulfilled') await fulfilOrder(ctx, admin, orderId, parcel({}));
}

const reserved: OrderInput = { type: 'stock_reserved' };
const paidInputs: OrderInput[] = [reserved, { type: 'payment_captured', paymentTry: 1 }];
const onInvoice: OrderInput[] = [reserved, { type: 'payment_authorized', paymentTry: 1, sendsFirst: true }];

/** What has happened to an order before it is in a state. */
const waysTo: Record<State, readonly OrderInput[]> = {
  pending: [],
  reserved: [reserved],
  cancelling: [reserved, { type: 'cancel_requested', by: 'customer' }],
  'awaiting action': [reserved, { type: 'payment_requires_action', paymentTry: 1, action: challenge }],
  'awaiting transfer': [reserved, { type: 'payment_requires_action', paymentTry: 1, action: transfer }],
  declined: [reserved, { type: 'payment_declined', paymentTry: 1, reason: 'payment_declined' }],
  authorized: [reserved, { type: 'payment_authorized', paymentTry: 1 }],
  capturing: [reserved, { type: 'payment_authorized', paymentTry: 1 }, { type: 'capture_requested' }],
  'on invoice': onInvoice,
  'on invoice, partly sent': onInvoice,
  confirmed: paidInputs,
  'partly sent': paidInputs,
  fulfilled: paidInputs,
};
