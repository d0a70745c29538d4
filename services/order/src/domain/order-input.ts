import type { WantedLine } from './pricing.ts';

/** What may happen to an order after it was placed. */
export type OrderInput =
  | { type: 'stock_reserved' }
  | { type: 'stock_rejected'; reason: string }
  | { type: 'reservation_expired' }
  | { type: 'payment_captured' }
  | { type: 'payment_declined'; reason: string }
  /** The provider promises that nothing was and nothing will be taken. */
  | { type: 'payment_voided' }
  | { type: 'cancel_requested'; by: 'customer' | 'operator' }
  | { type: 'never_reserved' }
  | { type: 'lines_fulfilled'; lines: readonly WantedLine[] }
  | { type: 'delivered' }
  /** `lines` are the units refunded, `withdrawn` those of them that were not sent yet and never will be. */
  | {
      type: 'refund_booked';
      amount: number;
      lines: readonly WantedLine[];
      withdrawn: readonly WantedLine[];
    };
