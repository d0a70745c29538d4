/** What a customer has to do before an order is paid. */
export type PaymentAction =
  /** To open the page of a bank, for 3-D Secure or a payment there. */
  | { type: 'redirect'; redirectUrl: string }
  /** To go on in the provider's form in the shop's page. */
  | { type: 'client_secret'; clientSecret: string; publishableKey: string }
  /** To pay by a transfer; an operator confirms it. */
  | { type: 'bank_transfer'; reference: string; instructions: string };

/**
 * The key of a try to pay an order. The first one is the order's id (docs/adr/0008-order-id-as-the-payments-idempotency-key.md), since
 * most orders are paid at the first.
 */
export const paymentKey = (orderId: string, paymentTry: number): string =>
  paymentTry === 1 ? orderId : `${orderId}:${paymentTry}`;

/** The order and the number of the try that a key is of; null for anything else. */
export function parsePaymentKey(key: string): { orderId: string; paymentTry: number } | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::([2-9]|[1-9]\d{1,2}))?$/.exec(key);
  const [, orderId, number] = match ?? [];
  return orderId === undefined ? null : { orderId, paymentTry: number === undefined ? 1 : Number(number) };
}

/** What an order starts with: the first try to pay it, of which nothing is known. */
export const firstTry = {
  ...{ paymentTry: 1, paymentAttempts: 0, paymentReference: null, paymentAction: null, paymentProblem: null },
  ...{ captureRequested: false, sendsFirst: false },
};
