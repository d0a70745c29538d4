import type { Order } from '../domain/order.ts';
import type { OrderInput } from '../domain/order-input.ts';
import { paymentKey } from '../domain/payment.ts';
import type { PaymentOutcome, PaymentProvider, PaymentProviders, StartedPayment } from '../payments/provider.ts';

/** The provider of an order's payment. Throws where the deployment has it no more: the outcome is unknown then. */
export function providerOf(
  { providers }: { providers: PaymentProviders },
  { paymentProvider }: Pick<Order, 'paymentProvider'>,
): PaymentProvider {
  const provider = providers.get(paymentProvider);
  if (!provider) throw new Error(`The payment provider ${paymentProvider} is no longer configured`);
  return provider;
}

/** How a provider knows the last try to pay an order. */
export const startedPayment = (order: Omit<Order, 'lines'>): StartedPayment => ({
  key: paymentKey(order.id, order.paymentTry),
  reference: order.paymentReference,
  amount: order.total,
});

/** What a provider answered of a try, as an input of the order; null while it does not know. */
export function inputOf(outcome: PaymentOutcome, paymentTry: number): OrderInput | null {
  switch (outcome.status) {
    case 'captured':
      return { type: 'payment_captured', paymentTry, ...withReference(outcome) };
    case 'authorized':
      return {
        type: 'payment_authorized',
        paymentTry,
        sendsFirst: outcome.sendsFirst ?? false,
        ...withReference(outcome),
      };
    case 'requires_action':
      return { type: 'payment_requires_action', paymentTry, action: outcome.action, ...withReference(outcome) };
    case 'declined':
      return { type: 'payment_declined', paymentTry, reason: outcome.reason };
    case 'voided':
      return { type: 'payment_declined', paymentTry, reason: 'payment_cancelled' };
    case 'unknown':
      return null;
  }
}

const withReference = ({ reference }: { reference?: string }) => (reference === undefined ? {} : { reference });
