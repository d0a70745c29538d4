import type { Decision, OrderEvent } from './reservation.ts';
import type { Facts, Ledger } from './reservation-ledger.ts';
import { reserveStock } from './reserve-stock.ts';
import { cancelReservation, confirmReservation, restockRefund, restockReturn } from './settle-reservation.ts';

/**
 * Decides about a batch of events, one after the other, from what is stored. Whatever comes twice, late or in another
 * order ends where it would have ended in order: all of an order's lines are held or none, nothing is held that there
 * is not, and what is given back is given back once. Throws for what no order of events explains.
 */
export function decideReservations(events: readonly OrderEvent[], facts: Facts): Decision {
  const decision: Decision = { reservations: new Map(), deltas: new Map(), movements: [], answers: [] };
  for (const event of events) applyEvent({ ...facts, decision, event });
  for (const [sku, delta] of decision.deltas) {
    if (delta.onHand === 0 && delta.reserved === 0 && delta.sold === 0) decision.deltas.delete(sku);
  }
  return decision;
}

function applyEvent(ledger: Ledger): void {
  const { event } = ledger;
  if (event.type === 'order.placed.v1') reserveStock(ledger, event.data);
  else if (event.type === 'order.confirmed.v1') confirmReservation(ledger, event);
  else if (event.type === 'order.cancelled.v1') cancelReservation(ledger, event);
  else if (event.type === 'order.refunded.v1') restockRefund(ledger, event.data);
  else restockReturn(ledger, event.data);
}
