/** One way to pay: a payment provider, and the token that stands for the means of payment there. */
export type PaymentMeans = { provider: string; token: string; name: string; text: string };

/** What the order service takes as a payment. */
export type Payment = Pick<PaymentMeans, 'provider' | 'token'>;

const known: readonly PaymentMeans[] = [
  // The sandbox moves no money: each of its tokens is a way in which paying may go.
  { provider: 'sandbox', token: 'ok', name: 'A card that works', text: 'The payment is accepted at once.' },
  {
    provider: 'sandbox',
    token: 'declined',
    name: 'A card that is declined',
    text: 'The order is kept for a few minutes, and can be paid another way.',
  },
  {
    provider: 'sandbox',
    token: '3ds',
    name: 'A card that needs 3-D Secure',
    text: 'A test bank asks you to confirm the payment, on a page of its own.',
  },
  {
    provider: 'sandbox',
    token: 'processing',
    name: 'A payment that takes a while',
    text: 'The bank decides some seconds later, as with a direct debit.',
  },
  {
    provider: 'sandbox',
    token: 'timeout',
    name: 'A bank that answers late',
    text: 'It is asked again, and charged once. This takes some seconds.',
  },
  {
    provider: 'sandbox',
    token: 'flaky',
    name: 'A bank that fails at first',
    text: 'Whether it charged is not known, so it is asked again under the same key.',
  },
  {
    provider: 'stripe',
    token: 'payment_element',
    name: 'Card, wallet or bank',
    text: 'You enter the details on the next page, in a form of Stripe.',
  },
  {
    provider: 'manual',
    token: 'bank_transfer',
    name: 'Bank transfer',
    text: 'You get the bank details on the next page. The order is sent when your money has come.',
  },
  { provider: 'manual', token: 'invoice', name: 'On invoice', text: 'The order is sent first. You pay afterwards.' },
  {
    provider: 'manual',
    token: 'on_delivery',
    name: 'Cash on delivery',
    text: 'You pay when the order is handed over to you.',
  },
];

/** The ways to pay with these providers, in the order in which the shop names them. */
export const meansOf = (providers: readonly string[]): PaymentMeans[] =>
  providers.flatMap((provider) => known.filter((means) => means.provider === provider));

export const keyOfMeans = ({ provider, token }: Payment): string => `${provider} ${token}`;
