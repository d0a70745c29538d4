import { randomUUID } from 'node:crypto';
import type { ClientRequest, Exchange } from './client.ts';
import type { Seller } from './fixtures.ts';
import type { OrderAction } from './request-log.ts';
import {
  type Customer,
  type Line,
  type PlacedOrder,
  pathForCustomer,
  turnedAwayIfBanned,
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

/** The customer cancels. */
export async function cancel(o: Workload, placed: PlacedOrder): Promise<void> {
  const path = pathForCustomer(placed, '/cancel');
  await act(o, placed.orderId, { kind: 'cancel', by: placed.customer, accepts: [200], path });
}

/** Sends a request about an order and logs what came of it. Refused is what another request, or the order's state, forbids. */
async function act(o: Workload, orderId: string, { kind, by, accepts, path, body }: OrderRequest): Promise<void> {
  const isSeller = by !== undefined && 'session' in by;
  const who = isSeller ? by.session : by ? by.account : o.fixtures.admin;
  const request: ClientRequest = {
    ...{ kind, method: 'POST', path, accepts, refusals: [409, 422] },
    ...(body ? { body, headers: keyed() } : {}),
    isRefusal: isSeller ? turnedAwayIfBanned(by) : undefined,
  };
  const { answer, ...action }: Exchange = await o.client(who, request);
  const isDone = action.outcome === 'acknowledged' && answer !== undefined;
  o.requestLog.orderActions.push({
    ...{ ...action, orderId, kind },
    ...(isDone && body ? { madeId: String(answer.body.id) } : {}),
    ...(isDone && !body ? { status: String(answer.body.status) } : {}),
  });
}
