import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData } from '@tradepost/contracts/events';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Reservation } from './reservation.ts';
import { answerReleased, type Ledger, moveStock, reservationOf } from './reservation-ledger.ts';

/** `order.confirmed`: sells what is held. */
export function confirmReservation(ledger: Ledger, event: CloudEvent<'order.confirmed.v1'>): void {
  const { orderId } = event.data;
  const reservation = reservationOf(ledger, orderId);
  if (reservation?.status === 'held') {
    sell(ledger, reservation);
    return;
  }
  if (reservation?.status === 'sold') return;
  // A confirmation from before the cancellation that was handled first.
  const cancelledAt = reservation?.status === 'released' ? reservation.cancelledAt : null;
  if (cancelledAt && cancelledAt.getTime() >= Date.parse(event.time)) return;
  throw new ProblemError(
    'conflict',
    `Order ${orderId} is confirmed, but nothing is held for it (${reservation?.status ?? 'never reserved'})`,
  );
}

function sell(ledger: Ledger, reservation: Reservation): void {
  const { orderId, lines } = reservation;
  for (const { sku, quantity } of lines)
    moveStock(ledger, sku, { onHand: -quantity, reserved: -quantity, sold: quantity });
  ledger.decision.reservations.set(orderId, { ...reservation, status: 'sold' });
}

/** `order.cancelled`: gives back what is held, or what was sold. */
export function cancelReservation(ledger: Ledger, event: CloudEvent<'order.cancelled.v1'>): void {
  const { orderId } = event.data;
  const cancelledAt = new Date(event.time);
  const reservation = reservationOf(ledger, orderId);
  if (!reservation) {
    // Ahead of order.placed, which is to find that there is nothing to hold any more.
    const tombstone: Reservation = {
      orderId,
      status: 'released',
      lines: [],
      rejection: null,
      refunds: [],
      expiresAt: null,
      cancelledAt,
    };
    ledger.decision.reservations.set(orderId, tombstone);
    return;
  }
  const { status, lines } = reservation;
  if (status === 'rejected') return;
  const latest =
    reservation.cancelledAt && reservation.cancelledAt > cancelledAt ? reservation.cancelledAt : cancelledAt;
  const back = status === 'released' ? [] : lines.filter((line) => line.quantity > line.returned);
  for (const { sku, quantity, returned } of back) {
    if (status === 'held') moveStock(ledger, sku, { reserved: -quantity });
    else moveStock(ledger, sku, { onHand: quantity - returned, sold: returned - quantity });
  }
  const all = status === 'sold' ? lines.map((line) => ({ ...line, returned: line.quantity })) : lines;
  ledger.decision.reservations.set(orderId, { ...reservation, status: 'released', lines: all, cancelledAt: latest });
  answerReleased(
    ledger,
    orderId,
    back.map(({ sku, quantity, returned }) => ({ sku, quantity: quantity - returned })),
  );
}

/** `order.refunded`: puts back on sale what was not sent and never will be. */
export const restockRefund = (ledger: Ledger, { orderId, refundId, restock }: EventData<'order.refunded.v1'>): void =>
  restockOnce(ledger, { orderId, cause: refundId, wanted: restock });

/** `order.returned`: puts back on sale what came back. */
export function restockReturn(
  ledger: Ledger,
  { orderId, returnId, restock, lines }: EventData<'order.returned.v1'>,
): void {
  if (restock) restockOnce(ledger, { orderId, cause: returnId, wanted: lines });
}

/** `cause`: the id of a refund or a return, which restocks once. */
function restockOnce(
  ledger: Ledger,
  { orderId, cause, wanted }: { orderId: string; cause: string; wanted: { sku: string; quantity: number }[] },
): void {
  if (wanted.length === 0) return;
  const before = reservationOf(ledger, orderId);
  if (!before)
    throw new ProblemError(
      'conflict',
      `Goods of order ${orderId} go back on sale, but nothing was ever reserved for it`,
    );
  // Only what was sold is refunded or returned: this is ahead of order.confirmed, which will find it sold.
  if (before.status === 'held') sell(ledger, before);
  const reservation = reservationOf(ledger, orderId);
  if (reservation?.status !== 'sold' || reservation.refunds.includes(cause)) return;
  const back: { sku: string; quantity: number }[] = [];
  const lines = reservation.lines.map((line) => {
    const asked = wanted.reduce((sum, { sku, quantity }) => (sku === line.sku ? sum + quantity : sum), 0);
    // Never more than was sold, whatever comes back in how many parts.
    const quantity = Math.min(asked, line.quantity - line.returned);
    if (quantity === 0) return line;
    moveStock(ledger, line.sku, { onHand: quantity, sold: -quantity });
    back.push({ sku: line.sku, quantity });
    return { ...line, returned: line.returned + quantity };
  });
  ledger.decision.reservations.set(orderId, { ...reservation, lines, refunds: [...reservation.refunds, cause] });
  answerReleased(ledger, orderId, back);
}
