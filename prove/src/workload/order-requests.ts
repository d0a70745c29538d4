import { randomUUID } from 'node:crypto';
import type { ClientRequest, Exchange } from './client.ts';
import type { Seller } from './fixtures.ts';
import type { OrderAction } from './request-log.ts';
import {
  type Customer,
  type Line,
  type PlacedOrder,
  pathForCustomer,
  refusedIfBanned,
  type Workload,
} from './workload.ts';

const keyed = () => ({ 'idempotency-key': randomUUID() });

/** A seller sends a parcel: these lines, or all that is left of theirs. */
export async function send(
  o: Workload,
  { orderId }: PlacedOrder,
  seller: Seller,
  lines: readonly Line[] | undefined,
): Promise<void> {
  await act(o, orderId, {
    ...{ kind: 'fulfil', by: seller, accepts: [201], path: `/api/v1/orders/${orderId}/fulfilments` },
    body: { carrier: 'Post', ...(lines ? { lines } : {}) },
  });
}

/** By a seller, or by an operator. */
export async function refund(
  o: Workload,
  { orderId }: PlacedOrder,
  r: { by: Seller | undefined; body: object },
): Promise<void> {
  await act(o, orderId, {
    kind: 'refund',
    by: r.by,
    accepts: [201],
    path: `/api/v1/orders/${orderId}/refunds`,
    body: r.body,
  });
}

/** Goods came back. By a seller, or by an operator. */
export async function takeBack(
  o: Workload,
  { orderId }: PlacedOrder,
  r: { by: Seller | undefined; body: object },
): Promise<void> {
  await act(o, orderId, {
    ...{ kind: 'return', by: r.by, accepts: [201], path: `/api/v1/orders/${orderId}/returns`, body: r.body },
  });
}

/** A seller, or an operator, says that the order has arrived. */
export async function deliver(o: Workload, { orderId }: PlacedOrder, by: Seller | undefined): Promise<void> {
  await act(o, orderId, { kind: 'deliver', by, accepts: [200], path: `/api/v1/orders/${orderId}/deliver` });
}

type OrderRequest = {
  kind: OrderAction['kind'];
  path: string;
  /** A seller, the customer, or an operator. */
  by: Seller | Customer | undefined;
  accepts: readonly number[];
  body?: object;
};

/** The customer cancels; true once the order is cancelled. */
export async function cancel(o: Workload, placed: PlacedOrder): Promise<boolean> {
  const path = pathForCustomer(placed, '/cancel');
  return (await act(o, placed.orderId, { kind: 'cancel', by: placed.customer, accepts: [200], path })) === 'cancelled';
}

/** The customer pays by another means. */
export async function pay(o: Workload, placed: PlacedOrder, token: string): Promise<void> {
  await o.client(placed.customer.account, {
    ...{ kind: 'pay', method: 'POST', path: pathForCustomer(placed, '/payments'), accepts: [200], refusals: [409] },
    body: { provider: 'sandbox', token },
  });
}

/** The customer has come back from the page of the bank. */
export async function checkPayment(o: Workload, placed: PlacedOrder): Promise<void> {
  const path = pathForCustomer(placed, '/payments/check');
  await o.client(placed.customer.account, { kind: 'pay', method: 'POST', path, accepts: [200] });
}

/** The customer answers what the bank asks. */
export async function answerBank(o: Workload, redirectUrl: string, approve: boolean): Promise<void> {
  const path = `/api/v1/payments/sandbox/challenges/${redirectUrl.split('/').at(-1)}`;
  await o.client(undefined, { kind: 'challenge', method: 'POST', path, body: { approve }, accepts: [200] });
}

/** An operator takes the money of an order that was authorised. */
export async function capture(o: Workload, { orderId }: PlacedOrder): Promise<void> {
  const path = `/api/v1/orders/${orderId}/captures`;
  await o.client(o.fixtures.admin, { kind: 'capture', method: 'POST', path, accepts: [200], refusals: [409] });
}

/** Sends a request about an order logs what came of it, and answers the status that it was answered. Refused is what another request, or the order's state, forbids. */
async function act(
  o: Workload,
  orderId: string,
  { kind, by, accepts, path, body }: OrderRequest,
): Promise<string | undefined> {
  const isSeller = by !== undefined && 'session' in by;
  const who = isSeller ? by.session : by ? by.account : o.fixtures.admin;
  const request: ClientRequest = {
    ...{ kind, method: 'POST', path, accepts, refusals: [409, 422] },
    ...(body ? { body, headers: keyed() } : {}),
    isExpectedProblem: isSeller ? refusedIfBanned(by) : undefined,
  };
  const { answer, ...action }: Exchange = await o.client(who, request);
  const isDone = action.outcome === 'acknowledged' && answer !== undefined;
  o.requestLog.orderActions.push({
    ...{ ...action, orderId, kind },
    ...(isDone && body ? { madeId: String(answer.body.id) } : {}),
    ...(isDone && !body ? { status: String(answer.body.status) } : {}),
  });
  return isDone ? String(answer.body.status) : undefined;
}
