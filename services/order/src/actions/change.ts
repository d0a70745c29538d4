import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Order } from '../domain/order.ts';
import type { OrderInput } from '../domain/order-input.ts';
import type { WantedLine } from '../domain/pricing.ts';
import type { Fulfilment } from '../store/fulfilments.ts';
import type { GoodsReturn } from '../store/returns.ts';

/** An input of an order, with what its timeline and its events need beside it. */
export type Change = {
  orderId: string;
  input: OrderInput;
  fulfilment?: Fulfilment;
  refund?: { id: string; amount: number; reason: string; withdrawn: WantedLine[] };
  /** `refunded`: minor units that are given back for it, 0 for none. */
  goodsReturn?: GoodsReturn & { refunded: number };
  /** The message that brought the input. */
  causedBy?: CloudEvent;
};

/** The trace to go on in: of the message, of the request, or else, for timers, the one in which the order was placed. */
export function traceOf(order: Order, { causedBy }: Change): string | undefined {
  return causedBy?.traceparent ?? currentTraceparent() ?? order.traceparent ?? undefined;
}
