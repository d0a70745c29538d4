import type { PaymentAction } from './payment.ts';
import type { WantedLine } from './pricing.ts';

/** What may happen to an order after it was placed. */
export type OrderInput =
  | { type: 'stock_reserved' }
  | { type: 'stock_rejected'; reason: string }
  | { type: 'reservation_expired' }
  | PaymentInput
  /** The customer pays by another means. */
  | { type: 'payment_retried'; provider: string; token: string }
  | { type: 'capture_requested' }
  | { type: 'cancel_requested'; by: 'customer' | 'operator' }
  | { type: 'never_reserved' }
  | { type: 'lines_fulfilled'; lines: readonly WantedLine[] }
  | { type: 'delivered' }
  /** Units that were sent came back. */
  | { type: 'goods_returned'; lines: readonly WantedLine[] }
  /** `lines` are the units refunded, `withdrawn` those of them that were not sent yet and never will be. */
  | {
      type: 'refund_booked';
      amount: number;
      lines: readonly WantedLine[];
      withdrawn: readonly WantedLine[];
    };

/** What the provider tells of one try to pay. */
export type PaymentInput = { paymentTry: number } & (
  | { type: 'payment_captured'; reference?: string }
  | { type: 'payment_authorized'; reference?: string; sendsFirst?: boolean }
  | { type: 'payment_requires_action'; action: PaymentAction; reference?: string }
  | { type: 'payment_declined'; reason: string }
  /** The order is given up: the provider promises that nothing was and nothing will be taken. */
  | { type: 'payment_voided' }
);
