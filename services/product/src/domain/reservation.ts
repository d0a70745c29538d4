import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData } from '@tradepost/contracts/events';
import type { Money } from '@tradepost/contracts/money';

/** What `order` says about an order, as far as its stock goes. */
export type OrderEvent = CloudEvent<
  'order.placed.v1' | 'order.confirmed.v1' | 'order.cancelled.v1' | 'order.refunded.v1' | 'order.returned.v1'
>;

export type ReservedLine = {
  sku: string;
  quantity: number;
  /** Of what was sold: what came back on sale. */
  returned: number;
};

export type RejectedLine = EventData<'stock.rejected.v1'>['lines'][number];

export type Reservation = {
  orderId: string;
  status: 'held' | 'sold' | 'released' | 'rejected';
  /** One per SKU. */
  lines: ReservedLine[];
  rejection: RejectedLine[] | null;
  /** The refunds and returns whose goods are on sale again. */
  refunds: string[];
  expiresAt: Date | null;
  cancelledAt: Date | null;
};

/** One SKU, as it stands in its locked row. */
export type StockLevel = {
  onHand: number;
  reserved: number;
  forSale: boolean;
  /** Since when its seller may not sell; null while they may. Orders that were accepted before are honoured. */
  suspendedSince: Date | null;
  price: Money;
};

/** What is added to the figures of one SKU; negative to take away. */
export type StockDelta = { onHand: number; reserved: number; sold: number };

export type ReplyType = 'stock.reserved.v1' | 'stock.rejected.v1' | 'stock.released.v1';

/** An event for `order`, and the event of `order` that caused it. */
export type StockReply = { [T in ReplyType]: { type: T; data: EventData<T>; cause: OrderEvent } }[ReplyType];

/** Units of a SKU that left for an order, or came back from it. */
export type OrderMovement = {
  sku: string;
  orderId: string;
  /** What was added to what is on hand: below 0 for a sale, above it for what came back. */
  delta: number;
  /** What it came to. */
  onHand: number;
};

export type Decision = {
  /** As they are from now on; those that did not change are left out. */
  reservations: Map<string, Reservation>;
  /** By SKU; those that come to nothing are left out. */
  deltas: Map<string, StockDelta>;
  /** What left and what came back, in order. */
  movements: OrderMovement[];
  /** The events for `order`, in their order. */
  answers: StockReply[];
};
