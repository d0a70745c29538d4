import { lineTotal } from '../domain/line-worth.ts';
import type { Order, OrderDetails, OrderLine } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { refundShares } from '../domain/refund-shares.ts';
import type { Fulfilment } from '../store/fulfilments.ts';
import type { Refund } from '../store/refunds.ts';
import type { GoodsReturn } from '../store/returns.ts';
import type { TimelineEntry } from '../store/timeline.ts';
import { type Actor, scopeOf } from './access.ts';
import { visibleReason } from './visible-reason.ts';

/** An order as an actor may see it. */
export type VisibleOrder = Order & {
  /** True of what a seller is shown: who bought it, and how it is paid for, are no business of theirs. */
  isSellersPart?: true;
};

/** A refund as an actor may see it; `reason` is null where it is not for them. */
export type VisibleRefund = Omit<Refund, 'reason'> & { reason: string | null };

/** An order with what belongs to it. `refunds` are all that it has, oldest first. */
export type OrderRecords = {
  order: Order;
  refunds: readonly Refund[];
  fulfilments?: readonly Fulfilment[];
  returns?: readonly GoodsReturn[];
  /** From the first entry on. */
  timeline?: readonly TimelineEntry[];
};

/** The same, as far as an actor may see it. */
export type VisibleRecords = {
  order: VisibleOrder;
  refunds: VisibleRefund[];
  fulfilments: Fulfilment[];
  returns: GoodsReturn[];
  timeline: TimelineEntry[];
};

/**
 * The part of an order that an actor may see. This is the one place that decides it, for every route. A seller sees:
 *
 * - their own lines, with totals, refunds, parcels, returns and timeline entries of these lines only;
 * - of the whole order its status, the address to send to, whether it is to be cancelled, and why it ended;
 * - the notes that are needed to pack it, but not who is billed: billing address, company and VAT id;
 * - neither the customer's account nor the payment provider, nor anything about lines of other sellers.
 */
export function visiblePart(records: OrderRecords, actor: Actor): VisibleRecords {
  const { order, refunds, fulfilments = [], returns = [], timeline = [] } = records;
  if (scopeOf(order, order.id, actor).scope === 'whole') {
    const whole = { fulfilments: [...fulfilments], returns: [...returns], timeline: [...timeline] };
    return { order, refunds: [...refunds], ...whole };
  }
  const part = partOf(records, actor.accountId);
  return {
    order: ownOrder(part),
    refunds: refunds.flatMap((refund) => ownRefund(part, refund) ?? []),
    fulfilments: withOwnLines(part, fulfilments),
    returns: withOwnLines(part, returns),
    timeline: timeline.flatMap((entry, at) => ownEntry(part, entry, timeline[at - 1]) ?? []),
  };
}

/** What a seller's view of an order is made from. */
type Part = OrderRecords & {
  lines: OrderLine[];
  /** Whether all lines of the order are theirs. */
  isAll: boolean;
  ownLines(lines: readonly WantedLine[]): WantedLine[];
  /** What a refund gives back of their lines, in minor units. */
  shareOf(refund: Refund): number;
};

function partOf(records: OrderRecords, sellerId: string): Part {
  const { order, refunds } = records;
  const lines = order.lines.filter((line) => line.sellerId === sellerId);
  const skus = new Set(lines.map(({ sku }) => sku));
  const shares = refundShares(order, refunds);
  return {
    ...records,
    lines,
    isAll: lines.length === order.lines.length,
    ownLines: (named) => named.filter(({ sku }) => skus.has(sku)),
    shareOf: ({ id }) => sum([...(shares.get(id) ?? [])].map(([sku, amount]) => (skus.has(sku) ? amount : 0))),
  };
}

