import type { PaymentProvider, PaymentProviders } from './provider.ts';

/**
 * The providers that new orders may name: those of `names`, which are separated by commas. The others of `known` go on with
 * their payments and refunds. Throws for a name that is not known, so that the service does not start.
 */
export function offeredProviders(names: string, known: PaymentProviders): PaymentProviders {
  const offered = new Map<string, PaymentProvider>();
  for (const name of names.split(',')) {
    const provider = known.get(name);
    if (!provider) {
      throw new Error(`PAYMENT_PROVIDERS has “${name}”; there are: ${[...known.keys()].join(', ')}`);
    }
    offered.set(name, provider);
  }
  return offered;
}
