import type { PaymentOutcome, PaymentProvider } from './provider.ts';

/** How customers can pay without a provider in between. */
const methods = ['bank_transfer', 'invoice', 'on_delivery'] as const;

export type ManualOptions = {
  /** How long a transfer is waited for, in milliseconds. */
  deadlineMs: number;
  /** Where customers transfer to, as they are shown it. */
  instructions: string;
};

/**
 * Payments that an operator confirms. A transfer comes first, and then the goods are sent; on invoice and on delivery it is the other
 * way round. It keeps no books: what an operator says is so. A refund is made by hand.
 */
export function manualProvider({ deadlineMs, instructions }: ManualOptions): PaymentProvider {
  return {
    name: 'manual',
    deadlineMs,
    tokenProblem: (token) =>
      methods.some((method) => method === token) ? null : `\`manual\` knows ${methods.join(', ')}; this is another`,
    initiate: async ({ token, orderNumber }): Promise<PaymentOutcome> =>
      token === 'bank_transfer'
        ? {
            status: 'requires_action',
            action: { type: 'bank_transfer', reference: orderNumber, instructions },
            reference: token,
          }
        : { status: 'authorized', sendsFirst: true, reference: token },
    authorize: async () => ({ status: 'unknown' }),
    capture: async () => ({ status: 'captured' }),
    cancel: async () => ({ status: 'voided' }),
    refund: async () => undefined,
  };
}