/** Those with lines of the seller, with these alone. */
const withOwnLines = <T extends { lines: WantedLine[] }>({ ownLines }: Part, records: readonly T[]): T[] =>
  records.map((record) => ({ ...record, lines: ownLines(record.lines) })).filter(({ lines }) => lines.length > 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function ownOrder({ order, lines, refunds, shareOf }: Part): VisibleOrder {
  const total = sum(lines.map((line) => lineTotal(order, line)));
  const skus = new Set(lines.map(({ sku }) => sku));
  const refunded = sum(refunds.map(shareOf));
  // Once all money of the order went back, nothing of the part is left to refund either.
  const captured = order.captured === 0 ? 0 : order.refunded === order.captured ? refunded : total;
  return {
    ...order,
    lines,
    total: { ...order.total, amount: total },
    guestEmail: null,
    details: packingNotes(order.details),
    // Shipping is paid to the shop.
    shipping: null,
    adjustments: order.adjustments.filter(({ sku }) => sku !== null && skus.has(sku)),
    captured,
    refunded,
    reason: visibleReason(order.reason, lines),
    isSellersPart: true,
  };
}

/** Only what is named here is passed on. */
const packingNotes = ({ note, giftNote }: OrderDetails): OrderDetails => ({
  ...(note !== undefined && { note }),
  ...(giftNote !== undefined && { giftNote }),
});

function ownRefund(part: Part, refund: Refund): VisibleRefund | undefined {
  const lines = part.ownLines(refund.lines);
  const amount = part.shareOf(refund);
  if (amount === 0 && lines.length === 0) return undefined;
  // The reason of a refund that names none of their lines was written about the order as a whole.
  return { ...refund, lines, amount, reason: part.isAll || lines.length > 0 ? refund.reason : null };
}

/**
 * An entry of the timeline as far as it is about the seller's lines. One that is about others' lines alone is left out; where it has
 * changed the status of the order, it stays without its data. Only what is named here is passed on.
 */
function ownEntry(part: Part, entry: TimelineEntry, before: TimelineEntry | undefined): TimelineEntry | undefined {
  const refund = refundOfEntry(part, entry);
  const own = refund && ownRefund(part, refund);
  const lines = linesOfEntry(entry);
  const ownLines = part.ownLines(lines);
  const isOfLines = entry.type === 'lines_fulfilled' || entry.type === 'goods_returned';
  const isOthers = isOfLines ? ownLines.length === 0 : entry.type === 'refund_booked' && !own;
  if (isOthers) return entry.status === before?.status ? undefined : { ...entry, data: {} };
  const { reason, carrier, trackingNumber, restock, returnReason, returnId } = entry.data;
  const seenReason = typeof reason === 'string' ? visibleReason(reason, part.lines) : null;
  return {
    ...entry,
    data: {
      ...(seenReason !== null && { reason: seenReason }),
      ...(own && { refund: { amount: own.amount, currency: part.order.total.currency }, refundId: own.id }),
      ...(own && own.reason !== null && entry.type === 'refund_booked' && { refundReason: own.reason }),
      ...(ownLines.length > 0 && { lines: ownLines }),
      ...(ownLines.length > 0 && entry.type === 'lines_fulfilled' && { carrier, trackingNumber }),
      ...(ownLines.length > 0 && entry.type === 'goods_returned' && { restock, returnReason, returnId }),
    },
  };
}

/** The refund that an entry tells of. A cancellation books its refund in the very moment of the entry. */
function refundOfEntry({ refunds }: Part, { data, at, type }: TimelineEntry): Refund | undefined {
  if (type === 'refund_booked') return refunds.find(({ id }) => id === data.refundId);
  if (data.refund === undefined) return undefined;
  return refunds.find(({ lines, createdAt }) => lines.length === 0 && createdAt.getTime() === at.getTime());
}

const linesOfEntry = ({ data }: TimelineEntry): WantedLine[] =>
  // as: the entry of a fulfilment has the lines that were sent, that of a return those that came back.
  Array.isArray(data.lines) ? (data.lines as WantedLine[]) : [];
