import type { IncomingHttpHeaders } from 'node:http';
import type { Money } from '@tradepost/contracts/money';
import type { PaymentAction } from '../domain/payment.ts';

/**
 * What `order` asks of a payment provider. Every call carries a key, and the same key never moves money twice, however often it is
 * asked. A call that throws, or takes too long, has an unknown outcome: it is asked again, never guessed.
 */
export type PaymentProvider = {
  name: string;
  /** How long an order may wait for its payment, in milliseconds; the setting PAYMENT_DEADLINE_MS where it is absent. */
  deadlineMs?: number;
  /** Why a token cannot be one of this provider's, or null. Looks at its form only: no call, no payment. */
  tokenProblem(token: string): string | null;
  /** Starts a payment: takes or authorises the money, or tells what the shopper has to do for it. */
  initiate(request: NewPayment, signal: AbortSignal): Promise<PaymentOutcome>;
  /** Where a payment stands that was started: what the shopper has done meanwhile counts. */
  authorize(payment: StartedPayment, signal: AbortSignal): Promise<PaymentOutcome>;
  /** Takes money that was authorised, all of it; of a payment that an operator confirms, that it was paid. */
  capture(payment: StartedPayment, signal: AbortSignal): Promise<PaymentOutcome>;
  /** Promises that nothing will be taken under this key any more, or says that it was taken already. */
  cancel(payment: StartedPayment, signal: AbortSignal): Promise<PaymentOutcome>;
  /** Gives back a part of what was taken. */
  refund(request: RefundRequest, signal: AbortSignal): Promise<void>;
  /** Every refund in a currency must be a multiple of so many minor units. Absent: any amount can be given back. */
  refundStep?(currency: string): number;
  /** What the provider's books say of a payment, for the comparison with the ledger. Absent: nobody can be asked. */
  readTotals?(payment: StartedPayment, signal: AbortSignal): Promise<PaymentTotals>;
  /**
   * The messages in the body of a webhook, once its signature and its time were checked. Throws `WebhookError` for a body that
   * the provider did not sign, and for one that is too old.
   */
  parseWebhook?(rawBody: Buffer, headers: IncomingHttpHeaders): PaymentMessage[] | Promise<PaymentMessage[]>;
};

/** A payment that may have been started: each try to pay an order has a key of its own. */
export type StartedPayment = {
  key: string;
  /** The provider's own name of the payment, as an outcome told it; null before that. */
  reference: string | null;
  amount: Money;
};

export type NewPayment = StartedPayment & {
  /** The means of payment, as the shopper's browser has it from the provider. */
  token: string;
  /** `when_sent`: the money is only to be authorised; it is taken when the goods are sent. */
  capture: 'at_once' | 'when_sent';
  orderId: string;
  /** For the shopper's statement of account, as in `T-10023456`. */
  orderNumber: string;
};

export type RefundRequest = { key: string; payment: StartedPayment; amount: Money };

/**
 * What a provider answers. `reference` is the provider's own name of the payment. `unknown`: it cannot tell yet, as for a direct
 * debit that is under way; it is asked again.
 */
export type PaymentOutcome =
  | { status: 'captured'; reference?: string }
  /** `sendsFirst`: the goods may be sent before the money is taken, as on invoice. */
  | { status: 'authorized'; reference?: string; sendsFirst?: boolean }
  | { status: 'requires_action'; action: PaymentAction; reference?: string }
  /** Final for this key. `reason` is a code for the customer, such as `payment_declined`. */
  | { status: 'declined'; reason: string }
  /** Nothing was taken, and nothing will be. */
  | { status: 'voided' }
  | { status: 'unknown' };

/** What a provider has taken and given back under one key, in minor units of its currency. */
export type PaymentTotals = { captured: number; refunded: number; fee: number };

/** A message of a provider about one payment. */
export type PaymentMessage = {
  /** The provider's id of the message: the same id is handled once. */
  id: string;
  /** Of the payment; null where the message has its `reference` only, as Stripe's messages about disputes. */
  key: string | null;
  /** The provider's own name of the payment, as an outcome told it. */
  reference?: string;
  content: PaymentOutcome | LedgerMessage;
};

/** What happened to money after it was taken, in minor units of the payment's currency. */
export type LedgerMessage =
  /** What the provider keeps for its service. */
  | { status: 'fee'; amount: number }
  /** The shopper's bank took the money back for now, and how it ended. */
  | { status: 'dispute_opened' | 'dispute_won' | 'dispute_lost'; amount: number; disputeId: string };

/** A webhook that is not from the provider, or too old. */
export class WebhookError extends Error {}

/** The providers that a deployment has, by name. */
export type PaymentProviders = ReadonlyMap<string, PaymentProvider>;
